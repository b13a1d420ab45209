"""The monthly register, how an absence is judged, the signalling at four half-days."""

import io
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tenant_apps.attendance import registers
from tenant_apps.attendance.half_days import HalfDay
from tenant_apps.attendance.models import Mark, RollCall
from tenant_apps.people.models import Enrollment
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
MONTH = "2026-11"
DAYS = [date(2026, 11, day) for day in (16, 17, 19)]


@pytest.fixture(autouse=True)
def _at_the_end_of_november():
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=timezone.get_default_timezone()), tick=False):
        yield


def away(room, name, *half_days, **facts):
    for day, half in half_days:
        where = {"school_class": room.school_class, "day": day, "half": half}
        now = {"state": "validated", "validated_at": timezone.now()}
        roll, _is_new = RollCall.objects.get_or_create(**where, defaults=now)
        Mark.objects.create(roll_call=roll, pupil=room.pupils[name], kind="absent", **facts)


def mornings(count):
    return [HalfDay(day, half) for day in DAYS for half in ("am", "pm")][:count]


def page(name, *args):
    return reverse(f"attendance:{name}", args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def register(room):
    return registers.register_of(room.school_class, date(2026, 11, 1))


def test_the_register_counts_half_days_by_pupil(room):
    away(room, "Noé", *mornings(3))
    away(room, "Inès", *mornings(1), reason="child_illness", status="excused")
    rows = {row.name: (row.absences, row.unexcused, row.expected) for row in register(room).rows}
    assert rows == {"Cabanel Noé": (3, 3, 3), "Ferrer Inès": (1, 0, 3), "Khelifi Aya": (0, 0, 3)}


def test_half_days_to_come_and_calls_not_made_are_no_absence(room):
    away(room, "Noé", *mornings(1))
    shown = register(room)
    assert max(shown.half_days) == HalfDay(date(2026, 11, 20), "am")
    noe = next(row for row in shown.rows if row.name == "Cabanel Noé")
    at = shown.half_days.index(mornings(1)[0])
    assert (noe.cells[at], noe.cells[at + 1]) == ("N", "·")


def test_a_pupil_is_expected_from_their_first_day_to_their_last(room):
    away(room, "Noé", *mornings(4))
    Enrollment.objects.filter(pupil=room.pupils["Aya"]).update(ends_on=DAYS[1])
    aya = next(row for row in register(room).rows if row.name == "Khelifi Aya")
    assert aya.expected == 2
    assert aya.cells[-1] == "–"


def test_the_rate_is_absences_over_the_half_days_of_those_enrolled(room):
    away(room, "Noé", *mornings(4))
    assert register(room).rate.replace("\u202f", " ").startswith("33")


def test_what_was_granted_in_petite_section_is_no_absence(room):
    away(room, "Noé", *mornings(2), reason="ps_adjustment", status="excused")
    assert register(room).absences == 0


def test_the_register_leaves_as_pdf_and_as_ods(room, browser_of):
    away(room, "Noé", *mornings(3))
    browser = browser_of(HOST, room.teacher)
    pdf = browser.get(page("register_pdf", room.school_class.pk, MONTH))
    assert pdf.content.startswith(b"%PDF-")
    ods = browser.get(page("register_ods", room.school_class.pk, MONTH))
    archive = zipfile.ZipFile(io.BytesIO(ods.content))
    assert archive.namelist()[0] == "mimetype"
    assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
    content = archive.read("content.xml").decode()
    ElementTree.fromstring(content)  # noqa: S314  (our own file)
    assert "Cabanel Noé" in content
    assert 'office:value="3"' in content


def test_a_name_that_looks_like_a_formula_or_a_tag_is_a_text(room):
    person = room.pupils["Noé"].person
    person.first_name = "=1+1 <b>"
    person.save()
    content = zipfile.ZipFile(io.BytesIO(registers.register_ods(register(room)))).read("content.xml").decode()
    assert "=1+1 &lt;b&gt;" in content
    assert "table:formula" not in content


def test_the_head_judges_what_is_left_and_the_teacher_reads(room, browser_of):
    away(room, "Noé", *mornings(1), reason="other", status="pending")
    assert "À apprécier" not in text(browser_of(HOST, room.teacher).get(page("register", room.school_class.pk, MONTH)))
    head, mark = browser_of(HOST, room.head), Mark.objects.get()
    assert "À apprécier" in text(head.get(page("register", room.school_class.pk, MONTH)))
    head.post(page("judge", mark.pk), {"reason": "other", "status": "excused"})
    mark.refresh_from_db()
    assert mark.status == "excused"
    assert "Toutes les absences du mois sont justifiées" in text(
        head.get(page("register", room.school_class.pk, MONTH))
    )


@pytest.mark.parametrize(("count", "is_signalled"), [(3, False), (4, True)])
def test_four_unexcused_half_days_of_a_month_are_signalled(room, browser_of, count, is_signalled):
    away(room, "Noé", *mornings(count))
    away(room, "Inès", *mornings(5)[count:], reason="child_illness", status="excused")
    head = browser_of(HOST, room.head)
    assert ("Noé Cabanel" in text(head.get(page("signalled")))) is is_signalled
    file = head.get(page("signalling", room.pupils["Noé"].pk, MONTH))
    assert file.status_code == (200 if is_signalled else 404)


def test_what_is_explained_is_not_signalled(room, browser_of):
    away(room, "Noé", *mornings(4), reason="transport", status="excused")
    assert "Personne ce mois-ci" in text(browser_of(HOST, room.head).get(page("signalled")))


def test_what_is_no_month_is_not_found(room, browser_of):
    head = browser_of(HOST, room.head)
    assert head.get(page("register", room.school_class.pk, "2026-13")).status_code == 404
    assert head.get(page("signalled") + "?mois=hier").status_code == 404


@pytest.mark.parametrize("name", ["register", "signalled"])
def test_a_page_costs_the_same_with_thirty_pupils_more(room, name, browser_of, django_assert_max_num_queries):
    browser = browser_of(HOST, room.head)
    path = page(name, room.school_class.pk, MONTH) if name == "register" else page(name)
    away(room, "Noé", *mornings(4))
    browser.get(path)
    with django_assert_max_num_queries(12) as few:
        browser.get(path)
    for n in range(30):
        factories.add_family(room, f"E{n}", "Essai", [])
        away(room, f"E{n}", *mornings(4))
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert browser.get(path).status_code == 200

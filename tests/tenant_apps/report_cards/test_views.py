"""Reports through their pages: written by a teacher, validated by the head, signed by a guardian."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import DomainError
from core.registry import Erased
from shared_apps.audit.models import Entry
from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.people.models import Enrollment
from tenant_apps.report_cards import holding, services
from tenant_apps.report_cards.models import DomainResult, ReportCard, ReportPeriod
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.report_cards.conftest import filled

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


def page(name: str, *args) -> str:
    return reverse(f"report_cards:{name}", args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def entry(room, period, domain: str = "FRENCH") -> str:
    return f"{page('entry', room.school_class.pk, period.pk)}?domaine={domain}"


def typed(room, *, version: int = 0, **facts) -> dict[str, object]:
    """The same words for each pupil of the class."""
    keys = {"version": version, "position": "3", "elements": "", "appreciation": ""} | facts
    return {f"{pupil.pk.hex}-{key}": value for pupil in room.pupils.values() for key, value in keys.items()}


@pytest.fixture
def validated(room, period, browser_of) -> ReportCard:
    report = filled(room, period, "Inès")
    filled(room, period, "Noé").results.filter(domain="MATHS").update(position=None)
    browser_of(HOST, room.head).post(page("validate", room.school_class.pk, period.pk))
    report.refresh_from_db()
    return report


def test_a_teacher_writes_a_domain_for_the_whole_class(room, period, browser_of):
    browser = browser_of(HOST, room.teacher)
    assert browser.post(entry(room, period), typed(room, appreciation="Lit bien")).status_code == 302
    results = DomainResult.objects.filter(domain="FRENCH", position=3, appreciation="Lit bien")
    assert results.count() == 3
    assert "0 rempli sur 3" in text(browser.get(entry(room, period)))


def test_a_sub_domain_has_a_position_of_its_own_that_families_read(room, period, browser_of):
    browser = browser_of(HOST, room.teacher)
    browser.post(entry(room, period), typed(room, READING="1", position="2"))
    result = DomainResult.objects.filter(domain="FRENCH")[0]
    assert (result.position, result.parts) == (2, {"READING": 1})
    shown = text(browser.get(page("report", result.report_id)))
    assert "Lecture et compréhension de l’écrit : non atteints" in shown
    browser.post(entry(room, period), typed(room, version=1, READING="", position="2"))
    result.refresh_from_db()
    assert result.parts == {}


def test_who_has_no_report_yet_is_not_open_again(room, period, browser_of):
    assert "Rouvert" not in text(browser_of(HOST, room.teacher).get(entry(room, period)))


def test_a_stale_save_is_shown_and_writes_nothing(room, period, browser_of):
    browser_of(HOST, room.head).post(entry(room, period), typed(room, appreciation="De la direction"))
    answer = browser_of(HOST, room.teacher).post(entry(room, period), typed(room, appreciation="De la maîtresse"))
    assert answer.status_code == 409
    assert "De la direction" in text(answer) and "De la maîtresse" in text(answer)
    assert set(DomainResult.objects.values_list("appreciation", flat=True)) == {"De la direction"}


def test_the_page_of_a_conflict_is_saved_once_read(room, period, browser_of):
    browser_of(HOST, room.head).post(entry(room, period), typed(room, appreciation="De la direction"))
    browser = browser_of(HOST, room.teacher)
    shown = text(browser.post(entry(room, period), typed(room, appreciation="De la maîtresse")))
    assert f'name="{room.pupils["Inès"].pk.hex}-version" value="1"' in shown
    browser.post(entry(room, period), typed(room, version=1, appreciation="De la maîtresse"))
    assert set(DomainResult.objects.values_list("appreciation", flat=True)) == {"De la maîtresse"}


def test_a_closed_period_is_no_longer_written_in(room, period, browser_of):
    browser_of(HOST, room.head).post(page("toggle", period.pk), {"act": "close"})
    assert browser_of(HOST, room.teacher).post(entry(room, period), typed(room)).status_code == 422
    assert not ReportCard.objects.exists()


def test_two_pages_that_close_a_period_close_it(room, period, browser_of):
    browser = browser_of(HOST, room.head)
    assert 'name="act" value="close"' in text(browser.get(page("periods")))
    for act, is_open in (("close", False), ("close", False), ("", False), ("open", True), ("open", True)):
        browser.post(page("toggle", period.pk), {"act": act})
        period.refresh_from_db()
        assert period.is_open is is_open
    assert Entry.objects.filter(action="report_cards.period_saved", facts__is_open=False).count() == 1


def test_in_a_mixed_class_each_pupil_has_the_domains_of_their_cycle(room, period, browser_of):
    Enrollment.objects.filter(pupil=room.pupils["Noé"]).update(grade="CM1")
    shown = text(browser_of(HOST, room.teacher).get(entry(room, period, "SCIENCE_TECH")))
    assert room.pupils["Noé"].pk.hex in shown
    assert room.pupils["Inès"].pk.hex not in shown


def test_only_complete_reports_are_validated_and_then_frozen(room, period, validated, browser_of):
    assert validated.is_validated
    assert ReportCard.objects.validated().count() == 1
    shown = text(browser_of(HOST, room.teacher).get(entry(room, period)))
    assert f"{validated.pupil_id.hex}-position" not in shown
    row = services.Typed(validated.pupil_id, validated.version, position=1)
    facts = {"school_class": room.school_class, "period": period, "domain": "FRENCH"}
    with pytest.raises(DomainError) as refused:
        services.write(actor=room.teacher, typed=[row], **facts)
    assert refused.value.code == "frozen"


def test_a_guardian_reads_nothing_before_validation(room, period, browser_of):
    report = filled(room, period, "Inès")
    browser = browser_of(HOST, room.guardians["Sophie"])
    assert browser.get(page("report", report.pk)).status_code == 404
    assert report.get_absolute_url() not in text(browser.get(page("index")))


def test_a_guardian_reads_and_signs(room, validated, browser_of):
    browser = browser_of(HOST, room.guardians["Sophie"])
    assert validated.get_absolute_url() in text(browser.get(page("index")))
    assert "Bon trimestre" in text(browser.get(page("report", validated.pk)))
    browser.post(page("sign", validated.pk))
    assert Slot.objects.get(signed_at__isnull=False).signer_id == room.guardians["Sophie"].person.pk
    assert "C’est signé." in text(browser.get(page("report", validated.pk)))


def test_a_guardian_without_the_authority_does_not_read(room, validated, browser_of):
    room.pupils["Inès"].guardianships.update(has_parental_authority=False)
    assert browser_of(HOST, room.guardians["Sophie"]).get(page("report", validated.pk)).status_code == 404


def test_a_report_is_printed(room, validated, browser_of):
    answer = browser_of(HOST, room.guardians["Sophie"]).get(page("report_pdf", validated.pk))
    assert answer.content.startswith(b"%PDF")


def test_a_head_makes_a_period_and_not_twice_the_same(room, browser_of):
    browser = browser_of(HOST, room.head)
    facts = {"school": room.school.pk, "label": "1er trimestre", "starts_on": "2026-09-01", "ends_on": "2026-12-01"}
    assert browser.post(page("periods"), facts).status_code == 302
    assert browser.post(page("periods"), facts).status_code == 422
    assert ReportPeriod.objects.get().year == room.school_class.year


def test_a_report_goes_with_the_child_and_so_does_its_signature(room, validated):
    child = room.pupils["Inès"]
    assert holding.personal_data(child.person_id)["livrets"][0]["appreciation"] == "Bon trimestre"
    holding.erase(Erased(persons=frozenset({child.person_id}), pupils=frozenset({child.pk}), accounts=frozenset()))
    assert not ReportCard.objects.filter(pupil=child).exists()
    assert not SignatureRequest.objects.filter(purpose="report_cards.report").exists()


def test_the_page_of_a_class_asks_as_much_for_more_pupils(room, period, browser_of):

    browser = browser_of(HOST, room.teacher)
    browser.get(entry(room, period))
    with CaptureQueriesContext(connection) as few:
        browser.get(entry(room, period))
    for name in ("Zoé", "Léo", "Mia"):
        factories.add_family(room, name, "Robert", [])
        filled(room, period, name)
    browser.get(entry(room, period))
    with CaptureQueriesContext(connection) as many:
        browser.get(entry(room, period))
    assert len(many) <= len(few) + 1  # the results, that nobody had written

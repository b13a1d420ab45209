"""Warned, counted in days of Paris, erased on day 85 and never before."""

import io
import logging
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from core import registry
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from shared_apps.notifications.models import Notification
from shared_apps.notifications.services import notify
from shared_apps.signatures.models import Slot
from tenant_apps.departures import archives, follow
from tenant_apps.departures.checks import erasure_comes_within_three_months
from tenant_apps.departures.models import Departure
from tenant_apps.departures.tasks import follow as follow_task
from tenant_apps.imports import services as imports
from tenant_apps.liaison import services as liaison
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil
from tenant_apps.people.services import change_class, end_assignment, end_enrollment, end_guardianship
from tests.support.names import names
from tests.tenant_apps.imports.files import INES, pupils
from tests.tenant_apps.people.factories import add_guardian, add_pupil

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def at(clock, day, hour=4, minute=10):
    clock.move_to(datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS))


def leave(made, name, day):
    Enrollment.objects.filter(pupil=made.pupils[name]).update(starts_on=date(2026, 9, 1), ends_on=day)


@pytest.mark.parametrize(
    "since",
    [date(2027, 9, 1), date(2027, 10, 20), date(2028, 1, 10), date(2027, 12, 15), date(2027, 3, 16)],
    ids=["summer to winter", "over the change of hour", "over 29 February", "over new year", "winter to summer"],
)
def test_erased_on_day_85_and_never_before(made, clock, since):
    leave(made, "Noé", since)
    for n in range(-1, 86):
        at(clock, since + timedelta(days=n))
        follow.follow_all()
        if n == 84:
            at(clock, since + timedelta(days=84), 23, 59)
            follow.follow_all()
            assert Person.objects.filter(pk=made.people["Noé"].pk).exists()
    assert not Person.objects.filter(pk__in=[made.people["Noé"].pk, made.people["Laure"].pk]).exists()
    assert Person.objects.filter(pk=made.people["Inès"].pk).exists()


def test_warned_at_once_then_on_day_30_and_71(made, clock):
    since = date(2027, 4, 1)
    leave(made, "Noé", since)
    told = []
    for n in range(85):
        at(clock, since + timedelta(days=n))
        before = Notification.objects.filter(user=made.user("Laure")).count()
        follow.follow_all()
        follow.follow_all()
        if Notification.objects.filter(user=made.user("Laure")).count() > before:
            told.append(n)
    assert told == [0, 30, 71]
    titles = Notification.objects.filter(user=made.user("Laure"), kind="departures.warning")
    assert {row.title for row in titles} == {
        "Votre compte sera effacé le 25 juin 2027 : emportez vos données avant",
        "Noé · Son compte sera effacé le 25 juin 2027 : emportez ses travaux avant",
    }


def test_a_guardian_who_stays_is_warned_of_the_child_who_leaves(made, clock):
    leave(made, "Tom", date(2027, 3, 15))
    follow.follow_all()
    assert Notification.objects.filter(user=made.user("Sophie"), title__startswith="Tom · Son compte").exists()
    assert not Departure.objects.filter(person=made.people["Sophie"]).exists()


def test_nights_that_were_missed_give_the_last_warning_only(made, clock):
    leave(made, "Noé", date(2027, 3, 15))
    follow.follow_all()
    at(clock, date(2027, 3, 15) + timedelta(days=75))
    follow.follow_all()
    assert Notification.objects.filter(user=made.user("Noé"), kind="departures.warning").count() == 2


def test_who_comes_back_on_day_60_is_not_erased(made, clock):
    since = date(2027, 3, 15)
    leave(made, "Noé", since)
    follow.follow_all()
    at(clock, since + timedelta(days=60))
    change_class(actor=None, pupil=made.pupils["Noé"], school_class=made.classes["CM1"], grade="CM1")
    follow.follow_all()
    assert not Departure.objects.filter(person=made.people["Noé"]).exists()
    at(clock, since + timedelta(days=85))
    follow.follow_all()
    assert Person.objects.filter(pk=made.people["Noé"].pk).exists()


def test_a_right_that_opens_in_the_same_night_is_seen_before_erasing(made, clock):
    leave(made, "Noé", date(2027, 3, 15))
    follow.follow_all()
    at(clock, date(2027, 3, 15) + timedelta(days=85))
    ids = [row.person_id for row in follow.due()]
    assert set(ids) == {made.people["Noé"].pk, made.people["Laure"].pk}
    change_class(actor=None, pupil=made.pupils["Noé"], school_class=made.classes["CM1"], grade="CM1")
    assert follow._erase_if_still_gone(ids) == 0


def test_an_end_told_late_leaves_fourteen_days_to_take_ones_data(made, clock):
    leave(made, "Noé", date(2027, 3, 15) - timedelta(days=84))
    follow.follow_all()
    row = Departure.objects.get(person=made.people["Noé"])
    assert row.erased_on == date(2027, 3, 29)
    at(clock, date(2027, 3, 28))
    follow.follow_all()
    assert Person.objects.filter(pk=made.people["Noé"].pk).exists()
    at(clock, date(2027, 3, 29))
    follow.follow_all()
    assert not Person.objects.filter(pk=made.people["Noé"].pk).exists()


def test_struck_off_by_the_head_the_pupil_leaves_that_day(made, clock):
    end_enrollment(actor=made.user("Martine"), pupil=made.pupils["Noé"])
    follow.follow_all()
    row = Departure.objects.get(person=made.people["Noé"])
    assert (row.since, row.kind, row.school) == (date(2027, 3, 15), "pupil", made.schools["Lakanal"])


def test_one_that_cannot_be_erased_keeps_nobody_waiting(made, clock, caplog, monkeypatch):
    leave(made, "Noé", date(2027, 3, 15))
    follow.follow_all()
    at(clock, date(2027, 3, 15) + timedelta(days=85))

    def refuse(who):
        if made.people["Noé"].pk in who.persons:
            raise ValueError("Cabanel")

    monkeypatch.setitem(registry.erasers._items, "refusing", refuse)
    with caplog.at_level(logging.ERROR):
        assert follow.erase_due() == 1
    assert not Person.objects.filter(pk=made.people["Laure"].pk).exists()
    assert Person.objects.filter(pk=made.people["Noé"].pk).exists()
    assert "departures.erasure_failed" in caplog.text and "Cabanel" not in caplog.text


def test_the_nights_task_of_a_commune_does_it_all(made, clock):
    leave(made, "Noé", date(2027, 3, 15))
    follow_task()
    assert Departure.objects.count() == 2


def test_the_rehearsal_says_who_would_go_when_and_changes_nothing(made, clock):
    leave(made, "Noé", date(2027, 3, 15))
    out = io.StringIO()
    call_command("commune", "erasures", "11262", "--dry-run", stdout=out)
    assert f"{made.people['Noé'].pk}  élève" in out.getvalue()
    assert "2027-03-15  2027-06-08" in out.getvalue()
    assert "Cabanel" not in out.getvalue()
    assert not Departure.objects.exists()


@pytest.mark.parametrize(
    ("day", "warnings", "accepted"),
    [
        (85, (0, 30, 71), True),
        (88, (0, 30, 71), True),
        (89, (0, 30, 71), False),
        (60, (0, 30, 71), False),
        (85, (), False),
        (85, (30, 0), False),
    ],
)
def test_a_day_the_law_does_not_allow_stops_the_start(day, warnings, accepted):
    with override_settings(ENT_ERASURE_DAY=day, ENT_DEPARTURE_WARNINGS=warnings):
        assert (erasure_comes_within_three_months() == []) is accepted


# --- what is left


def everything_written(schema):
    """(table, row as text) of every table of the commune."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [schema])
        tables = sorted(name for (name,) in cursor.fetchall())
        for table in tables:
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT (t.*)::text FROM {quoted} t")
            for (row,) in cursor.fetchall():
                yield table, row


@pytest.fixture
def gone_family(made, clock, browser_of, tmp_path, settings):
    """Zéphyrine Quatrefages and her father Wenceslas, with traces wherever the platform leaves some."""
    settings.MEDIA_ROOT = tmp_path
    pupil = add_pupil(made, "Zéphyrine", "Quatrefages", "CE2")
    Pupil.objects.filter(pk=pupil.pk).update(ine="123456789ZQ")
    father = add_guardian(made, "Wenceslas", "Quatrefages", ("Zéphyrine",))
    # Sophie stays: what she was sent about the child names it.
    Guardianship.objects.create(pupil=pupil, guardian=made.people["Sophie"])
    Person.objects.filter(pk=father.pk).update(
        email="wenceslas@quatrefages.example", phone="0612345678", address="3 rue des Quatre-Fages"
    )
    User.objects.filter(pk=father.account_id).update(email="wenceslas@quatrefages.example")
    teacher = made.user("Claire")
    note = LiaisonNote(
        title="Sortie", body="Au musée.", category="outing", answer="signature", due_on=date(2027, 3, 20)
    )
    note = liaison.save_draft(actor=teacher, note=note, classes=[made.classes["CE2"]])
    note = liaison.publish_note(actor=teacher, note=note)
    slot = Slot.objects.get(signer_id=father.pk)
    liaison.sign_note(actor=made.user("Wenceslas"), note=note, slot=slot, comment="Signé Wenceslas Quatrefages")
    data = pupils(INES | {"Nom élève": "QUATREFAGES", "Prénom élève": "Zéphyrine", "Libellé classe": "CE2"})
    imports.make_plan(actor=made.user("Martine"), school=made.schools["Lakanal"], file_name="e.csv", data=data)
    archive = archives.ask(actor=made.user("Wenceslas"), person=made.people["Zéphyrine"])
    archives.deliver({"archive": str(archive.pk)})
    files.store(
        actor=made.user("Wenceslas"), upload=ContentFile(b"%PDF-1.4 essai", name="a.pdf"), purpose="liaison.note",
        object_id=father.pk,
    )  # fmt: skip
    browser_of("narbonne.localhost", made.user("Wenceslas")).get("/")
    leave(made, "Zéphyrine", date(2027, 3, 15))
    follow.follow_all()
    return made


def test_after_erasure_no_row_of_the_commune_names_the_person(gone_family, clock, narbonne):
    words = ("quatrefages", "zéphyrine", "zephyrine", "wenceslas", "123456789zq", "0612345678", "quatre-fages")
    before = {word for word in words for _table, row in everything_written(narbonne.schema_name) if word in row.lower()}
    assert before == set(words)
    at(clock, date(2027, 3, 15) + timedelta(days=85))
    follow.follow_all()
    found = [
        (table, word)
        for table, row in everything_written(narbonne.schema_name)
        for word in words
        if word in row.lower()
    ]
    assert found == []
    assert StoredFile.objects.count() == 0


def test_what_was_told_of_two_children_goes_with_the_first_who_leaves(gone_family, clock):
    staying, leaving = gone_family.pupils["Inès"].pk, gone_family.pupils["Zéphyrine"].pk
    reader = gone_family.user("Sophie")
    for n, subjects in enumerate([[staying, leaving], [leaving, staying], [staying]]):
        notify(user=reader, kind="x", title="Enfants", path="/", subject_ids=subjects, key=f"both-{n}")
    at(clock, date(2027, 3, 15) + timedelta(days=85))
    follow.follow_all()
    assert list(Notification.objects.filter(kind="x").values_list("key", flat=True)) == ["both-2"]


def test_the_audit_says_who_by_an_id_alone(gone_family, clock):
    at(clock, date(2027, 3, 15) + timedelta(days=85))
    follow.follow_all()
    acts = Entry.objects.filter(action="departures.erased")
    assert {act.facts["person"] for act in acts} == {
        str(gone_family.people[name].pk) for name in ("Zéphyrine", "Wenceslas")
    }


def test_what_a_teacher_wrote_stays_without_its_author(made, clock):
    claire = made.user("Claire")
    note = liaison.save_draft(
        actor=claire, note=LiaisonNote(title="Vu", body="Bonjour.", category="other"), classes=[made.classes["CE2"]]
    )
    liaison.publish_note(actor=claire, note=note)
    liaison.save_draft(
        actor=claire, note=LiaisonNote(title="Brouillon", body="Non.", category="other"), classes=[made.classes["CE2"]]
    )
    for assignment in made.people["Claire"].assignments.all():
        end_assignment(actor=None, assignment=assignment)
    follow.follow_all()
    at(clock, date(2027, 3, 15) + timedelta(days=85))
    follow.follow_all()
    note.refresh_from_db()
    assert str(note.author) == "Ancien membre de l’école"
    assert not note.author.is_active
    assert not LiaisonNote.objects.filter(title="Brouillon").exists()


def test_a_signature_stays_without_a_name_for_the_child_who_stays(made, clock, browse):
    claire = made.user("Claire")
    add_guardian(made, "Zoé", "Partie", ("Inès",))
    note = LiaisonNote(title="Sortie", body="Au musée.", category="outing", answer="consent", due_on=date(2027, 3, 20))
    note = liaison.save_draft(actor=claire, note=note, classes=[made.classes["CE2"]])
    note = liaison.publish_note(actor=claire, note=note)
    slot = Slot.objects.get(signer_id=made.people["Zoé"].pk)
    liaison.sign_note(actor=made.user("Zoé"), note=note, slot=slot, answer="yes", comment="Zoé Partie")
    end_guardianship(actor=None, guardianship=made.link("Inès", "Zoé"))
    follow.follow_all()
    at(clock, date(2027, 3, 15) + timedelta(days=85))
    follow.follow_all()
    slot.refresh_from_db()
    assert (slot.answer, slot.comment) == ("yes", "")
    page = browse("Claire").get(f"/mots/{note.pk}/suivi/?voir=tous")
    assert "Ancien responsable" in page.text and not names(page.text, "Zoé")

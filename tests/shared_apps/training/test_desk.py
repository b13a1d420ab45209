"""The trainer's pages: catalogue, a session planned and led, calendars, the API."""

import pytest
from django.test import Client

from shared_apps.training import ical
from shared_apps.training.models import CalendarFeed, Session, Training
from tests.shared_apps.onboarding import factories as academy_people
from tests.shared_apps.onboarding.pages import text, url
from tests.shared_apps.training import factories

pytestmark = pytest.mark.django_db


def typed(**changes):
    day = factories.in_days(10).isoformat()
    facts = {"training": factories.training().pk, "day": day, "half": "afternoon", "starts_at": "14:00"}
    return facts | {"ends_at": "17:00", "place": "Collège", "seats": 12, "closes_on": "", "district": ""} | changes


def test_a_trainer_adds_a_training_then_plans_a_session_of_it(desk, trainer):
    fields = {"title": "Le cahier multimédia", "level": "further", "audience": "cycle 2", "hours": "6"}
    desk.post(url("training:add_training"), fields | {"objectives": "Créer un cahier.", "is_offered": "on"})
    training = Training.objects.get()
    answer = desk.post(url("training:plan"), typed(training=training.pk, trainer=trainer.pk))
    session = Session.objects.get()
    assert answer.url == url("training:session", session.pk)
    assert session.closes_on == factories.in_days(9)
    assert "Le cahier multimédia" in text(desk.get(url("training:sessions")))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place": ""}, "Indiquez un lieu, ou un lien de visioconférence"),
        ({"ends_at": "13:00"}, "La fin vient après le début"),
        ({"day": "2020-01-06"}, "Ce jour est passé"),
        ({"seats": 0}, "supérieure ou égale à 1"),
    ],
    ids=["nowhere", "backwards", "past", "no seat"],
)
def test_a_session_that_cannot_be_is_refused_in_words(desk, changes, words):
    answer = desk.post(url("training:plan"), typed(**changes))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Session.objects.exists()


def test_registrations_close_and_open_again(desk, trainer):
    session = factories.session()
    for state in ("closed", "open"):
        desk.post(url("training:turn", session.pk))
        session.refresh_from_db()
        assert session.state == state


def test_a_session_held_changes_no_more(desk, trainer):
    session = factories.session(days=0, state="done")
    answer = desk.post(url("training:change", session.pk), typed())
    assert "elle ne change plus" in text(answer)


def test_the_private_calendar_shows_ones_own_sessions_until_it_is_revoked(desk, trainer):
    factories.session(trainer=trainer, training=factories.training(title="La mienne"))
    factories.session(training=factories.training(title="D’un autre"))
    shown = text(desk.post(url("training:calendar")))
    address = shown.split("/formations/agenda/")[1].split('"')[0]
    program = Client(headers={"host": academy_people.HOST})
    feed = program.get(f"/formations/agenda/{address}")
    assert "La mienne" in feed.content.decode()
    assert "D’un autre" not in feed.content.decode()
    assert address.split("/")[0] not in CalendarFeed.objects.get().digest
    desk.post(url("training:calendar"), {"revoquer": "1"})
    assert program.get(f"/formations/agenda/{address}").status_code == 404


def test_a_calendar_of_somebody_who_trains_no_more_is_closed(desk, trainer):
    shown = text(desk.post(url("training:calendar")))
    address = shown.split("/formations/agenda/")[1].split('"')[0]
    trainer.staff_roles.all().delete()
    assert Client(headers={"host": academy_people.HOST}).get(f"/formations/agenda/{address}").status_code == 404


def test_a_line_break_typed_in_a_place_starts_no_property_of_the_calendar(trainer):
    session = factories.session(place="Salle\r\nATTENDEE:moi", room="é" * 70)
    lines = ical.calendar([ical.event_of(session)], name="Essai").split(b"\r\n")
    assert not [line for line in lines if line.startswith(b"ATTENDEE")]
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    assert next(line for line in lines if line.startswith(b"DTSTART:")).endswith(b"Z")


def test_the_list_goes_out_as_a_file_for_a_spreadsheet(desk, trainer):
    factories.session(place="=1+1")
    body = desk.get(url("training:export")).content.decode("utf-8-sig")
    assert "'=1+1" in body


def test_programs_read_the_catalogue_the_sessions_and_the_coverage(desk, trainer):
    session = factories.session(district_id="0110041K")
    sessions = desk.get("/api/v1/training-sessions/?district=0110041K").json()["results"]
    assert [(row["id"], row["seated"]) for row in sessions] == [(str(session.pk), 0)]
    assert desk.get("/api/v1/trainings/?level=initiation").json()["results"][0]["title"] == "Premiers pas dans l’ENT"
    row = desk.get("/api/v1/training-coverage/0110427E/").json()
    assert (row["trained"], row["teachers"]) == (0, None)


def test_an_inspector_reads_and_plans_nothing(academy, trainer):
    session = factories.session(district_id="0110041K")
    inspector = academy(academy_people.staff("Paule", "Ien", role="inspector", scope="0110041K"))
    assert inspector.get(url("training:session", session.pk)).status_code == 200
    assert inspector.get(url("training:plan")).status_code == 403
    assert inspector.get(url("training:attendance", session.pk)).status_code == 403

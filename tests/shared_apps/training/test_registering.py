"""From a teacher's page to the trainer's, and back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.audit.models import Entry
from shared_apps.notifications.models import Notification, OutboxEntry
from shared_apps.reference.models import RefSchool
from shared_apps.training.models import Registration
from shared_apps.training.services import registrations, sessions
from shared_apps.training.tasks import remind
from tenant_apps.trainees.models import TrainingRegistration
from tenants.published import forget_all
from tests.shared_apps.onboarding.pages import text, url
from tests.shared_apps.training import factories
from tests.shared_apps.training.conftest import HOST, LAKANAL, LEZIGNAN, MISTRAL, NARBONNE

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"trainees:{name}", args=args)


@pytest.fixture
def session(rooms):
    return factories.session(seats=1)


@pytest.fixture
def teacher(rooms, browser_of):
    return browser_of(HOST[NARBONNE], rooms[NARBONNE].teacher)


@pytest.fixture
def other(rooms, browser_of):
    return browser_of(HOST[LEZIGNAN], rooms[LEZIGNAN].teacher)


def mine(schema):
    with in_schema(schema):
        return TrainingRegistration.objects.get()


def told(schema):
    with in_schema(schema):
        return list(Notification.objects.filter(kind__startswith="trainees").values_list("title", flat=True))


def test_a_teacher_registers_from_their_commune_and_is_told_of_their_place(session, teacher, post):
    assert "S’inscrire" in text(teacher.get(page("offer", session.pk)))
    assert teacher.post(page("register", session.pk)).status_code == 302
    assert mine(NARBONNE).state == "asked"
    post()
    row = Registration.objects.get()
    assert (row.state, row.school_id, row.schema) == ("confirmed", LAKANAL, NARBONNE)
    assert "Votre place est réservée" in text(teacher.get(page("offer", session.pk)))
    assert "votre place est réservée" in told(NARBONNE)[0]


def test_nothing_of_who_registers_is_kept_in_public(session, teacher, post, rooms):
    teacher.post(page("register", session.pk))
    post()
    user = rooms[NARBONNE].teacher
    kept = str([list(model.objects.values_list()) for model in (Registration, OutboxEntry, Entry)])
    for word in (user.first_name, user.last_name, user.email, str(user.pk), str(user.person.pk)):
        assert word not in kept


def test_when_it_is_full_one_waits_and_gets_the_place_given_back(session, teacher, other, post):
    teacher.post(page("register", session.pk))
    post()
    forget_all()
    assert "liste d’attente" in text(other.get(page("offer", session.pk)))
    other.post(page("register", session.pk))
    post()
    assert mine(LEZIGNAN).state == "waiting"
    teacher.post(page("withdraw", mine(NARBONNE).pk))
    post()
    assert (mine(NARBONNE).state, mine(LEZIGNAN).state) == ("cancelled", "confirmed")
    assert "une place s’est libérée" in told(LEZIGNAN)[0]


def test_who_withdrew_may_ask_again(session, teacher, post):
    for act in (("register", session.pk), ("withdraw", None), ("register", session.pk)):
        name, pk = act
        teacher.post(page(name, pk or mine(NARBONNE).pk))
        post()
    assert mine(NARBONNE).state == "confirmed"
    assert Registration.objects.count() == 1


def test_a_session_of_the_circonscription_comes_before_the_others(rooms, teacher):
    mine = RefSchool.objects.get(uai=LAKANAL).district_id
    factories.session(district_id=mine, training=factories.training(title="Ici"), days=20)
    factories.session(district_id="0111012R", training=factories.training(title="Ailleurs"), days=5)
    shown = text(teacher.get(page("offers")))
    assert shown.index("Ici") < shown.index("Dans les autres circonscriptions") < shown.index("Ailleurs")


def test_a_page_without_session_reassures(rooms, teacher):
    assert "Aucune session n’y est proposée" in text(teacher.get(page("offers")))


def test_after_the_deadline_one_registers_on_the_day_only(rooms, teacher, post):
    passed = factories.session(days=1, closes_on=factories.in_days(-2))
    today = factories.session(days=0, training=factories.training(title="Du jour"))
    teacher.post(page("register", passed.pk))
    with in_schema(NARBONNE):
        assert not TrainingRegistration.objects.exists()
    teacher.post(page("register", today.pk))
    post()
    assert mine(NARBONNE).state == "confirmed"


def test_the_academy_has_the_last_word_on_a_session_closed_meanwhile(session, teacher, post, trainer):
    teacher.get(page("offer", session.pk))  # what the commune read is a minute old at most
    sessions.close_session(actor=trainer, session=session)
    teacher.post(page("register", session.pk))
    post()
    assert mine(NARBONNE).state == "refused"
    assert "closes" in told(NARBONNE)[0]


def test_a_commune_is_heard_for_its_own_schools_only(session, rooms):
    data = {"registration": factories.uuid4(), "session": session.pk, "trainee": factories.uuid4(), "uai": MISTRAL}
    registrations.hear_request(NARBONNE, data)
    assert not Registration.objects.exists()
    registrations.hear_request(LEZIGNAN, data)
    assert Registration.objects.get().schema == LEZIGNAN


@pytest.mark.parametrize("act", ["withdraw", "again", "rate"])
def test_a_commune_changes_nothing_of_the_registrations_of_another(session, rooms, act):
    row = registered_in_public(session, LEZIGNAN, MISTRAL, state="present" if act == "rate" else "confirmed")
    if act == "withdraw":
        registrations.hear_withdrawal(NARBONNE, {"registration": row.pk})
    elif act == "rate":
        registrations.hear_rating(NARBONNE, {"registration": row.pk, "rating": 1})
    else:
        data = {"registration": row.pk, "session": session.pk, "trainee": factories.uuid4(), "uai": LAKANAL}
        registrations.hear_request(NARBONNE, data)
    after = Registration.objects.get()
    assert (after.state, after.schema, after.rating) == (row.state, LEZIGNAN, None)


def registered_in_public(session, schema, uai, **facts):
    return Registration.objects.create(
        session=session, schema=schema, school_id=uai, trainee=factories.uuid4(), **({"state": "confirmed"} | facts)
    )


@pytest.mark.parametrize(("days", "words"), [(7, "Dans une semaine"), (1, "Demain à 14 h")])
def test_who_has_a_place_is_reminded_once(rooms, teacher, post, days, words):
    session = factories.session(days=days, closes_on=factories.in_days(days))
    teacher.post(page("register", session.pk))
    post()
    for _twice in range(2):
        remind()
        post()
    assert len([title for title in told(NARBONNE) if words in title.replace("\u00a0", " ")]) == 1


def test_a_cancelled_session_is_told_with_its_reason(session, teacher, post, desk):
    teacher.post(page("register", session.pk))
    post()
    assert desk.post(url("training:cancel", session.pk), {"reason": "Formateur empêché."}).status_code == 302
    post()
    assert mine(NARBONNE).state == "cancelled"
    assert "Formateur empêché." in told(NARBONNE)[0]
    assert "Formateur empêché." in text(teacher.get(page("offer", session.pk)))


def test_a_session_that_moves_is_told_and_one_that_grows_lets_people_in(session, teacher, other, post, desk):
    for browser in (teacher, other):
        browser.post(page("register", session.pk))
        post()
    typed = {
        "training": session.training_id,
        "district": "",
        "day": factories.in_days(12).isoformat(),
        "half": "morning",
        "starts_at": "09:00",
        "ends_at": "12:00",
        "place": "Mairie",
        "seats": 2,
        "closes_on": "",
    }
    assert desk.post(url("training:change", session.pk), typed).status_code == 302
    post()
    assert mine(LEZIGNAN).state == "confirmed"
    assert "la session change" in told(NARBONNE)[0]
    assert mine(NARBONNE).day == factories.in_days(12)


def test_there_are_never_fewer_seats_than_people_who_have_one(session, teacher, other, post, desk, trainer):
    session.seats = 2
    session.save()
    for browser in (teacher, other):
        browser.post(page("register", session.pk))
    post()
    typed = {"training": session.training_id, "day": session.day.isoformat(), "half": "morning", "starts_at": "09:00"}
    typed |= {"ends_at": "12:00", "place": "Mairie", "seats": 1, "closes_on": session.closes_on.isoformat()}
    answer = desk.post(url("training:change", session.pk), typed)
    assert answer.status_code == 422
    assert "plus d’inscrits que de places" in text(answer)


def test_the_file_for_a_calendar_shows_the_video_link_to_who_has_a_place(rooms, teacher, post):
    session = factories.session(place="", video_url="https://visio.example/salle")
    assert b"visio.example" not in teacher.get(page("ics", session.pk)).content
    assert b"en visioconf" in teacher.get(page("ics", session.pk)).content
    teacher.post(page("register", session.pk))
    post()
    assert b"URL:https://visio.example/salle" in teacher.get(page("ics", session.pk)).content
    assert timezone.localdate() < session.day

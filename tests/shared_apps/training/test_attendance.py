"""The day of the session and after: who came, the proof, the opinion, the coverage of the schools."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.tenancy import in_public, in_schema
from shared_apps.audit.models import Entry
from shared_apps.statistics.services import collect_all
from shared_apps.training import tasks
from shared_apps.training.certificates import code_of
from shared_apps.training.models import Registration, Session
from tenant_apps.trainees.models import TrainingRegistration
from tests.shared_apps.onboarding import factories as academy_people
from tests.shared_apps.onboarding.pages import text, url
from tests.shared_apps.training import factories
from tests.shared_apps.training.conftest import HOST, LAKANAL, LEZIGNAN, NARBONNE

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"trainees:{name}", args=args)


@pytest.fixture
def session(rooms):
    return factories.session(days=0)


@pytest.fixture
def teacher(rooms, browser_of):
    return browser_of(HOST[NARBONNE], rooms[NARBONNE].teacher)


@pytest.fixture
def registered(session, teacher, rooms, browser_of, post):
    """Claire Vidal of each commune."""
    for browser in (teacher, browser_of(HOST[LEZIGNAN], rooms[LEZIGNAN].teacher)):
        browser.post(page("register", session.pk))
    post()
    return {row.schema: row for row in Registration.objects.all()}


def held(desk, session, post, *rows):
    """The trainer ticks these."""
    answer = desk.post(
        url("training:attendance", session.pk), {"present": [str(row.pk) for row in rows], "enregistrer": "1"}
    )
    post()
    return answer


def mine(schema):
    with in_schema(schema):
        return TrainingRegistration.objects.get()


def test_the_trainer_reads_the_names_and_the_reading_leaves_its_trace(desk, session, registered):
    shown = text(desk.get(url("training:attendance", session.pk)))
    assert shown.count("Claire Vidal") == 2
    assert "Lézignan" in shown
    assert Entry.objects.filter(action="training.names_read").count() == 1
    assert text(desk.get(url("training:sheet", session.pk))).count("Claire Vidal") == 2


def test_the_names_are_on_no_other_page_of_the_academy(desk, session, registered):
    for name in ("sessions", "coverage", "export"):
        assert "Vidal" not in text(desk.get(url(f"training:{name}")))
    assert "Vidal" not in text(desk.get(url("training:session", session.pk)))


def test_the_names_are_no_longer_given_thirty_one_days_after(desk, session, registered):
    long_ago = session.day - timedelta(days=31)
    for schema in registered:
        with in_schema(schema):
            TrainingRegistration.objects.update(day=long_ago)
    Session.objects.update(day=long_ago, closes_on=long_ago)
    shown = text(desk.get(url("training:attendance", session.pk)))
    assert "Vidal" not in shown
    assert "ne donnent plus les noms" in shown


def test_who_came_gets_a_certificate_and_who_did_not_none(desk, session, registered, post, teacher):
    assert held(desk, session, post, registered[NARBONNE]).status_code == 302
    assert (mine(NARBONNE).state, mine(LEZIGNAN).state) == ("present", "absent")
    number = mine(NARBONNE).certificate
    assert re.fullmatch(rf"{session.day.year}-\d{{5}}", number)
    assert mine(LEZIGNAN).certificate == ""
    answer = teacher.get(page("certificate", mine(NARBONNE).pk))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_correction_keeps_the_numbers_given(desk, session, registered, post):
    held(desk, session, post, registered[NARBONNE])
    first = mine(NARBONNE).certificate
    held(desk, session, post, *registered.values())
    assert mine(NARBONNE).certificate == first
    assert mine(LEZIGNAN).certificate not in ("", first)


def test_attendance_waits_for_the_day(desk, rooms):
    later = factories.session(days=3)
    answer = desk.post(url("training:attendance", later.pk), {"enregistrer": "1"}, follow=True)
    assert "L’émargement s’ouvre le jour de la session" in text(answer)
    later.refresh_from_db()
    assert later.state == "open"


def test_a_line_of_another_session_is_not_ticked_here(desk, session, registered, post):
    other = factories.session(days=0, training=factories.training(title="Autre"))
    held(desk, other, post, registered[NARBONNE])
    assert Registration.objects.get(pk=registered[NARBONNE].pk).state == "confirmed"


def test_somebody_without_account_is_counted_for_their_school(desk, session):
    desk.post(url("training:on_site", session.pk), {"uai": LAKANAL.lower()})
    row = Registration.objects.get()
    assert (row.school_id, row.state, row.schema) == (LAKANAL, "present", "")
    assert "Personne venue sans inscription" in text(desk.get(url("training:attendance", session.pk)))


@pytest.fixture
def walk_in(desk, session):
    """Somebody without account, counted for Lakanal."""
    desk.post(url("training:on_site", session.pk), {"uai": LAKANAL})
    return Registration.objects.get()


def printed(desk, row, name="Zoé Pla"):
    return desk.post(url("training:walk_in", row.session_id, row.pk), {"name": name})


def test_who_came_without_account_leaves_with_a_certificate_that_is_genuine(desk, session, walk_in):
    assert walk_in.certificate in text(desk.get(url("training:attendance", session.pk)))
    answer = printed(desk, walk_in)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    code = code_of(walk_in.pk, walk_in.certificate, "Zoé Pla")
    typed = {"number": walk_in.certificate, "name": "Zoé Pla", "code": code}
    assert "Cette attestation est authentique" in verified(typed)


def test_the_name_of_who_came_without_account_is_kept_nowhere(desk, walk_in):
    printed(desk, walk_in)
    entry = Entry.objects.get(action="training.walk_in_printed")
    kept = [str(entry.facts), *map(str, Registration.objects.values().get().values())]
    assert not [words for words in kept if "Pla" in words]


def test_a_walk_in_who_is_ticked_absent_after_all_has_no_certificate(desk, session, walk_in, post):
    held(desk, session, post)
    assert printed(desk, walk_in).status_code == 404


def test_a_name_is_needed_on_the_paper(desk, walk_in):
    answer = desk.post(url("training:walk_in", walk_in.session_id, walk_in.pk), {"name": " "}, follow=True)
    assert "Écrivez le nom." in text(answer)


def test_who_registered_from_a_commune_is_not_printed_here(desk, session, registered, post):
    held(desk, session, post, registered[NARBONNE])
    assert printed(desk, registered[NARBONNE]).status_code == 404


def test_a_school_that_does_not_exist_is_told(desk, session):
    answer = desk.post(url("training:on_site", session.pk), {"uai": "0000000A"}, follow=True)
    assert "Aucune école ne porte ce numéro" in text(answer)


# --- the paper


@pytest.fixture
def paper(desk, session, registered, post):
    held(desk, session, post, registered[NARBONNE])
    row = Registration.objects.get(pk=registered[NARBONNE].pk)
    return {"number": row.certificate, "name": "Claire Vidal", "code": code_of(row.pk, row.certificate, "Claire Vidal")}


def verified(typed):
    return text(Client(headers={"host": academy_people.HOST}).post(url("training:verify"), typed))


def test_anybody_verifies_a_paper_by_what_is_printed_on_it(paper):
    shown = verified(paper | {"name": "claire VIDAL", "code": paper["code"].lower()})
    assert "Cette attestation est authentique" in shown
    assert "Premiers pas dans l’ENT" in shown


@pytest.mark.parametrize("changed", ["number", "name", "code"])
def test_a_paper_altered_by_one_word_is_refused_without_saying_which(paper, changed):
    wrong = {"number": "2020-99999", "name": "Claire Vidale", "code": "22222-22222"}
    shown = verified(paper | {changed: wrong[changed]})
    assert "Rien ne correspond" in shown
    assert "Premiers pas" not in shown


def test_a_presence_taken_back_makes_the_paper_void(paper, desk, session, post):
    held(desk, session, post)
    assert "Rien ne correspond" in verified(paper)


# --- what it was worth


def test_an_opinion_counts_without_a_name_and_its_words_stay_in_the_commune(paper, teacher, post, desk, session):
    row = mine(NARBONNE)
    assert teacher.post(page("rate", row.pk), {"rating": "4", "comment": "Trop court."}).status_code == 302
    post()
    assert Registration.objects.get(pk=row.pk).rating == 4
    shown = text(desk.get(url("training:session", session.pk)))
    assert "Trop court." in shown
    assert "Vidal" not in shown


def test_a_rating_out_of_range_is_not_heard(paper, teacher):
    answer = teacher.post(page("rate", mine(NARBONNE).pk), {"rating": "9"})
    assert answer.status_code == 422


# --- coverage


def test_coverage_counts_people_once_out_of_the_posts_of_the_commune(paper, teacher, post, desk):
    """Claire follows a second session: one person trained, of two in post (she and the head)."""
    again = factories.session(days=0, training=factories.training(title="La suite"))
    teacher.post(page("register", again.pk))
    post()
    held(desk, again, post, *again.registrations.all())
    with in_public():
        collect_all()
    shown = text(desk.get(url("training:coverage")))
    assert "50,0 %" in shown
    assert "<strong>1</strong> sur 4 en poste" in shown
    lines = desk.get(url("training:coverage_export")).content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[-2:] for line in lines if line.startswith(LAKANAL)] == [["1", "2"]]


def test_coverage_on_paper_says_what_the_page_says(paper, desk, monkeypatch):
    with in_public():
        collect_all()
    set_ = []
    monkeypatch.setattr("shared_apps.training.views.coverage.sheet_pdf", lambda **facts: set_.append(facts) or b"%PDF")
    asked = {"circonscription": "0110042L"}
    assert desk.get(url("training:coverage_pdf"), asked)["Content-Type"] == "application/pdf"
    assert "Enseignants formés : 1 sur 2 en poste." in set_[0]["paragraphs"]
    assert [row[2:] for row in set_[0]["rows"]] == [["1", "2", "50,0\u202f%"]]


def test_an_inspector_sees_the_sessions_and_the_schools_of_their_circonscription(paper, academy, session, rooms):
    factories.session(district_id="0110041K", training=factories.training(title="À Narbonne"))
    factories.session(district_id="0111012R", training=factories.training(title="À Carcassonne"))
    with in_public():
        collect_all()
    inspector = academy(academy_people.staff("Paule", "Ien", role="inspector", scope="0111012R"))
    shown = text(inspector.get(url("training:sessions")))
    assert "À Carcassonne" in shown
    assert "À Narbonne" not in shown
    assert LAKANAL not in text(inspector.get(url("training:coverage")))
    wide = text(inspector.get(url("training:session", session.pk)))
    assert LAKANAL not in wide


def test_the_list_of_sessions_asks_the_same_number_of_queries_however_long(desk, django_assert_num_queries, rooms):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (1, 12):
        for _turn in range(more):
            factories.session(district_id="0110041K")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk.get(url("training:sessions"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_tabs_keep_the_place_that_was_asked_for(desk, rooms):
    asked = {"departement": "11", "circonscription": "0110041K"}
    kept = "departement=11&amp;circonscription=0110041K"
    for name in ("sessions", "catalogue", "coverage"):
        shown = text(desk.get(url(f"training:{name}"), asked))
        for other in ("sessions", "catalogue", "coverage"):
            assert f"{url(f'training:{other}')}?{kept}" in shown
    assert f"?quand=passees&amp;{kept}" in text(desk.get(url("training:sessions"), asked))


# --- what is forgotten


@pytest.mark.parametrize(
    ("state", "days", "is_kept"),
    [
        pytest.param("cancelled", 365, True, id="a seat given back, a year after"),
        pytest.param("cancelled", 366, False, id="a seat given back, the day after"),
        pytest.param("absent", 366, False, id="somebody who did not come"),
        pytest.param("present", 5 * 365, True, id="somebody who came, five years after"),
        pytest.param("present", 5 * 365 + 1, False, id="somebody who came, the day after"),
    ],
)
def test_registrations_are_kept_a_year_and_five_years_for_who_came(session, registered, state, days, is_kept):
    day = session.day - timedelta(days=days)
    Session.objects.update(day=day, closes_on=day)
    Registration.objects.update(state=state)
    tasks.forget()
    assert Registration.objects.exists() == is_kept
    assert Entry.objects.filter(action="training.forgotten").exists() != is_kept

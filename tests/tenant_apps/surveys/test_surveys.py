"""Surveys, as teachers ask them and families, pupils and colleagues answer."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from shared_apps.notifications.models import Notification
from tenant_apps.people.models import Guardianship
from tenant_apps.surveys import services
from tenant_apps.surveys.models import Ballot, Question, Response, Survey
from tenant_apps.surveys.results import results
from tests.support.pages import said
from tests.tenant_apps.homework.factories import pupil_account
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.surveys.factories import draft, survey

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
SURVEYS = "/sondages/"


def answer(browser, row, *answers, **more):
    keys = [str(pk) for pk in row.questions.values_list("pk", flat=True)]
    return browser.post(row.get_absolute_url(), dict(zip(keys, answers, strict=False)) | more)


def test_a_teacher_asks_reads_again_and_sends(room, teacher, sophie):
    typed = {"classes": [room.school_class.pk], "title": "La fête", "audience": "guardian", "once": "person"}
    typed |= {"ends_on": timezone.localdate() + timedelta(days=5)}
    typed |= {"questions-TOTAL_FORMS": 2, "questions-INITIAL_FORMS": 0, "questions-0-label": "Quel jour ?"}
    typed |= {"questions-0-kind": "one", "questions-0-choices": "Vendredi\nSamedi\nSamedi\n"}
    sent = teacher.post(f"{SURVEYS}ecrire/", typed)
    row = Survey.objects.get()
    assert row.questions.get().choices == ["Vendredi", "Samedi"]
    assert "La fête" not in said(sophie.get(SURVEYS))
    teacher.post(sent["Location"])
    assert "La fête" in said(sophie.get(SURVEYS))
    assert Notification.objects.filter(kind="surveys.published", user=room.guardians["Sophie"]).count() == 1


def test_questions_stay_in_the_order_in_which_they_were_asked(room, teacher, sophie):
    labels = ["Qui ?", "Quoi ?", "Où ?", "Quand ?", "Combien ?"]
    row = survey(room, questions=[Question(label=label, kind="text") for label in labels])
    row.questions.update(created_at=timezone.now())  # written within one tick of the clock
    page = said(sophie.get(row.get_absolute_url()))
    assert sorted(labels, key=page.index) == labels


@pytest.mark.parametrize("choices", ["", "Vendredi", "Vendredi\nVendredi"])
def test_a_choice_needs_two_answers(room, teacher, choices):
    typed = {"classes": [room.school_class.pk], "title": "La fête", "audience": "guardian", "once": "person"}
    typed |= {"ends_on": timezone.localdate(), "questions-TOTAL_FORMS": 1, "questions-INITIAL_FORMS": 0}
    typed |= {"questions-0-label": "Quel jour ?", "questions-0-kind": "one", "questions-0-choices": choices}
    page = teacher.post(f"{SURVEYS}ecrire/", typed)
    assert page.status_code == 422 and "deux choix" in said(page)


def test_a_teacher_does_not_ask_another_class(room, teacher):
    other = factories.next_class(room)
    typed = {"classes": [other.school_class.pk], "title": "La fête", "audience": "guardian", "once": "person"}
    typed |= {"ends_on": timezone.localdate(), "questions-TOTAL_FORMS": 1, "questions-INITIAL_FORMS": 0}
    typed |= {"questions-0-label": "Quand ?", "questions-0-kind": "text"}
    assert teacher.post(f"{SURVEYS}ecrire/", typed).status_code == 422


def test_one_answers_once_for_oneself(room, sophie, karim):
    row = survey(room)
    assert answer(sophie, row, "Samedi").status_code == 302
    answer(sophie, row, "Vendredi")
    assert answer(karim, row, "Vendredi").status_code == 302
    given = sorted(one.answers[str(row.questions.get().pk)] for one in Response.objects.all())
    assert given == [["Samedi"], ["Vendredi"]]
    assert "déjà donnée" in said(sophie.get(row.get_absolute_url()))
    assert "La fête" not in said(sophie.get(SURVEYS))


def test_by_child_one_parent_answers_for_each(room, sophie, karim):
    row = survey(room, once="child")
    ines = room.pupils["Inès"]
    noe = room.pupils["Noé"]
    Guardianship.objects.create(pupil=noe, guardian=room.guardians["Sophie"].person)
    assert answer(sophie, row, "Samedi", enfant=ines.pk).status_code == 302
    assert "Pour Noé" in said(sophie.get(row.get_absolute_url()))
    assert "déjà donnée" in said(karim.get(row.get_absolute_url()))
    assert answer(karim, row, "Samedi", enfant=ines.pk).status_code == 403
    assert answer(karim, row, "Samedi", enfant=noe.pk).status_code == 403
    assert Ballot.objects.count() == 1


def test_an_anonymous_answer_is_tied_to_nobody_and_has_no_moment(room, sophie):
    row = survey(room, is_anonymous=True)
    answer(sophie, row, "Samedi")
    assert Ballot.objects.get().account == room.guardians["Sophie"]
    assert Response.objects.get().ballot is None
    assert not {"created_at", "updated_at"} & {field.name for field in Response._meta.fields}
    assert Response.objects.get().pk.version == 4


def test_anonymous_answers_are_read_five_by_five_or_when_it_is_closed(room, sophie, teacher):
    row, named = survey(room, is_anonymous=True), survey(room)
    for one in (row, named):
        answer(sophie, one, "Samedi")
    page, file = f"{row.get_absolute_url()}resultats/", f"{row.get_absolute_url()}resultats.ods"
    assert "5 par 5" in said(teacher.get(page)) and "Samedi" not in said(teacher.get(page))
    assert teacher.get(file).status_code == 403
    assert "Samedi" in said(teacher.get(f"{named.get_absolute_url()}resultats/"))
    factories.add_family(room, "Zoé", "Sixte", ["Irène"])
    question = str(row.questions.get().pk)
    names = [name for name in room.guardians if name != "Sophie"]
    for place, name in enumerate(names, start=2):
        services.answer(actor=room.guardians[name], survey=row, answers={question: ["Vendredi"]})
        assert ("Vendredi" in said(teacher.get(page))) is (place >= 5)
    assert len(names) == 5  # the sixth answer waits for four others
    assert "1 réponse n’est pas encore comptée" in said(teacher.get(page))
    assert results(row)[0].counts == [("Vendredi", 4), ("Samedi", 1)]
    services.close(actor=room.teacher, survey=row)
    row.refresh_from_db()
    assert results(row)[0].counts == [("Vendredi", 5), ("Samedi", 1)]
    assert teacher.get(file).status_code == 200


def test_an_answer_out_of_the_choices_is_refused(room, sophie):
    row = survey(room)
    assert answer(sophie, row, "Dimanche").status_code == 422
    assert not Ballot.objects.exists()


def test_after_its_last_day_or_once_closed_nobody_answers(room, sophie, teacher):
    late, closed = survey(room), survey(room)
    Survey.objects.filter(pk=late.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    teacher.post(f"{closed.get_absolute_url()}clore/")
    assert [answer(sophie, row, "Samedi").status_code for row in (late, closed)] == [403, 403]
    listed = said(teacher.get(SURVEYS))
    assert (listed.count(" clos "), listed.count(" ouvert ")) == (2, 0)
    assert [row.state for row in (survey(room), draft(room))] == ["ouvert", "brouillon"]


def test_results_are_counted_and_taken_away(room, teacher, sophie, karim):
    asked = [
        Question(label="Quel jour ?", kind="many", choices=["Vendredi", "Samedi"]),
        Question(label="Une idée ?", kind="text"),
    ]
    row = survey(room, questions=asked)
    answer(sophie, row, ["Vendredi", "Samedi"], "Un bal")
    answer(karim, row, ["Samedi"])
    assert "2 réponses" in said(teacher.get(SURVEYS))
    page = said(teacher.get(f"{row.get_absolute_url()}resultats/"))
    assert "2 réponses" in page and "Vendredi 1" in page and "Samedi 2" in page and "Un bal" in page
    with zipfile.ZipFile(BytesIO(teacher.get(f"{row.get_absolute_url()}resultats.ods").content)) as archive:
        assert "Un bal" in archive.read("content.xml").decode()
    assert sophie.get(f"{row.get_absolute_url()}resultats/").status_code == 403


def test_a_survey_of_pupils_is_answered_by_them(room, browser_of, sophie):
    row = survey(room, audience="pupil")
    pupil = browser_of(HOST, pupil_account(room, "Inès"))
    assert "La fête" in said(pupil.get(SURVEYS))
    assert answer(pupil, row, "Samedi").status_code == 302
    assert sophie.get(row.get_absolute_url()).status_code == 404


def test_a_guardian_without_the_authority_is_not_asked(room, sophie):
    row = survey(room)
    room.pupils["Inès"].guardianships.update(has_parental_authority=False)
    assert sophie.get(row.get_absolute_url()).status_code == 404


def test_a_draft_is_its_author_s(room, browser_of):
    row = draft(room)
    assert browser_of(HOST, room.head).get(f"{row.get_absolute_url()}modifier/").status_code == 404

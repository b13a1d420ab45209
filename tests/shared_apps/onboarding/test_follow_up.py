"""Tasks, notes, files, history and reminders of a case; what blocks, in one look."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.accounts.models import StaffRole
from shared_apps.files.models import StoredFile
from shared_apps.notifications.models import Notification
from shared_apps.onboarding import services
from shared_apps.onboarding.models import CaseNote, CaseTask
from shared_apps.onboarding.services import follow_up
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE, days_ago
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_state_brings_its_tasks_and_leaving_it_closes_them(officer):
    case = factories.contacted(officer)
    assert set(case.tasks.to_do().values_list("template", flat=True)) == {"send_folder", "agree_schools"}
    factories.services.draft_convention(actor=officer, case=case, uais=factories.uais(NARBONNE))
    assert list(case.tasks.to_do().values_list("template", flat=True)) == ["council_date"]
    assert case.tasks.get(template="send_folder").done_by == officer


def test_an_officer_adds_a_task_then_does_it(browser, officer):
    factories.started(officer)
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    form = {"title": "Rappeler la directrice", "due_on": day, "assignee": officer.pk}
    assert browser.post(url("add_task", NARBONNE), form).status_code == 302
    task = CaseTask.objects.get(template="")
    assert "Rappeler la directrice" in text(browser.get(url("journal", NARBONNE)))
    browser.post(url("turn_task", task.pk))
    task.refresh_from_db()
    assert (task.done_on, task.done_by) == (timezone.localdate(), officer)
    assert "Fait : Rappeler la directrice" in text(browser.get(url("journal", NARBONNE)))
    browser.post(url("turn_task", task.pk), {"a_refaire": "1"})
    task.refresh_from_db()
    assert task.done_on is None


def test_a_task_without_a_day_is_refused_in_words(browser, officer):
    factories.started(officer)
    answer = browser.post(url("add_task", NARBONNE), {"title": "Rappeler", "assignee": officer.pk})
    assert answer.status_code == 422
    assert not CaseTask.objects.filter(template="").exists()


def test_who_has_a_late_task_is_told_once(officer):
    case = factories.started(officer)
    services.add_task(actor=officer, case=case, title="Rappeler", due_on=days_ago(1), assignee=officer)
    assert follow_up.remind() == 1
    assert follow_up.remind() == 0
    assert Notification.objects.get(kind="onboarding.task").title == "Narbonne · à faire : Rappeler"


def test_my_cases_show_what_is_late_first(browser, officer):
    factories.contacted(officer, NARBONNE)
    case = factories.started(officer, COURSAN)
    other = factories.started(officer, LEZIGNAN)
    services.add_task(actor=officer, case=case, title="Rappeler", due_on=days_ago(2), assignee=officer)
    shown = text(browser.get("/"))
    assert "1 tâche en retard" in shown
    assert shown.index("Coursan") < shown.index(other.commune.name)


def test_the_page_says_in_one_look_what_blocks_who_must_act_and_since_when(browser, officer):
    factories.deliberated(officer)
    shown = text(browser.get(url("commune", NARBONNE)))
    assert "La commune n’a pas signé." in shown
    assert "Qui doit agir</dt><dd>La mairie" in shown
    assert "40 jours" in shown


def test_a_pinned_note_stays_in_sight_and_says_who_wrote_it(browser, officer):
    factories.started(officer)
    browser.post(url("add_note", NARBONNE), {"text": "Appeler le matin", "is_pinned": "on"})
    note = CaseNote.objects.get()
    assert (note.author, note.is_pinned) == (officer, True)
    assert "Appeler le matin" in text(browser.get(url("commune", NARBONNE)))
    browser.post(url("pin_note", note.pk))
    assert "Appeler le matin" not in text(browser.get(url("commune", NARBONNE)))


def test_the_scan_of_the_deliberation_is_kept_and_read_by_those_who_follow_communes_only(
    browser, officer, academy, reference
):
    case = factories.started(officer)
    scan = SimpleUploadedFile("deliberation.pdf", PDF, "application/pdf")
    assert browser.post(url("add_file", NARBONNE), {"upload": scan}).status_code == 302
    kept = StoredFile.objects.get(purpose="onboarding.case", object_id=case.pk)
    assert "deliberation.pdf" in text(browser.get(url("journal", NARBONNE)))
    assert browser.get(kept.get_absolute_url()).status_code == 302
    inspector = academy(factories.staff("Ingrid", "Valls", role=StaffRole.Role.INSPECTOR))
    assert inspector.get(kept.get_absolute_url()).status_code == 404
    assert "deliberation.pdf" not in text(inspector.get(url("journal", NARBONNE)))


def test_a_file_that_is_no_paper_is_refused(browser, officer):
    factories.started(officer)
    answer = browser.post(url("add_file", NARBONNE), {"upload": SimpleUploadedFile("x.html", b"<script>")})
    assert answer.status_code == 422


def test_notes_are_not_shown_to_who_only_reads(browser, officer, academy):
    factories.started(officer)
    browser.post(url("add_note", NARBONNE), {"text": "Appeler le matin", "is_pinned": "on"})
    reader = academy(factories.staff("Rachid", "Lecteur", role=StaffRole.Role.STATISTICIAN))
    assert "Appeler le matin" not in text(reader.get(url("journal", NARBONNE)))
    assert "Appeler le matin" not in text(reader.get(url("commune", NARBONNE)))


def test_the_queries_of_my_cases_do_not_grow(browser, officer):
    factories.contacted(officer, NARBONNE)
    browser.get("/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/")
    factories.contacted(officer, COURSAN)
    factories.contacted(officer, LEZIGNAN)
    with CaptureQueriesContext(connection) as many:
        browser.get("/")
    assert len(many) <= len(few)


def test_the_api_says_of_each_case_which_side_it_waits_for(browser, officer):
    case = factories.deliberated(officer)
    services.add_task(actor=officer, case=case, title="Rappeler", due_on=days_ago(1), assignee=officer)
    found = browser.get("/api/v1/cases/").json()["results"]
    assert [(row["commune"], row["state"], row["waits_for"]) for row in found] == [(NARBONNE, "deliberated", "town")]
    assert found[0]["late_tasks"] == case.tasks.overdue().count()
    tasks = browser.get("/api/v1/case-tasks/", {"done": "false", "commune": NARBONNE}).json()["results"]
    assert "Rappeler" in [row["title"] for row in tasks]
    done = browser.get("/api/v1/case-tasks/", {"done": "true"}).json()["results"]
    assert done
    assert all(row["done_on"] for row in done)

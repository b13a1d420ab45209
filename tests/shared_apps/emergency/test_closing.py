"""A report that no head can judge: the academy closes its own line, and the commune keeps its own."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from core.tenancy import in_schema
from shared_apps.accounts.models import StaffRole
from shared_apps.audit.models import Entry
from shared_apps.emergency import services, uplinks
from shared_apps.emergency.models import ReportedMessage
from tenant_apps.messages.models import Report
from tenants.models import Commune
from tests.shared_apps.emergency.test_switches import browser
from tests.shared_apps.emergency.test_watch import LEZIGNAN, NARBONNE, report
from tests.shared_apps.onboarding import factories as academy

pytestmark = pytest.mark.django_db
Role = StaffRole.Role


def plain(page):
    return page.content.decode().replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def lone(narbonne):
    """A report that nobody there can judge."""
    return ReportedMessage.objects.create(commune=Commune.objects.get(insee="11262"), uai="0110357D", heads=0)


def close(user, report):
    return browser(user).post(f"/urgence/signalements/{report.pk}/traiter/")


def test_a_report_without_a_judge_is_closed_by_the_academy_and_says_who_and_when(room, browser_of, admin):
    report(room, browser_of, room.head)
    (row,) = ReportedMessage.objects.all()
    assert "Signalements traités" not in browser(admin).get("/urgence/").content.decode()
    with travel("2026-12-03 10:20:00+01:00"):
        assert close(admin, row).url == "/urgence/"
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("waiting", admin)
    page = browser(admin).get("/urgence/")
    assert (page.context["reported"], [line["row"] for line in page.context["closed"]]) == ([], [row])
    assert f"traité jeudi 3 décembre, 10 h 20 par {admin}" in plain(page)
    entry = Entry.objects.get(action="emergency.report_closed")
    assert (entry.actor_id, entry.object_id) == (admin.pk, str(row.pk))
    with in_schema(NARBONNE):
        assert Report.objects.get(pk=row.pk).is_waiting


def test_a_report_that_a_head_can_read_is_for_the_head(lone, admin):
    lone.heads = 1
    lone.save()
    assert "/traiter/" not in browser(admin).get("/urgence/").content.decode()
    assert close(admin, lone).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportedMessage.objects.update(closed_at=timezone.now())


def test_the_first_to_close_is_the_one_who_is_named(lone, admin):
    close(admin, lone)
    other = academy.staff("autre", "Admin", role=Role.ADMINISTRATOR)
    answer = browser(other).post(f"/urgence/signalements/{lone.pk}/traiter/", follow=True)
    assert "déjà traité" in answer.content.decode()
    lone.refresh_from_db()
    assert lone.closed_by == admin


def test_who_looks_without_the_right_and_who_governs_elsewhere_close_nothing(lone):
    support = academy.staff("appui", "Essai", role=Role.SUPPORT)
    page = browser(support).get("/urgence/").content.decode()
    assert "personne à l’école ne peut le lire" in page and "/traiter/" not in page
    elsewhere = academy.staff("herault", "Dasen", role=Role.DASEN, scope="34")
    assert [close(user, lone).status_code for user in (support, elsewhere)] == [403, 404]
    here = academy.staff("aude", "Dasen", role=Role.DASEN, scope="11")
    assert close(here, lone).status_code == 302
    lone.refresh_from_db()
    assert lone.closed_by == here


def test_a_line_that_is_closed_closes_no_other_and_no_commune_opens_it_again(lone, lezignan, admin):
    theirs = ReportedMessage.objects.create(commune=Commune.objects.get(insee="11203"), uai="", heads=0)
    close(admin, lone)
    theirs.refresh_from_db()
    assert theirs.is_open
    sent = {"report": str(lone.pk), "uai": None, "heads": 1, "state": "withdrawn"}
    uplinks.hear_report(LEZIGNAN, sent)
    lone.refresh_from_db()
    assert (lone.state, lone.heads, lone.closed_by) == ("waiting", 0, admin)
    uplinks.hear_report(NARBONNE, sent)  # a head came since, and decided
    lone.refresh_from_db()
    assert (lone.state, lone.closed_by) == ("withdrawn", admin)


def test_the_page_costs_the_same_with_more_reports(lone, admin):
    page = browser(admin)
    page.get("/urgence/")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            page.get("/urgence/")
        return len(queries)

    services.close_report(actor=admin, report=ReportedMessage.objects.create(commune=lone.commune, heads=0))
    one = cost()
    for _n in range(3):
        services.close_report(actor=admin, report=ReportedMessage.objects.create(commune=lone.commune, heads=0))
        ReportedMessage.objects.create(commune=lone.commune, heads=0)
    assert cost() == one

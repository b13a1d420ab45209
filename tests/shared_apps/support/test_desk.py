"""The agents' pages: the queue and its filters, who follows what, figures, texts kept ready, the API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.accounts.models import StaffRole
from shared_apps.support import services
from shared_apps.support.figures import figures_of
from shared_apps.support.models import CannedAnswer, TicketHeader
from tenants.models import Commune
from tests.shared_apps.onboarding import factories

Role = StaffRole.Role


@pytest.fixture
def lea(reference):
    return factories.staff("Lea", "Marty", role=Role.SUPPORT)


@pytest.fixture
def browser(lea, academy):
    return academy(lea)


def header(narbonne: Commune, **facts: Any) -> TicketHeader:
    now = timezone.now()
    defaults = {
        "commune": narbonne, "uai": "0110427E", "category": "notes", "priority": "normal", "state": "new",
        "level": "academy", "profile": "guardian", "opened_at": now, "taken_at": now,
        "answer_due_at": now + timedelta(days=1), "solve_due_at": now + timedelta(days=5),
    }  # fmt: skip
    return TicketHeader.objects.create(id=uuid4(), **defaults | facts)


def shown(page):
    return {line["row"].pk for line in page.context["lines"]}


def test_the_queue_shows_the_open_ones_of_the_academy(browser, narbonne):
    wanted = header(narbonne)
    header(narbonne, state="solved")
    header(narbonne, level="school")
    assert shown(browser.get("/assistance/")) == {wanted.pk}


def test_the_queue_is_filtered(browser, narbonne, lea):
    mine = header(narbonne, assigned_to=lea)
    late = header(narbonne, answer_due_at=timezone.now() - timedelta(hours=1))
    code = header(narbonne, category="sign_in")
    solved = header(narbonne, state="solved")
    assert shown(browser.get("/assistance/?voir=moi")) == {mine.pk}
    assert shown(browser.get("/assistance/?voir=retard")) == {late.pk}
    assert shown(browser.get("/assistance/?sujet=sign_in")) == {code.pk}
    assert shown(browser.get("/assistance/?voir=tout")) == {mine.pk, late.pk, code.pk, solved.pk}
    assert shown(browser.get("/assistance/?q=narb")) == {mine.pk, late.pk, code.pk}
    assert shown(browser.get("/assistance/?q=coursan")) == set()


def test_the_queue_costs_the_same_however_long(browser, narbonne):
    counts = []
    for _turn in range(2):
        for _n in range(5):
            header(narbonne)
        browser.get("/assistance/")
        with CaptureQueriesContext(connection) as captured:
            browser.get("/assistance/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_agent_follows_a_request_and_lets_it_go(browser, narbonne, lea):
    row = header(narbonne)
    path = f"/assistance/demandes/{row.pk}/"
    assert "Lea Marty" in browser.post(f"{path}suivre/", {"to": "me"}, follow=True).content.decode()
    row.refresh_from_db()
    assert row.assigned_to == lea
    browser.post(f"{path}suivre/", {"to": "nobody"})
    row.refresh_from_db()
    assert row.assigned_to is None


def test_an_inspector_sees_the_requests_of_the_circonscription_only(narbonne, reference, academy):
    mine, other = header(narbonne, uai="0110427E"), header(narbonne, uai="0110357D")
    town = header(narbonne, uai="")
    from shared_apps.reference.models import RefSchool

    district = RefSchool.objects.get(uai="0110427E").district_id
    ien = factories.staff("Jean", "Vieu", role=Role.INSPECTOR, scope=district)
    assert RefSchool.objects.get(uai="0110357D").district_id != district
    assert shown(academy(ien).get("/assistance/")) == {mine.pk}
    assert academy(ien).get(f"/assistance/demandes/{other.pk}/").status_code == 404
    assert academy(ien).get(f"/assistance/demandes/{town.pk}/").status_code == 404


def test_the_figures_are_medians_by_category(browser, narbonne, lea):
    now = timezone.now()
    for minutes in (10, 20, 500):
        facts = {"answer_minutes": minutes, "solve_minutes": minutes * 2, "rating": 4}
        header(narbonne, category="sign_in", answered_at=now, solved_at=now, state="solved", **facts)
    header(narbonne, category="imports")
    header(narbonne, category="imports", opened_at=now - timedelta(days=120))
    whole, by_category = figures_of(lea)
    assert (whole.opened, whole.answer_minutes, whole.solve_minutes, whole.rating) == (4, 20, 40, 4.0)
    assert {row.code: row.opened for row in by_category} == {"sign_in": 3, "imports": 1}
    assert "20 min" in browser.get("/assistance/chiffres/").content.decode()


def test_what_came_late_is_counted_as_late(narbonne, lea):
    now = timezone.now()
    header(narbonne, answered_at=now, answer_due_at=now + timedelta(hours=1))
    header(narbonne, answered_at=now, answer_due_at=now - timedelta(hours=1))
    whole, _rows = figures_of(lea)
    assert (whole.answered_in_time, whole.answered) == (1, 2)


def test_a_text_changed_is_a_new_version_and_the_old_one_stays(browser, lea):
    browser.post("/assistance/reponses/ajouter/", {"title": "Code", "category": "sign_in", "body": "Un."})
    canned = CannedAnswer.objects.get()
    path = f"/assistance/reponses/{canned.pk}/"
    browser.post(path, {"title": "Code perdu", "category": "sign_in", "body": "Deux."})
    browser.post(path, {"title": "Code perdu", "category": "sign_in", "body": "Deux."})
    assert list(canned.texts.values_list("number", "body")) == [(2, "Deux."), (1, "Un.")]
    assert "Un." in browser.get(path).content.decode()


def test_two_texts_do_not_bear_one_title(browser, lea):
    for status in (302, 422):
        typed = {"title": "Code", "category": "sign_in", "body": "Un."}
        assert browser.post("/assistance/reponses/ajouter/", typed).status_code == status


def test_a_text_kept_ready_is_read_again_before_it_leaves(browser, narbonne, lea):
    text = services.write_canned(actor=lea, title="Code", category="sign_in", body="Demandez un nouveau code.")
    row = header(narbonne)
    page = browser.get(f"/assistance/demandes/{row.pk}/?reponse={text.answer_id}").content.decode()
    assert "Demandez un nouveau code." in page
    assert browser.get(f"/assistance/demandes/{row.pk}/?reponse=n-importe-quoi").status_code == 200


def test_a_text_withdrawn_is_no_longer_offered(browser, lea):
    text = services.write_canned(actor=lea, title="Code", category="sign_in", body="…")
    browser.post(f"/assistance/reponses/{text.answer_id}/retirer/")
    assert "Code" not in browser.get("/assistance/reponses/").content.decode().split("</header>")[-1]


def test_who_only_reads_figures_answers_nothing(narbonne, reference):
    reader = factories.staff("Amina", "Haddad", role=Role.STATISTICIAN)
    with pytest.raises(PermissionDenied):
        services.answer(actor=reader, header=header(narbonne), body="…")
    with pytest.raises(PermissionDenied):
        services.read_thread(actor=reader, header=header(narbonne))


def test_the_api_gives_headers_and_figures(browser, narbonne):
    row = header(narbonne, category="sign_in", answer_minutes=30, answered_at=timezone.now())
    found = browser.get("/api/v1/tickets/?category=sign_in").json()["results"]
    assert [one["id"] for one in found] == [str(row.pk)]
    assert found[0]["commune"] == "11262"
    assert browser.get("/api/v1/tickets/?category=imports").json()["results"] == []
    whole, by_category = browser.get("/api/v1/support-figures/").json()
    assert (whole["category"], whole["answer_minutes"], by_category["category"]) == ("", 30, "sign_in")

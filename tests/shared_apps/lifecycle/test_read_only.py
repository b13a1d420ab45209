"""A commune whose convention is over: all is read, nothing is written, and its neighbour doesn't notice."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import get_resolver
from django.utils import timezone

from core.errors import DomainError
from core.tenancy import in_schema
from shared_apps.accounts.models import User
from shared_apps.lifecycle import night, services
from shared_apps.lifecycle.models import Ending
from shared_apps.notifications import outbox, tasks
from shared_apps.notifications.models import OutboxEntry
from tenants.hosts import hosts
from tenants.models import Commune
from tests.support.sign_in import sign_in

HOST, OTHER = "narbonne.localhost", "lezignan-corbieres.localhost"


@pytest.fixture
def terminated(case, administrator) -> Ending:
    ending = services.terminate(actor=administrator, case=case, on=timezone.localdate(), reason="fusion")
    hosts.clear()
    return ending


def archived(ending: Ending) -> Ending:
    Ending.objects.filter(pk=ending.pk).update(readable_until=timezone.localdate() - timedelta(days=1))
    night.follow_all()
    hosts.clear()
    ending.refresh_from_db()
    return ending


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/mots/ecrire/", "/annee-prochaine/", "/api/v1/schools/", "/droits/"])
def test_every_writing_is_refused_in_french_and_the_neighbour_goes_on(terminated, lezignan, browser_of, method, path):
    answer = getattr(browser_of(HOST), method)(path)
    assert answer.status_code == 423
    assert "Rien ne peut plus être changé ici" in answer.content.decode()
    assert getattr(browser_of(OTHER), method)(path).status_code != 423


def test_one_reads_signs_in_and_sees_until_when(terminated, browser_of):
    page = browser_of(HOST).get("/connexion/")
    assert page.status_code == 200
    assert "lecture seule" in page.content.decode()
    assert browser_of(HOST).post("/connexion/", {"identifier": "x", "password": "y"}).status_code not in {423, 503}


def test_the_acts_that_pass_are_real_pages():
    known = {f"{space}:{name}" for space, (_p, r) in _resolvers() for name in r.reverse_dict if isinstance(name, str)}
    assert settings.ENT_READ_ONLY_ACTS - {"demo_ticket"} <= known


def _resolvers():
    return get_resolver(settings.ROOT_URLCONF).namespace_dict.items()


def test_effects_wait_but_for_those_one_needs_to_come_in(terminated, in_narbonne, monkeypatch):
    done = []
    monkeypatch.setitem(outbox.registry.outbox_handlers._items, "accounts.mail", done.append)
    monkeypatch.setitem(outbox.registry.outbox_handlers._items, "notifications.mail", done.append)
    outbox.put("notifications.mail", key="a", payload={"notification": "a"})
    outbox.put("accounts.mail", key="b", payload={"what": "b"})
    tasks.deliver.apply_async()
    assert done == [{"what": "b"}]
    assert OutboxEntry.objects.due().count() == 1


def test_a_task_of_the_commune_does_nothing_and_the_neighbour_s_is_done(terminated, lezignan, monkeypatch):
    from tenant_apps.imports import tasks as imports

    done = []
    monkeypatch.setattr(imports.write, "run", lambda *args: done.append(args))
    for schema in ("c_11262", lezignan.schema_name):
        with in_schema(schema):
            imports.write.apply_async(["plan", "actor"])
    assert len(done) == 1


def test_after_sixty_days_the_space_is_archived_and_its_sessions_end(terminated, browser_of, narbonne):
    with in_schema("c_11262"):
        user = User.objects.create(identifier="a.b", first_name="A", last_name="B", password="!")
        sign_in(browser_of(HOST), HOST, user)
        assert Session.objects.exists()
    night.follow_all()
    narbonne.refresh_from_db()
    assert narbonne.state == Commune.State.READ_ONLY
    ending = archived(terminated)
    page = browser_of(HOST).get("/")
    assert (page.status_code, ending.state) == (503, Ending.State.ARCHIVED)
    assert "est archivé" in page.content.decode()
    with in_schema("c_11262"):
        assert not Session.objects.exists()
    assert browser_of(OTHER).get("/connexion/").status_code == 200


def test_a_suspension_has_a_reason_and_is_lifted_back_to_where_the_case_was(case, administrator, narbonne):
    services.suspend(actor=administrator, insee="11262", reason="compte de direction compromis")
    case.refresh_from_db()
    assert (case.state, case.suspensions.get().reason) == ("suspended", "compte de direction compromis")
    services.lift_suspension(actor=administrator, insee="11262")
    case.refresh_from_db()
    narbonne.refresh_from_db()
    assert (case.state, narbonne.state) == ("open", "open")
    assert case.suspensions.get().lifted_by == administrator


def test_an_end_lets_in_nobody_whom_a_suspension_kept_out(case, administrator, narbonne):
    services.suspend(actor=administrator, insee="11262", reason="compte de direction compromis")
    case.refresh_from_db()
    services.terminate(actor=administrator, case=case, on=timezone.localdate(), reason="fusion")
    narbonne.refresh_from_db()
    assert narbonne.state == Commune.State.SUSPENDED
    services.lift_suspension(actor=administrator, insee="11262")
    narbonne.refresh_from_db()
    case.refresh_from_db()
    assert (narbonne.state, case.state) == (Commune.State.READ_ONLY, "terminated")


def test_a_commune_in_maintenance_waits_for_its_end(case, administrator, narbonne):
    Commune.objects.filter(pk=narbonne.pk).update(state=Commune.State.MAINTENANCE)
    with pytest.raises(DomainError) as refusal:
        services.terminate(actor=administrator, case=case, on=timezone.localdate(), reason="fusion")
    assert refusal.value.code == "in_maintenance"
    assert not Ending.objects.exists()

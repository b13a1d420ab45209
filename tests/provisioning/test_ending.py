"""The erasure of a commune, in real schemas: nothing is left of it, and all of the other."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from core.errors import DomainError
from core.tenancy import in_public, in_schema
from provisioning import tasks
from provisioning.ending import machine, steps
from shared_apps.audit.models import Entry
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import storage
from shared_apps.lifecycle import services, statement
from shared_apps.lifecycle.models import Ending, Handover, Package
from shared_apps.onboarding import services as onboarding
from shared_apps.onboarding.models import Case
from shared_apps.reference.models import RefSchool
from tenant_apps.schools.models import School
from tenants.models import Commune, Domain
from tests.provisioning.cases import signed_case, staff
from tests.provisioning.catalogue import lines_of

SCHEMA, OTHER = "c_11069", "c_11203"
STEPS = list(steps.STEPS)


@pytest.fixture
def ending(provisioning_database, settings, tmp_path) -> Ending:
    """Carcassonne, opened for good, archived, its packages made and received, its erasure ordered and due."""
    from provisioning import services as provisioning
    from provisioning.opening import machine as opening

    settings.MEDIA_ROOT = tmp_path
    signed_case()
    with in_public():
        opening.run(provisioning.request_opening(actor=None, insee="11069", by_worker=False).pk)
        case = Case.objects.get(commune="11069")
        made = services.terminate(actor=None, case=case, on=timezone.localdate(), reason="fusion")
        Ending.objects.update(readable_until=timezone.localdate() - timedelta(days=1))
        services.archive(ending=made)
        received(made)
        made.refresh_from_db()
        services.order_erasure(actor=staff("administrator"), ending=made, typed_name="carcassonne")
        due(made)
    with in_schema(SCHEMA):
        cache.set("essai", 1)
    with in_schema(OTHER):
        cache.set("essai", 1)
        storage().save(f"{OTHER}/essai", ContentFile(b"x"))
    return made


def received(made: Ending) -> None:
    from shared_apps.lifecycle import packages

    while packages.build_one():
        pass
    now = timezone.now()
    assert not made.packages.exclude(state=Package.State.READY).exists()
    for package in made.packages.exclude(handovers__isnull=False):
        Handover.objects.create(package=package, to="mayor" if package.kind == "town" else "head")
    Handover.objects.update(received_at=now, received_by="Claude Vidal")


def due(made: Ending) -> None:
    Ending.objects.filter(pk=made.pk).update(erasable_at=timezone.now() - timedelta(seconds=1))


def ask(sql: str, *params: object) -> int:
    with in_public(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def check_nothing_is_left(made: Ending) -> None:
    assert steps.what_is_left(SCHEMA) == []
    assert not storage().exists(SCHEMA)
    with in_schema(SCHEMA):
        assert cache.get("essai") is None
    assert not Domain.objects.filter(domain="carcassonne.localhost").exists()
    assert not made.case.contacts.exists()
    assert not Handover.objects.exclude(email="").exists()


def check_the_other_lives(browser_of) -> None:
    assert Commune.objects.get(insee="11203").state == "open"
    assert ask("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s", OTHER)
    with in_schema(OTHER):
        assert cache.get("essai") == 1
    assert storage().exists(f"{OTHER}/essai")
    assert browser_of("lezignan-corbieres.localhost").get("/connexion/").status_code == 200


def test_nothing_is_left_of_the_commune_and_the_other_is_untouched(ending, browser_of):
    assert browser_of("carcassonne.localhost").get("/").status_code == 503
    before = lines_of(OTHER)
    tasks.erase_due.apply_async()
    ending.refresh_from_db()
    assert (ending.state, ending.error) == (Ending.State.ERASED, "")
    check_nothing_is_left(ending)
    assert browser_of("carcassonne.localhost").get("/").status_code == 404
    assert lines_of(OTHER) == before
    check_the_other_lives(browser_of)


def test_the_statement_says_what_was_there_and_a_change_of_it_is_seen(ending):
    tasks.erase_due.apply_async()
    ending.refresh_from_db()
    said = ending.statement
    assert said["rows"] == sum(said["rows_by_table"].values()) > 0
    assert said["files"] == Package.objects.count() == len(said["packages"])
    assert len(said["audit_head"]) == 64
    assert statement.is_intact(ending, statement.seal(ending))
    assert statement.pdf(ending).startswith(b"%PDF")
    assert Entry.objects.get(action="lifecycle.erased").facts == {"sha256": ending.statement_sha256}
    ending.statement["rows"] += 1
    assert not statement.is_intact(ending)
    assert "Ricard" not in str(said)


@pytest.mark.parametrize("name", STEPS)
def test_stopped_within_any_step_it_goes_on_where_it_was(ending, monkeypatch, name):
    real = steps.STEPS[name]

    def dying(made):
        real(made)
        raise KeyboardInterrupt  # as a process that is killed: nothing catches it

    monkeypatch.setitem(steps.STEPS, name, dying)
    with pytest.raises(KeyboardInterrupt):
        machine.run(ending.pk)
    assert ending.steps.count() == STEPS.index(name)
    monkeypatch.setitem(steps.STEPS, name, real)
    machine.run(ending.pk)
    ending.refresh_from_db()
    assert ending.state == Ending.State.ERASED
    assert ending.steps.count() == len(STEPS)
    check_nothing_is_left(ending)


def test_it_never_begins_before_the_notice_nor_before_the_packages_are_taken(ending):
    Ending.objects.update(erasable_at=timezone.now() + timedelta(hours=1))
    machine.run(ending.pk)
    assert not ending.steps.exists()
    due(ending)
    Handover.objects.filter(package__kind="town").update(received_at=None, received_by="")
    machine.run(ending.pk)
    assert not ending.steps.exists()
    # Seven days before the term of the law, nobody is waited for.
    Ending.objects.update(erase_by=timezone.localdate() + timedelta(days=6))
    machine.run(ending.pk)
    ending.refresh_from_db()
    assert ending.state == Ending.State.ERASED
    assert [p["received_at"] for p in ending.statement["packages"] if p["kind"] == "town"] == [[]]


def test_an_order_taken_back_erases_nothing(ending):
    services.take_back_order(actor=None, ending=ending)
    tasks.erase_due.apply_async()
    assert not ending.steps.exists()
    assert Commune.objects.get(insee="11069").state == "archived"


def test_an_order_wants_the_name_and_all_packages(ending):
    services.take_back_order(actor=None, ending=ending)
    with pytest.raises(DomainError) as refusal:
        services.order_erasure(actor=None, ending=ending, typed_name="Narbonne")
    assert refusal.value.code == "wrong_name"
    Package.objects.filter(kind="town").update(state="failed")
    with pytest.raises(DomainError) as refusal:
        services.order_erasure(actor=None, ending=ending, typed_name="Carcassonne")
    assert refusal.value.code == "no_packages"


def test_a_commune_that_comes_back_has_a_new_and_empty_space(ending, browser_of):
    from provisioning import services as provisioning
    from provisioning.opening import machine as opening

    tasks.erase_due.apply_async()
    with in_public():
        ending.refresh_from_db()
        officer = ending.ordered_by
        case = services.come_back(actor=officer, case=Case.objects.get(commune="11069"))
        sign_anew(case, officer)
        made = provisioning.request_opening(actor=officer, insee="11069", by_worker=False)
        opening.run(made.pk)
        assert Case.objects.get(commune="11069").state == Case.State.OPEN
        assert Ending.objects.get().state == Ending.State.ERASED
    with in_schema(SCHEMA):
        assert cache.get("essai") is None
        assert School.objects.count() == 2
        assert not StoredFile.objects.exists()
    assert browser_of("carcassonne.localhost").get("/connexion/").status_code == 200


def sign_anew(case, officer) -> None:
    today = timezone.localdate()
    uais = list(RefSchool.objects.filter(commune="11069").values_list("uai", flat=True))
    onboarding.record_contacted(actor=officer, case=case, on=today)
    onboarding.draft_convention(actor=officer, case=case, uais=uais)
    onboarding.record_deliberation(actor=officer, case=case, number="2026-200", on=today)
    for side in ("commune", "academy"):
        facts = {"signer_name": "Hélène Castan", "signer_quality": "maire", "place": "Carcassonne"}
        onboarding.record_signature(actor=officer, case=case, side=side, signed_on=today, **facts)

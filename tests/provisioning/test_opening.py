"""Opening a commune: what is there when it is ready, and what is refused."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.errors import DomainError
from core.tenancy import in_public, in_schema
from provisioning import services, spares, tasks
from provisioning.models import Opening, OpeningStep
from provisioning.opening import machine, steps
from provisioning.sessions import only_one, owner
from shared_apps.accounts.models import User
from shared_apps.onboarding.models import Case
from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import CalendarDay, School, SchoolYear
from tenants.hosts import hosts
from tenants.models import Commune, Domain
from tests.provisioning.cases import Side, calendar, reference, signed_case
from tests.provisioning.catalogue import lines_of

SCHEMA = "c_11069"
HOST = "carcassonne.localhost"
State = Opening.State


def open_it(insee="11069"):
    with in_public():
        opening = services.request_opening(actor=None, insee=insee, by_worker=False)
        machine.run(opening.pk)
        opening.refresh_from_db()
    return opening


def test_an_opened_commune_has_its_schools_calendar_accounts_folder_and_address(
    provisioning_database, settings, tmp_path, browser_of
):
    settings.MEDIA_ROOT = tmp_path
    case = signed_case()
    calendar()
    opening = open_it()
    assert opening.state == State.READY
    assert [step.state for step in opening.steps.all()] == ["done"] * 8
    assert all(step.milliseconds is not None for step in opening.steps.all())
    commune = Commune.objects.get(insee="11069")
    assert (commune.schema_name, commune.state) == (SCHEMA, "open")
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    with in_schema(SCHEMA):
        assert School.objects.count() == 2
        assert SchoolYear.objects.get().label == "2026-2027"
        assert CalendarDay.objects.get().label == "Vacances de Noël"
        roles = sorted(StaffAssignment.objects.values_list("role", flat=True))
        assert roles == ["head", "head", "school_service"]
        assert User.objects.filter(identifier="thierry.molinier", person__isnull=False).exists()
    assert (tmp_path / SCHEMA).is_dir()
    assert browser_of(HOST).get("/").status_code in {200, 302}


def test_a_commune_opened_from_a_spare_is_like_one_laid_on_demand(provisioning_database):
    signed_case()
    with owner():
        spares.fill(1)
    opening = open_it()
    assert opening.steps.get(name="schema").detail == "tiré de la réserve"
    with owner():
        assert lines_of(SCHEMA) == lines_of("c_11262")
        assert not spares.SpareSchema.objects.exists()


def test_the_address_is_attached_when_everything_else_is_done(provisioning_database, monkeypatch, browser_of):
    signed_case()
    seen = {}

    def spy(name):
        real = steps.STEPS[name]

        def step(opening, facts):
            seen[name] = Domain.objects.filter(domain=HOST).exists()
            return real(opening, facts)

        return step

    monkeypatch.setattr(machine, "STEPS", {name: spy(name) for name in steps.STEPS})
    open_it()
    assert [name for name, attached in seen.items() if attached] == ["ready"]


@pytest.mark.parametrize(
    ("insee", "words"), [("99999", "pas dans le référentiel"), ("11262", "existe déjà"), ("11069", "pas de convention")]
)
def test_an_opening_that_can_not_be_is_refused_in_french_and_changes_nothing(provisioning_database, insee, words):
    with in_public():
        reference()
    with pytest.raises(DomainError, match=words):
        open_it(insee)
    assert not Opening.objects.exists()


def test_a_convention_signed_by_one_side_does_not_open(provisioning_database):
    case = signed_case(sides=[Side.COMMUNE], state=Case.State.SIGNED_BY_COMMUNE)
    with pytest.raises(CommandError, match="pas encore par l’académie"):
        call_command("commune", "open", "11069")
    case.refresh_from_db()
    assert case.state == Case.State.SIGNED_BY_COMMUNE
    assert not Opening.objects.exists()


def test_a_second_request_is_refused_while_the_first_is_under_way(provisioning_database):
    signed_case()
    with in_public():
        services.request_opening(actor=None, insee="11069", by_worker=False)
        with pytest.raises(DomainError, match="déjà en cours"):
            services.request_opening(actor=None, insee="11069", by_worker=False)
    assert Opening.objects.count() == 1


def test_two_processes_that_open_one_commune_do_it_once(provisioning_database, monkeypatch):
    signed_case()
    calls = []
    real = steps.STEPS["tables"]
    inside, go_on = threading.Event(), threading.Event()

    def slow(opening, facts):
        calls.append(threading.get_ident())
        inside.set()
        go_on.wait(30)
        return real(opening, facts)

    monkeypatch.setitem(machine.STEPS, "tables", slow)
    with in_public():
        opening = services.request_opening(actor=None, insee="11069", by_worker=False)

    def first():
        machine.run(opening.pk)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(30)
    machine.run(opening.pk)  # returns at once
    go_on.set()
    thread.join()
    assert len(calls) == 1
    opening.refresh_from_db()
    assert opening.state == State.READY


def test_a_step_that_fails_tells_why_and_resume_goes_on_from_it(provisioning_database, monkeypatch):
    signed_case()

    def broken(opening, facts):
        raise OSError("the disk is full at /srv/media")

    monkeypatch.setitem(machine.STEPS, "files", broken)
    opening = open_it()
    assert opening.state == State.FAILED
    assert "erreur technique" in opening.error
    assert "/srv" not in opening.error
    assert opening.steps.get(name="files").state == "failed"
    assert not Domain.objects.filter(domain=HOST).exists()
    monkeypatch.undo()
    before = opening.steps.get(name="tables").ended_at
    with in_public():
        services.resume_opening(actor=None, opening=opening, by_worker=False)
        machine.run(opening.pk)
    opening.refresh_from_db()
    assert opening.state == State.READY
    assert opening.steps.get(name="tables").ended_at == before


def test_reconcile_takes_up_what_a_dead_worker_left_and_leaves_the_rest(provisioning_database, monkeypatch):
    signed_case()
    sent = []
    monkeypatch.setattr(tasks, "send", sent.append)
    with in_public():
        opening = services.request_opening(actor=None, insee="11069", by_worker=False)
        with only_one(opening.lock):
            tasks.reconcile.apply_async()
        assert sent == []
        tasks.reconcile.apply_async()
    assert sent == [opening.pk]


def test_an_opening_interrupted_again_and_again_is_handed_to_the_academy(provisioning_database):
    signed_case()
    with in_public():
        opening = services.request_opening(actor=None, insee="11069", by_worker=False)
        Opening.objects.update(attempts=machine.MAX_ATTEMPTS)
        machine.run(opening.pk)
    opening.refresh_from_db()
    assert opening.state == State.FAILED
    assert "interrompue" in opening.error


@pytest.mark.parametrize(
    ("name", "department", "host"),
    [
        ("Bages", "11", "bages-11.localhost"),
        ("Assistance", "11", "assistance-11.localhost"),
        ("Sète", "34", "sete.localhost"),
    ],
)
def test_a_name_that_clashes_or_is_reserved_takes_its_departement(db, name, department, host):
    from provisioning.opening import addresses

    reference(insee="66011", name="Bages", department_code="66", department="Pyrénées-Orientales")
    assert addresses.choose(insee="11024", name=name, department_code=department) == host


def test_a_suspended_commune_is_closed_and_comes_back(provisioning_database, browser_of):
    call_command("commune", "suspend", "11262")
    assert browser_of("narbonne.localhost").get("/").status_code == 503
    call_command("commune", "resume", "11262")
    hosts.clear()  # as its notice does, a moment later
    assert browser_of("narbonne.localhost").get("/").status_code in {200, 302}


def test_the_command_opens_a_commune_and_prints_its_steps(provisioning_database, capsys):
    signed_case()
    call_command("commune", "open", "11069")
    printed = capsys.readouterr().out
    assert "Premiers comptes : mairie et 2 directions" in printed
    assert HOST in printed
    assert OpeningStep.objects.filter(state="done").count() == 8


def test_what_the_request_knew_of_people_is_wiped_when_the_commune_opens(provisioning_database):
    signed_case()
    with in_public():
        opening = services.request_opening(actor=None, insee="11069", by_worker=False)
    assert "Molinier" in str(opening.facts)
    machine.run(opening.pk)
    opening.refresh_from_db()
    assert opening.facts == {}


def test_a_resume_reads_what_the_academy_corrected(provisioning_database, monkeypatch):
    case = signed_case()
    monkeypatch.setitem(machine.STEPS, "files", lambda opening, facts: 1 / 0)
    opening = open_it()
    monkeypatch.undo()
    case.contacts.filter(role="school_service").update(last_name="Roca")
    case.mandates.update(last_name="Roca")
    with in_public():
        services.resume_opening(actor=None, opening=opening, by_worker=False)
        machine.run(opening.pk)
    with in_schema(SCHEMA):
        assert User.objects.filter(identifier="thierry.roca").exists()

"""SIGKILL at every step: an opening resumes where it was, and nobody ever enters a commune half made."""

import json
import os
import signal
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core.tenancy import in_public
from provisioning import services, spares, tasks, template
from provisioning.ending.steps import what_is_left
from provisioning.models import MigrationResult, MigrationRun, Opening, OpeningStep
from provisioning.sessions import only_one, owner
from shared_apps.lifecycle.models import Ending
from shared_apps.onboarding.models import Case
from tenants.models import Commune, Domain
from tests.conftest import OWN
from tests.infra.launchers import ROOT
from tests.provisioning.cases import signed_case
from tests.provisioning.catalogue import lines_of
from tests.provisioning.later import ADD_MOTTO, release

SCHEMA = "c_11069"
KILLED = -signal.SIGKILL
STEPS = [name for name in OpeningStep.Name.values if name != "requested"]


class Mortal:
    """The helper process, and what must be true each time one of its children died."""

    def __init__(self, process, opening):
        self.process, self.opening = process, opening

    def dies(self, step, moment):
        assert obey(self.process, {"opening": str(self.opening.pk), "step": step, "moment": moment}) == KILLED
        with only_one(self.opening.lock, wait=True):  # until the server has noticed that the session is gone
            check_no_orphan()
            check_nobody_enters_too_early(self.opening)


def obey(process, order):
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


@pytest.fixture(scope="module")
def process(running_cluster, tmp_path_factory):
    """One for all tests: each order is obeyed by a child that connects anew, to the test's own database."""
    media = tmp_path_factory.mktemp("media")
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.provisioning.mortal"],
        cwd=ROOT,
        env=environment(running_cluster, OWN, media),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    started.media = media
    yield started
    started.stdin.close()
    started.wait(30)
    started.stdout.close()


@pytest.fixture
def mortal(process, provisioning_database, settings):
    settings.MEDIA_ROOT = process.media
    signed_case()
    with in_public():
        opening = services.request_opening(actor=None, insee="11069", by_worker=False)
    return Mortal(process, opening)


def environment(cluster, name, media):
    def url(kind):
        return cluster[kind].rsplit("/", 1)[0] + "/" + name

    return os.environ | {
        "ENT_DATABASE_URL": url("app_url"),
        "ENT_OWNER_DATABASE_URL": url("owner_url"),
        "ENT_MEDIA_DIR": str(media),
    }


def check_no_orphan():
    known = set(Commune.objects.values_list("schema_name", flat=True))
    known |= set(spares.SpareSchema.objects.values_list("schema_name", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'c\\_%'")
        assert {name for (name,) in cursor.fetchall()} == known
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'c\\_%'")
        assert {name for (name,) in cursor.fetchall()} == known


def check_nobody_enters_too_early(opening):
    opening.refresh_from_db()
    is_ready = opening.state == Opening.State.READY
    assert Commune.objects.reachable().filter(insee=opening.insee).exists() == is_ready
    attached = Domain.objects.filter(domain=opening.domain).exists()
    assert attached == opening.steps.get(name="domain").is_done


def finish(opening):
    tasks.reconcile.apply_async()  # tasks are eager in the suite: the opening runs here
    opening.refresh_from_db()
    assert opening.state == Opening.State.READY
    assert [step.state for step in opening.steps.all()] == ["done"] * 8
    check_no_orphan()
    with owner():
        assert lines_of(SCHEMA) == lines_of("c_11262")


@pytest.mark.parametrize("step", STEPS)
def test_killed_before_within_and_after_a_step_the_opening_ends_ready(mortal, step):
    mortal.dies(step, "before")
    mortal.dies(step, "worked")
    mortal.dies(step, "committed")
    finish(mortal.opening) if step != "ready" else check_nobody_enters_too_early(mortal.opening)


def test_killed_while_it_takes_a_spare_the_spare_is_back_in_the_stock(mortal):
    with owner():
        spares.fill(1)
    mortal.dies("schema", "worked")
    assert spares.SpareSchema.objects.count() == 1
    finish(mortal.opening)
    assert not spares.SpareSchema.objects.exists()


def test_killed_five_times_in_a_row_the_opening_ends_ready(mortal):
    for step, moment in zip(STEPS, ["worked", "before", "worked", "before", "worked"], strict=False):
        mortal.dies(step, moment)
    finish(mortal.opening)
    assert mortal.opening.attempts == 6


def test_killed_before_the_request_is_committed_nothing_is_there(provisioning_database, monkeypatch):
    signed_case()

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "mark_provisioning", die)
    with pytest.raises(KeyboardInterrupt), in_public():
        services.request_opening(actor=None, insee="11069")
    assert not Opening.objects.exists()
    check_no_orphan()


def test_a_fleet_migration_killed_half_way_goes_on_with_the_rest_only(
    process, provisioning_database, settings, tmp_path
):
    release(settings, tmp_path, "schools", ADD_MOTTO)
    order = {"migrate": settings.MIGRATION_MODULES, "folder": str(tmp_path), "after": 1}
    assert obey(process, order) == KILLED
    with owner(), in_public(), only_one("fleet", wait=True):
        first = MigrationResult.objects.get()
    call_command("fleet", "migrate", verbosity=0)
    interrupted, done = MigrationRun.objects.order_by("created_at")
    assert (interrupted.state, done.state) == ("interrupted", "done")
    second = MigrationResult.objects.get(run=done)
    assert {first.schema_name, second.schema_name} == {"c_11262", "c_11203"}
    assert done.up_to_date == 1
    template.fingerprint.cache_clear()


@pytest.mark.parametrize("step", ["door", "files", "schema", "academy"])
def test_an_erasure_killed_within_a_step_goes_on_and_leaves_nothing(mortal, process, step):
    finish(mortal.opening)
    with in_public():
        case = Case.objects.get(commune="11069")
        ending = Ending.objects.create(
            case=case,
            is_termination=True,
            schema_name=SCHEMA,
            state=Ending.State.ERASING,
            ended_on=timezone.localdate(),
            readable_until=timezone.localdate(),
            erase_by=timezone.localdate(),
        )
    assert obey(process, {"erase": str(ending.pk), "step": step}) == KILLED
    with only_one(ending.lock, wait=True):  # until the server has noticed that the session is gone
        assert not ending.steps.filter(name=step).exists()
    tasks.erase_due.apply_async()
    ending.refresh_from_db()
    assert ending.state == Ending.State.ERASED
    assert what_is_left(SCHEMA) == []

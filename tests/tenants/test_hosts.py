"""From a host name to a commune: which names lead where, and how long a process remembers."""

import os
import re
import threading
from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connection

from core.tenancy import in_public
from tenants.hosts import CHANNEL, HostCache, announce_change, hosts
from tenants.models import Commune, Domain

DEADLINE = 10  # seconds, for what another thread or process does


# --- which names lead where

NARBONNE = "narbonne.localhost"
SAME = [NARBONNE, "NARBONNE.localhost", "Narbonne.LocalHost", f"{NARBONNE}.", f"{NARBONNE}:8000", f"{NARBONNE}.:443"]
OTHERS = [
    "",
    "localhost",
    "localhost:8000",
    "nullepart.localhost",
    "lezignan.localhost",
    f"www.{NARBONNE}",
    f"{NARBONNE}..",
    f".{NARBONNE}",
    f"{NARBONNE}.evil.test",
    f"evil.test/{NARBONNE}",
    f"{NARBONNE}/lezignan-corbieres.localhost",
    f"{NARBONNE}:80:80",
    f"{NARBONNE}:",
    f"{NARBONNE}:-1",
    f"{NARBONNE}:x",
    f"user@{NARBONNE}",
    f"user:pass@{NARBONNE}",
    f"{NARBONNE}@evil.test",
    f"{NARBONNE}#evil.test",
    f"{NARBONNE}?evil.test",
    f"{NARBONNE},lezignan-corbieres.localhost",
    f"{NARBONNE} lezignan-corbieres.localhost",
    f"{NARBONNE}\tlezignan-corbieres.localhost",
    f"{NARBONNE}\r\nHost: lezignan-corbieres.localhost",
    f"{NARBONNE}\x00",
    f"{NARBONNE}%00",
    f"http://{NARBONNE}",
    "narbonne",
    "narbonne.LOCALHOST.localhost",
    "nаrbonne.localhost",
    "xn--nrbonne-8fg.localhost",
    "narbonné.localhost",
    "narbonne。localhost",
    "narbonne%2elocalhost",
    "127.0.0.1",
    "127.0.0.1:8000",
    "[::1]",
    "[::1]:8000",
    f"[{NARBONNE}]",
    "c_11262",
    "c_11262.localhost",
    "public",
    "public.localhost",
    "*.localhost",
    "%.localhost",
    "' OR 1=1 --.localhost",
    "a" * 64 + ".localhost",
    "a." * 140 + "localhost",
]


def commune_served(client, **headers) -> str | None:
    response = client.get("/healthz-of-nobody/", **headers)
    host = response.wsgi_request.host_entry
    return host.schema_name if host else None


@pytest.mark.parametrize("name", SAME)
def test_the_same_host_written_otherwise_is_the_same_commune(db, client, name):
    assert commune_served(client, HTTP_HOST=name) == "c_11262"


@pytest.mark.parametrize("name", OTHERS)
def test_no_variant_of_a_host_selects_a_commune(db, client, name):
    response = client.get("/", HTTP_HOST=name)
    assert response.status_code == 404
    assert response.wsgi_request.host_entry is None


@pytest.mark.parametrize(
    "header",
    ["X_FORWARDED_HOST", "X_HOST", "FORWARDED", "X_FORWARDED_SERVER", "X_ORIGINAL_HOST", "X_HTTP_HOST_OVERRIDE"],
)
def test_no_other_header_chooses_the_commune(db, client, header):
    value = "host=lezignan-corbieres.localhost" if header == "FORWARDED" else "lezignan-corbieres.localhost"
    assert commune_served(client, HTTP_HOST=NARBONNE, **{f"HTTP_{header}": value}) == "c_11262"


def test_the_name_and_port_of_the_server_do_not_choose_the_commune(db, client):
    environ = {"SERVER_NAME": "lezignan-corbieres.localhost", "SERVER_PORT": "443"}
    assert commune_served(client, HTTP_HOST=NARBONNE, **environ) == "c_11262"


def test_an_absolute_address_in_the_request_does_not_choose_the_commune(db, client):
    response = client.get("http://lezignan-corbieres.localhost/", HTTP_HOST=NARBONNE)
    assert response.wsgi_request.host_entry.schema_name == "c_11262"


def test_a_doubled_host_header_is_no_host(db, client):
    """WSGI servers join repeated headers with a comma."""
    response = client.get("/", HTTP_HOST=f"{NARBONNE},{NARBONNE}")
    assert response.status_code == 404


def test_an_unknown_host_is_told_so_in_french_and_its_name_is_not_repeated(db, client):
    response = client.get("/", HTTP_HOST="nullepart.localhost")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Cette adresse n’est celle d’aucune commune." in page
    assert "nullepart" not in page
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("maintenance", "est en maintenance"),
        ("suspended", "est suspendu"),
        ("archived", "est archivé"),
        ("opening", "n’est pas encore ouvert"),
    ],
)
def test_a_commune_that_is_not_open_says_why(narbonne, client, state, words):
    Commune.objects.filter(pk=narbonne.pk).update(state=state)
    response = client.get("/", HTTP_HOST=NARBONNE)
    assert response.status_code == 503
    assert words in response.content.decode()
    assert "Narbonne" in response.content.decode()
    assert response.headers["Retry-After"]


def test_the_other_communes_live_on_while_one_is_in_maintenance(narbonne, client):
    Commune.objects.filter(pk=narbonne.pk).update(state="maintenance")
    assert client.get("/", HTTP_HOST="lezignan-corbieres.localhost").status_code != 503


def test_a_commune_open_for_reading_only_answers(narbonne, client):
    Commune.objects.filter(pk=narbonne.pk).update(state="read_only")
    assert client.get("/", HTTP_HOST=NARBONNE).status_code != 503


# --- how long a process remembers


@pytest.fixture
def remembering(own_database) -> Iterator[HostCache]:
    """A cache whose listener hears this test's database."""
    cache = HostCache()
    assert cache.listener.wait(DEADLINE)
    yield cache
    cache.listener.stop()


def name_of_narbonne(cache: HostCache) -> str:
    return cache.get(NARBONNE).name


def dropped(cache: HostCache) -> threading.Event:
    """Set when the cache is next emptied."""
    event = threading.Event()
    clear = cache.clear

    def clear_and_tell() -> None:
        clear()
        event.set()

    cache.listener._on_change = clear_and_tell
    return event


def test_a_host_known_is_not_looked_up_again(remembering, django_assert_num_queries):
    assert name_of_narbonne(remembering) == "Narbonne"
    with django_assert_num_queries(0):
        assert name_of_narbonne(remembering) == "Narbonne"


def test_a_notice_committed_by_another_process_drops_what_is_known(remembering, own_database):
    assert name_of_narbonne(remembering) == "Narbonne"
    forgotten = dropped(remembering)
    with psycopg2.connect(own_database["superuser_url"], dbname=own_database["name"]) as other:
        other.cursor().execute("UPDATE public.tenants_commune SET name = 'Narbo' WHERE insee = '11262'")
        other.cursor().execute(f"NOTIFY {CHANNEL}")
        assert name_of_narbonne(remembering) == "Narbonne", "not committed yet"
    other.close()
    assert forgotten.wait(DEADLINE)
    assert name_of_narbonne(remembering) == "Narbo"


def test_a_change_is_announced_when_it_is_committed(remembering):
    name_of_narbonne(remembering)
    forgotten = dropped(remembering)
    with in_public():
        Commune.objects.filter(insee="11262").update(state="maintenance")
        announce_change()
    assert forgotten.wait(DEADLINE)
    assert not remembering.get(NARBONNE).is_reachable


def test_an_unknown_name_becomes_known_at_the_notice(remembering, django_assert_num_queries):
    assert remembering.get("narbo.localhost") is None
    with django_assert_num_queries(0):
        assert remembering.get("narbo.localhost") is None
    forgotten = dropped(remembering)
    with in_public():
        Domain.objects.create(domain="narbo.localhost", tenant=Commune.objects.get(insee="11262"), is_primary=False)
        announce_change()
    assert forgotten.wait(DEADLINE)
    assert remembering.get("narbo.localhost").schema_name == "c_11262"


def test_an_answer_read_before_a_notice_is_not_kept_after_it(remembering, monkeypatch, django_assert_num_queries):
    from tenants import hosts as module

    look_up = module._look_up

    def look_up_then_notice(domain):
        found = look_up(domain)
        remembering.clear()
        return found

    monkeypatch.setattr(module, "_look_up", look_up_then_notice)
    remembering.get(NARBONNE)
    with django_assert_num_queries(1):
        remembering.get(NARBONNE)


def end_listener_of(database: dict) -> None:
    with psycopg2.connect(database["superuser_url"]) as superuser, superuser.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'ent-listener' AND datname = %s",
            [database["name"]],
        )
    superuser.close()


def test_nothing_is_kept_while_nobody_listens(remembering, own_database, monkeypatch, django_assert_num_queries):
    lost, back = threading.Event(), threading.Event()
    listen = remembering.listener._listen

    def listen_when_told(stopping, ear):
        lost.set()
        back.wait(DEADLINE)
        listen(stopping, ear)

    monkeypatch.setattr(remembering.listener, "_listen", listen_when_told)
    monkeypatch.setattr(remembering.listener, "RETRY", 0)
    name_of_narbonne(remembering)
    end_listener_of(own_database)
    assert lost.wait(DEADLINE)
    for _ in range(2):
        with django_assert_num_queries(1):
            name_of_narbonne(remembering)
    back.set()
    assert remembering.listener.wait(DEADLINE)
    name_of_narbonne(remembering)
    with django_assert_num_queries(0):
        name_of_narbonne(remembering)


def test_an_answer_too_old_is_looked_up_again(own_database, django_assert_num_queries):
    now = [0.0]
    cache = HostCache(clock=lambda: now[0])
    assert cache.listener.wait(DEADLINE)
    try:
        cache.get(NARBONNE)
        now[0] += HostCache.MAX_AGE - 1
        with django_assert_num_queries(0):
            cache.get(NARBONNE)
        now[0] += 1
        with django_assert_num_queries(1):
            cache.get(NARBONNE)
    finally:
        cache.listener.stop()


def test_invented_names_do_not_fill_the_memory(remembering, monkeypatch):
    monkeypatch.setattr(HostCache, "MAX_UNKNOWN", 3)
    name_of_narbonne(remembering)
    for number in range(9):
        assert remembering.get(f"scan-{number}.localhost") is None
    assert set(remembering._unknown) == {f"scan-{number}.localhost" for number in (6, 7, 8)}
    assert set(remembering._known) == {NARBONNE}


def test_a_quiet_listener_checks_that_its_line_still_lives(remembering, own_database, monkeypatch):
    """A line cut without a word is only found out by asking."""
    from tenants import listener as module

    asked = threading.Event()
    ask = module._ask

    def ask_and_tell(session, statement):
        ask(session, statement)
        if statement == "SELECT 1":
            asked.set()

    monkeypatch.setattr(module, "_ask", ask_and_tell)
    monkeypatch.setattr(remembering.listener, "HEARTBEAT", 0.01)
    remembering.listener.stop()
    assert remembering.listener.wait(DEADLINE)
    assert asked.wait(DEADLINE)


# The very thing tested: a process with a thread forks.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_process_starts_empty_and_listens_by_itself(own_database):
    """As the web server's processes: the parent's thread, its session and its lock don't exist in the child."""
    hosts.listener.stop()
    assert hosts.listener.wait(DEADLINE)
    hosts.get(NARBONNE)
    connection.close()
    hosts._lock.acquire()
    try:
        code = in_a_fork(lambda: not hosts._known and hosts.listener.wait(DEADLINE) and bool(hosts.get(NARBONNE)))
    finally:
        hosts._lock.release()
    assert code == 0
    assert hosts.listener.is_listening
    hosts.listener.stop()


def in_a_fork(question) -> int:
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        code = 0 if question() else 2
    finally:
        os._exit(code)


def test_the_listener_does_not_hold_a_database_that_is_dropped(own_database, running_cluster):
    from tests.support import cluster

    cache = HostCache()
    assert cache.listener.wait(DEADLINE)
    lost = dropped(cache)
    connection.close()
    cluster.drop_database(running_cluster, own_database["name"])
    assert lost.wait(DEADLINE)
    cache.listener.stop()


def test_the_channel_is_a_plain_name():
    assert re.fullmatch("[a-z_]+", CHANNEL)

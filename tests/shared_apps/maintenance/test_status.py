"""`/etat/`: what is measured and said, from a file, whatever happens to the database."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone
from lxml import etree

from shared_apps.maintenance import probe, services, state
from shared_apps.maintenance.models import Part, PartDay
from shared_apps.maintenance.pages import knock

NARBONNE, ACADEMY = "narbonne.localhost", "academie.localhost"
ATOM = "{http://www.w3.org/2005/Atom}"


def page(host=ACADEMY, path="/etat/"):
    return Client(headers={"host": host}, raise_request_exception=False).get(path)


@pytest.fixture
def measured(db, monkeypatch):
    monkeypatch.setitem(probe.PROBES, Part.MESSAGES, lambda: True)
    monkeypatch.setitem(probe.PROBES, Part.MAIL, lambda: True)
    probe.measure()


@pytest.fixture
def lost_database(measured):
    """Nobody listens at the database's door any more."""

    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    with pytest.MonkeyPatch.context() as patch:
        wrapper = connections["default"]
        patch.setitem(wrapper.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(wrapper.settings_dict, "PORT", "1")
        for name in ("cursor", "ensure_connection"):
            patch.setattr(wrapper, name, refuse)
        knock.forget()
        yield


@pytest.mark.parametrize("host", [ACADEMY, NARBONNE, "nulle-part.localhost"])
def test_without_the_database_the_page_says_the_last_known_state_and_that_the_service_is_disturbed(lost_database, host):
    answer = page(host)
    assert answer.status_code == 200
    words = answer.content.decode()
    assert "Le service est perturbé." in words
    assert "La base de données ne répond pas." in words
    assert "Connexion et pages" in words  # the last known state
    assert json.loads(page(host, "/etat/etat.json").content)["overall"] == "down"


@pytest.mark.parametrize(("host", "path"), [(ACADEMY, "/trouver/?q=narbonne"), (NARBONNE, "/connexion/")])
def test_without_the_database_other_pages_give_the_page_of_maintenance(lost_database, host, path):
    answer = page(host, path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert 'href="/etat/"' in answer.content.decode()


def test_all_is_well_when_all_was_measured(measured):
    words = page().content.decode()
    assert "Tout fonctionne." in words
    assert "100,00 % du temps" in words.replace("\u202f", " ").replace("\xa0", " ")


def test_the_page_costs_no_query_and_no_session(measured, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = page(NARBONNE)
    assert not answer.cookies
    assert answer.headers["Content-Security-Policy"]


def test_a_part_that_does_not_answer_shows_and_is_counted(measured, monkeypatch):
    def fail():
        raise OSError

    monkeypatch.setitem(probe.PROBES, Part.FILES, fail)
    probe.measure()
    row = PartDay.objects.get(part=Part.FILES)
    assert (row.checks, row.failures, row.is_up) == (2, 1, False)
    words = page().content.decode()
    assert "ne répond pas" in words
    assert "1 minute sans réponse" in words


def test_the_probe_of_files_leaves_nothing_behind(db):
    assert probe.files() is True
    store = storages["default"]
    left = store.listdir("public")[1] if store.exists("public") else []
    assert [name for name in left if name.startswith("probe-")] == []


def test_a_state_that_nobody_writes_any_more_says_so(measured):
    told = json.loads(state.path().read_text())
    told["written_at"] = (timezone.now() - timedelta(minutes=6)).isoformat()
    state.path().write_text(json.dumps(told))
    assert "n’est plus relevé" in page().content.decode()


@pytest.mark.parametrize("content", [None, "{", "rien"])
def test_without_a_readable_file_the_page_still_answers(db, content, status_folder):
    if content is not None:
        status_folder.mkdir()
        (status_folder / "etat.json").write_text(content)
    answer = page()
    assert answer.status_code == 200
    assert "pas encore été relevé" in answer.content.decode()


def test_measures_older_than_ninety_days_are_forgotten(measured):
    old = timezone.now() - timedelta(days=91)
    PartDay.objects.create(part=Part.MAIL, day=old.date(), checks=1, last_at=old)
    probe.measure()
    assert not PartDay.objects.filter(day=old.date()).exists()


def test_an_incident_is_on_the_page_as_soon_as_it_is_announced(
    measured, broken, officer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        incident = broken(parts=["files"])
    words = page().content.decode()
    assert "Les documents sont lents" in words
    assert "Nous cherchons." in words
    with django_capture_on_commit_callbacks(execute=True):
        services.end_incident(actor=officer, incident=incident, words="C’est réparé.", cause="un disque plein")
    words = page().content.decode()
    assert "Tout fonctionne." in words
    assert "un disque plein" in words


def test_what_everybody_reads_says_how_many_communes_and_never_which(
    measured, broken, announce, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        broken(communes=["11262", "11203"])
        announce(communes=["11262"])
    words = page().content.decode()
    assert "2 communes" in words
    assert "1 commune" in words
    for path in ("/etat/", "/etat/etat.json", "/etat/atom.xml"):
        told = page(path=path).content.decode()
        assert "Narbonne" not in told
        assert "11262" not in told


def test_the_feed_tells_each_message_once_and_is_well_formed(
    measured, broken, announce, officer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        incident = broken(title="Lenteurs <b>& pannes</b>")
        services.update_incident(actor=officer, incident=incident, words="On avance.", severity="major")
        announce()
    answer = page(path="/etat/atom.xml")
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 3
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 3
    assert any("Lenteurs <b>& pannes</b>" in entry.findtext(f"{ATOM}title") for entry in entries)


def test_a_status_page_is_only_read(db):
    assert Client(headers={"host": ACADEMY}).post("/etat/").status_code == 405


def test_a_folder_that_cannot_be_written_stops_nobodys_act(db, settings, tmp_path):
    (tmp_path / "busy").write_text("a file, not a folder")
    settings.ENT_STATUS_DIR = tmp_path / "busy"
    assert state.write_state() is False

"""« Prouver l’isolement »: each way is refused, and a wall that falls is seen."""

import psycopg2
import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import get_urlconf

from core import registry, signing
from core.tenancy import current_schema, in_schema, is_public
from shared_apps.accounts.models import User
from shared_apps.files.crossings import replay_file_link
from tenants import crossings
from tenants.crossings import Attempt, CrossedError, Crossing, prove_isolation
from tenants.models import Commune


@pytest.fixture
def answers(narbonne, lezignan) -> dict[str, Crossing]:
    with in_schema(narbonne.schema_name):
        User.objects.create(identifier="s.ferrer", first_name="S", last_name="F", password="!")
    return {str(way.__name__): _tried(way, narbonne, lezignan) for way in crossings.WAYS.values()}


def _tried(way, origin, target) -> Crossing:
    return crossings._try(way.__name__, way, origin, target)


def test_every_way_is_refused(narbonne, lezignan):
    for origin, target in ((narbonne, lezignan), (lezignan, narbonne)):
        found = prove_isolation(origin, target)
        assert [crossing for crossing in found if not crossing.ok] == []
        assert len(found) >= 12
        assert all(crossing.name and crossing.tried and crossing.refusal for crossing in found)
    assert is_public()


def test_the_refusal_is_the_one_that_was_heard(answers):
    assert answers["read_rows"].refusal == "permission denied for schema c_11203"
    assert answers["write_rows"].refusal == "permission denied for schema c_11203"
    assert answers["no_role"].refusal == "permission denied for schema c_11203"
    assert answers["read_academy"].refusal == "permission denied for schema public"
    assert answers["mismatch"].refusal == 'relation "accounts_user" does not exist'
    assert answers["fall_through"].refusal == 'relation "tenants_commune" does not exist'
    assert answers["replay_cookie"].refusal.startswith("302 /connexion/")
    assert "does not match" in answers["replay_token"].refusal
    assert "c_11203" in answers["read_cache"].refusal
    assert "sent without its schema" in answers["send_task_without_commune"].refusal


def test_nothing_is_left_behind(answers):
    for schema in ("c_11262", "c_11203"):
        with in_schema(schema):
            assert not Session.objects.exists()
    assert not caches["default"]._cache
    assert get_urlconf() is None


def test_a_cookie_that_the_other_commune_accepts_is_seen(narbonne, lezignan, monkeypatch):
    monkeypatch.setattr(crossings, "answer_of", lambda host, **headers: (_Page(), "c_11203"))
    found = _tried(crossings.replay_cookie, narbonne, lezignan)
    assert not found.ok


class _Page:
    status_code = 200


def test_a_session_tried_is_one_that_its_own_commune_accepts(narbonne):
    """Else its refusal elsewhere would prove nothing."""
    with in_schema(narbonne.schema_name):
        User.objects.create(identifier="s.ferrer", first_name="S", last_name="F", password="!")
        request = HttpRequest()
        request.session = crossings._session_of_somebody()
        assert get_user(request).identifier == "s.ferrer"


def test_a_wall_of_the_database_that_falls_is_seen(own_database):
    with psycopg2.connect(own_database["superuser_url"], dbname=own_database["name"]) as superuser:
        superuser.cursor().execute(
            "GRANT USAGE ON SCHEMA c_11203 TO c_11262; GRANT SELECT ON c_11203.accounts_user TO c_11262"
        )
    superuser.close()
    narbonne, lezignan = Commune.objects.order_by("-insee")
    found = _tried(crossings.read_rows, narbonne, lezignan)
    assert not found.ok
    assert found.refusal == "La base a répondu."


def test_a_signature_without_its_commune_is_seen(narbonne, lezignan, monkeypatch):
    monkeypatch.setattr(signing, "_salt", lambda purpose: purpose)
    assert not _tried(crossings.replay_token, narbonne, lezignan).ok


def test_a_cache_key_without_its_commune_is_seen(narbonne, lezignan, monkeypatch):
    monkeypatch.setattr(caches["default"], "key_func", lambda key, prefix, version: key)
    assert not _tried(crossings.read_cache, narbonne, lezignan).ok


def test_a_task_that_does_without_a_commune_is_seen(narbonne, lezignan, monkeypatch):
    monkeypatch.setattr("core.tasks.SchemaTask._named_schema", lambda self: current_schema())
    assert not _tried(crossings.send_task_without_commune, narbonne, lezignan).ok
    assert not _tried(crossings.keep_commune_of_task, narbonne, lezignan).ok


def test_a_header_that_chooses_the_commune_is_seen(narbonne, lezignan, settings):
    settings.USE_X_FORWARDED_HOST = True
    found = _tried(crossings.forge_host, narbonne, lezignan)
    assert not found.ok
    assert found.refusal == "c_11203"


def test_a_file_link_is_one_of_the_ways(narbonne, lezignan):
    assert replay_file_link in list(registry.crossings)
    assert replay_file_link(narbonne, lezignan).refusal.startswith("404")


def test_a_file_link_that_another_commune_would_serve_is_seen(narbonne, lezignan, monkeypatch):
    monkeypatch.setattr("shared_apps.files.crossings.answer_of", lambda host, path: (_Page(), ""))
    assert not _tried(replay_file_link, narbonne, lezignan).ok


def test_other_rooms_add_their_ways(narbonne, lezignan, monkeypatch):
    ways = registry.Registry("isolation crossing")
    ways.register("Une porte", lambda origin, target: Attempt("poussée", "fermée"))

    def fenetre(origin, target):
        raise CrossedError("ouverte", "passé")

    ways.register("Une fenêtre", fenetre)
    monkeypatch.setattr(crossings, "crossings", ways)
    assert prove_isolation(narbonne, lezignan)[-2:] == [
        Crossing("Une porte", "poussée", "fermée", ok=True),
        Crossing("Une fenêtre", "ouverte", "passé", ok=False),
    ]

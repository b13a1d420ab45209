"""A session, a token, a cookie of one commune is worth nothing in another."""

import pytest
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.test import Client

from core.session_store import SessionStore
from core.tenancy import in_schema
from shared_apps.accounts.models import User
from shared_apps.accounts.sessions import SCHEMA_KEY
from tests.support.sign_in import sign_in

NARBONNE, LEZIGNAN, ACADEMY = "narbonne.localhost", "lezignan-corbieres.localhost", "academie.localhost"
SCHEMAS = {NARBONNE: "c_11262", LEZIGNAN: "c_11203", ACADEMY: "public"}


@pytest.fixture
def twins(narbonne, lezignan) -> dict[str, User]:
    """The same person, as far as rows can tell, in the two communes and at the academy: same id, same password."""
    made: dict[str, User] = {}
    for host, schema in SCHEMAS.items():
        with in_schema(schema):
            user = User(identifier="s.ferrer", first_name="Sophie", last_name="Ferrer", password="!")
            if made:
                first = made[NARBONNE]
                user.pk, user.password = first.pk, first.password
            else:
                user.set_password("un mot de passe assez long")
            user.save(force_insert=True)
            made[host] = user
    return made


def is_signed_in(client: Client, host: str) -> bool:
    response = client.get("/mon-compte/", headers={"host": host})
    return response.wsgi_request.user.is_authenticated


def test_a_session_is_known_at_home(twins):
    client = Client()
    sign_in(client, NARBONNE, twins[NARBONNE])
    assert is_signed_in(client, NARBONNE)


@pytest.mark.parametrize("elsewhere", [LEZIGNAN, ACADEMY])
def test_a_cookie_replayed_elsewhere_is_nobody(twins, elsewhere):
    client = Client()
    sign_in(client, NARBONNE, twins[NARBONNE])
    assert not is_signed_in(client, elsewhere)


@pytest.mark.parametrize("elsewhere", [LEZIGNAN, ACADEMY])
def test_a_session_row_copied_elsewhere_is_ended(twins, elsewhere):
    """Even with the same key, the same account and the same password hash in the other schema."""
    client = Client()
    sign_in(client, NARBONNE, twins[NARBONNE])
    with in_schema("c_11262"):
        row = Session.objects.get()
    with in_schema(SCHEMAS[elsewhere]):
        Session(session_key=row.session_key, session_data=row.session_data, expire_date=row.expire_date).save(
            force_insert=True
        )
    assert not is_signed_in(client, elsewhere)
    with in_schema(SCHEMAS[elsewhere]):
        assert not Session.objects.filter(session_key=row.session_key).exists()


def test_a_session_that_does_not_name_its_commune_is_ended(twins):
    client = Client()
    sign_in(client, NARBONNE, twins[NARBONNE])
    with in_schema("c_11262"):
        session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
        del session[SCHEMA_KEY]
        session.save()
    assert not is_signed_in(client, NARBONNE)


def test_the_hash_that_ties_a_session_to_a_password_names_the_commune(twins):
    hashes = set()
    for host, schema in SCHEMAS.items():
        with in_schema(schema):
            hashes.add(twins[host].get_session_auth_hash())
    assert len(hashes) == 3


def test_a_forgery_token_of_one_commune_is_refused_in_another(twins):
    client = Client(enforce_csrf_checks=True)
    client.get("/connexion/", headers={"host": NARBONNE})
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    body = {"identifier": "s.ferrer", "password": "x", "csrfmiddlewaretoken": token}
    origin = {"origin": f"https://{NARBONNE}"}
    there = client.post("/connexion/", body, headers={"host": LEZIGNAN, **origin}, secure=True)
    assert there.status_code == 403
    here = client.post("/connexion/", body, headers={"host": NARBONNE, **origin}, secure=True)
    assert here.status_code != 403


def test_cookies_are_sent_back_to_one_host_only(twins):
    client = Client()
    client.get("/connexion/", headers={"host": NARBONNE})
    client.post(
        "/connexion/",
        {"identifier": "s.ferrer", "password": "un mot de passe assez long"},
        headers={"host": NARBONNE},
    )
    assert set(client.cookies) >= {settings.SESSION_COOKIE_NAME}
    for name, cookie in client.cookies.items():
        assert name.startswith("__Host-")
        assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["httponly"]) == (True, "/", "", True)
        assert cookie["samesite"] == "Lax"


def test_a_password_token_of_djangos_own_would_pass_and_is_not_used():
    """Django's generator does not know communes: no page may lean on it (see `core.signing`)."""
    import ast
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    for room in ("platform", "tenants", "shared_apps", "tenant_apps", "provisioning"):
        for path in (root / room).rglob("*.py"):
            names = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
            names |= {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
            assert type(default_token_generator).__name__ not in names, path
            assert "default_token_generator" not in names, path

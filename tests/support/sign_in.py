"""Signing a test client in, without passing by the form."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from core.session_store import SessionStore
from core.tenancy import PUBLIC, in_schema
from shared_apps.accounts.sessions import SCHEMA_KEY
from tenants.hosts import hosts


def schema_of(host: str) -> str:
    if host == settings.ENT_ACADEMY_HOST:
        return PUBLIC
    found = hosts.get(host)
    assert found is not None, f"{host} is no commune's"
    return found.schema_name


def sign_in(client: Client, host: str, user: Any, **session_values: Any) -> None:
    schema = schema_of(host)
    with in_schema(schema):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[SCHEMA_KEY] = schema
        session.update(session_values)
        session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

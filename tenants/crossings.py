"""« Prouver l’isolement »: ways from one commune to another, tried on the running system.

Each attempt does what a fault of ours or a curious person would do, and must be refused; nothing is changed. Other
rooms add theirs to `core.registry.crossings`: `(origin, target) -> Attempt`, or `CrossedError` when they got through.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signing import BadSignature
from django.db import ProgrammingError, connection, transaction
from django.http.response import HttpResponseBase
from django.urls import get_urlconf, set_urlconf
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import signing
from core.errors import NotInACommune
from core.registry import crossings
from core.tasks import HEADER
from core.tenancy import in_public, in_schema
from tenants.models import Commune
from tenants.tasks import where


@dataclass(frozen=True, slots=True)
class Crossing:
    """One way, what was tried, and what was answered. `ok` when it was refused."""

    name: str
    tried: str
    refusal: str
    ok: bool


class Attempt(NamedTuple):
    tried: str
    refusal: str


class CrossedError(Exception):
    """The attempt got through. Says what it obtained, never what it read."""

    def __init__(self, tried: str, obtained: str) -> None:
        super().__init__(obtained)
        self.tried = tried
        self.obtained = obtained


Way = Callable[[Commune, Commune], Attempt]


def prove_isolation(origin: Commune, target: Commune) -> list[Crossing]:
    ways = {**WAYS, **dict(crossings.items())}
    return [_try(str(name), way, origin, target) for name, way in ways.items()]


def _try(name: str, way: Way, origin: Commune, target: Commune) -> Crossing:
    try:
        tried, refusal = way(origin, target)
    except CrossedError as crossed:
        return Crossing(name, crossed.tried, crossed.obtained, ok=False)
    return Crossing(name, tried, refusal, ok=True)


# --- the database


def read_rows(origin: Commune, target: Commune) -> Attempt:
    return _refused_by_postgresql(origin, f'SELECT count(*) FROM "{target.schema_name}".accounts_user')


def write_rows(origin: Commune, target: Commune) -> Attempt:
    return _refused_by_postgresql(origin, f'DELETE FROM "{target.schema_name}".django_session')


def read_academy(origin: Commune, target: Commune) -> Attempt:
    return _refused_by_postgresql(origin, "SELECT count(*) FROM public.tenants_commune")


def fall_through(origin: Commune, target: Commune) -> Attempt:
    """A table that the commune has not: an error, never a read of the public one."""
    return _refused_by_postgresql(origin, "SELECT count(*) FROM tenants_commune")


def mismatch(origin: Commune, target: Commune) -> Attempt:
    role, path = origin.schema_name, target.schema_name
    return _refused_by_postgresql(
        origin, f'SET LOCAL ROLE "{role}"; SET LOCAL search_path="{path}"; SELECT count(*) FROM accounts_user'
    )


def no_role(origin: Commune, target: Commune) -> Attempt:
    return _refused_by_postgresql(
        origin, f'SET LOCAL ROLE NONE; SELECT count(*) FROM "{target.schema_name}".accounts_user'
    )


def _refused_by_postgresql(origin: Commune, statement: str) -> Attempt:
    try:
        with in_schema(origin.schema_name), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
            transaction.set_rollback(True)
    except ProgrammingError as refusal:
        return Attempt(statement, str(refusal).splitlines()[0])
    raise CrossedError(statement, _("La base a répondu."))


# --- the browser


def replay_cookie(origin: Commune, target: Commune) -> Attempt:
    """A session that is good in the one commune, shown on the host of the other."""
    tried = _("Le cookie d’une session de %(origin)s, présenté à %(target)s") % {
        "origin": _host(origin),
        "target": _host(target),
    }
    with in_schema(origin.schema_name):
        session = _session_of_somebody()
    try:
        response, _served = answer_of(
            _host(target), HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
        )
    finally:
        with in_schema(origin.schema_name):
            session.delete()
    if response.status_code == 200:
        raise CrossedError(tried, _("La page s’est ouverte."))
    return Attempt(tried, f"{response.status_code} {response.headers.get('Location', '')}".strip())


def _session_of_somebody() -> Any:
    """A session of any active account of the current schema, as signing in makes it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    user = get_user_model().objects.filter(is_active=True).first()
    if user is not None:
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session


def forge_host(origin: Commune, target: Commune) -> Attempt:
    tried = f"Host: {_host(origin)} · X-Forwarded-Host: {_host(target)}"
    _response, served = answer_of(_host(origin), HTTP_X_FORWARDED_HOST=_host(target))
    if served != origin.schema_name:
        raise CrossedError(tried, str(served))
    return Attempt(tried, _("L’en-tête est ignoré : %(host)s a répondu.") % {"host": _host(origin)})


def _host(commune: Commune) -> str:
    with in_public():
        primary = commune.domains.filter(is_primary=True).first()
    return primary.domain if primary else f"{commune.schema_name}.{settings.ENT_DOMAIN}"


def answer_of(host: str, path: str = "/", **headers: str) -> tuple[HttpResponseBase, str]:
    """A page of a host, asked through the whole of Django, and the schema that served it."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "HTTP_X_FORWARDED_PROTO": "https",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
    }
    request: Any = WSGIRequest(environ | headers)
    handler = BaseHandler()
    handler.load_middleware()
    before = get_urlconf()
    try:
        response = handler.get_response(request)
    finally:
        set_urlconf(before)
    return response, getattr(request.host_entry, "schema_name", "")


# --- what outlives a request


def replay_token(origin: Commune, target: Commune) -> Attempt:
    with in_schema(origin.schema_name):
        token = signing.dumps("isolation", purpose="isolation")
    tried = _("Un lien signé par %(origin)s, ouvert par %(target)s") % {"origin": origin, "target": target}
    try:
        with in_schema(target.schema_name):
            signing.loads(token, purpose="isolation")
    except BadSignature as refusal:
        return Attempt(tried, f"BadSignature: {refusal}")
    raise CrossedError(tried, _("La signature a été acceptée."))


def read_cache(origin: Commune, target: Commune) -> Attempt:
    key = f"isolation-{get_random_string(12)}"
    with in_schema(origin.schema_name):
        cache.set(key, "secret", timeout=60)
        kept = cache.make_key(key)
    try:
        with in_schema(target.schema_name):
            found, asked = cache.get(key), cache.make_key(key)
    finally:
        with in_schema(origin.schema_name):
            cache.delete(key)
    if found is not None:
        raise CrossedError(kept, _("La valeur a été lue."))
    return Attempt(kept, _("%(key)s est vide.") % {"key": asked})


def send_task_without_commune(origin: Commune, target: Commune) -> Attempt:
    tried = _("Le message d’une tâche, sans sa commune")
    try:
        with in_schema(target.schema_name):
            where.apply(headers={}, throw=True)
    except NotInACommune as refusal:
        return Attempt(tried, str(refusal))
    raise CrossedError(tried, _("La tâche s’est exécutée."))


def keep_commune_of_task(origin: Commune, target: Commune) -> Attempt:
    tried = _("Une tâche de %(target)s, puis une de %(origin)s") % {"origin": origin, "target": target}
    where.apply(headers={HEADER: target.schema_name}, throw=True)
    found = where.apply(headers={HEADER: origin.schema_name}, throw=True).result
    if found != origin.schema_name:
        raise CrossedError(tried, str(found))
    return Attempt(tried, _("La seconde travaille dans %(schema)s.") % {"schema": found})


WAYS: dict[Any, Way] = {
    gettext_lazy("Lire les comptes de l’autre commune"): read_rows,
    gettext_lazy("Effacer les sessions de l’autre commune"): write_rows,
    gettext_lazy("Viser l’autre commune avec son propre rôle"): mismatch,
    gettext_lazy("Interroger la base sans rôle"): no_role,
    gettext_lazy("Lire une table de l’académie"): read_academy,
    gettext_lazy("Tomber sur une table de l’académie par erreur"): fall_through,
    gettext_lazy("Présenter un cookie de session à l’autre site"): replay_cookie,
    gettext_lazy("Désigner l’autre commune par un en-tête"): forge_host,
    gettext_lazy("Rejouer un lien signé"): replay_token,
    gettext_lazy("Lire le cache de l’autre commune"): read_cache,
    gettext_lazy("Envoyer une tâche sans commune"): send_task_without_commune,
    gettext_lazy("Garder la commune de la tâche précédente"): keep_commune_of_task,
}

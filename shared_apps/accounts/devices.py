"""My devices: the browsers from which an account signed in, each known by a cookie that says nothing by itself.

One browser may serve several accounts (a family's tablet): a row per account and browser.
"""

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import session_store
from core.frozen_sql import Written
from core.tenancy import current_schema
from shared_apps.accounts import effects
from shared_apps.accounts.models import Device, User
from shared_apps.audit.services import record

COOKIE = "__Host-device"
COOKIE_AGE = timedelta(days=365)
SEEN_KEY = "seen_at"  # in the session: when the device was last noted
SEEN_EVERY = timedelta(hours=1)
TOKEN = re.compile(r"[\w-]{43}")
COME_BACK = Written(
    """
    WITH made AS (
        INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%(key)s, %(data)s, %(ends)s)
    ), ended AS (
        DELETE FROM django_session USING accounts_device mine
        WHERE mine.user_id = %(account)s AND mine.token_digest = %(digest)s
        AND mine.session_key <> %(key)s AND django_session.session_key = mine.session_key
    )
    UPDATE accounts_device SET session_key = %(key)s, last_seen_at = %(now)s, updated_at = %(now)s
    WHERE user_id = %(account)s AND token_digest = %(digest)s
    """,
    key="text",
    data="text",
    ends="timestamptz",
    account="uuid",
    digest="text",
    now="timestamptz",
)
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def of(user: Any, digest: str) -> QuerySet[Device]:
    """This browser, if the account has signed in from it."""
    return Device.objects.filter(user=user, token_digest=digest)


def come_back(request: HttpRequest, user: User, digest: str) -> None:
    """At each sign-in. `digest`: of this browser, if the account knows it. When the new session is written, it becomes
    the browser's and the one before ends: in one statement, which the ORM doesn't write.
    """
    if not request.session.session_key:  # another account's was ended just before
        request.session.create()
    now = timezone.now()
    request.session[SEEN_KEY] = now.isoformat()
    if digest:
        request.session.written_with(COME_BACK, [str(user.pk), digest, now])


def add(request: HttpRequest, user: User, *, is_told: bool = True) -> None:
    """A browser from which this account never signed in."""
    is_first = not Device.objects.filter(user=user).exists()
    kind, label = described(request.headers.get("User-Agent", ""))
    values = {"token_digest": digest_of(request) or _give_token(request), "session_key": request.session.session_key}
    device = Device.objects.create(user=user, kind=kind, label=label, last_seen_at=timezone.now(), **values)
    if is_told and not is_first:
        _tell(user, device)


def follow(request: HttpRequest) -> None:
    """The session has taken another key: the device's row names it too."""
    if digest := digest_of(request):
        rows = of(request.user, digest)
        rows.update(session_key=request.session.session_key, updated_at=timezone.now())


def note_seen(request: HttpRequest) -> None:
    """« Vu le »: to the hour, so that a page costs no write."""
    now, last = timezone.now(), request.session.get(SEEN_KEY)
    if last and now - datetime.fromisoformat(last) < SEEN_EVERY:
        return
    if digest := digest_of(request):
        request.session[SEEN_KEY] = now.isoformat()
        of(request.user, digest).update(last_seen_at=now, updated_at=now)


@transaction.atomic
def sign_out(*, actor: User, device: Device) -> None:
    """That browser's session ends, and it is a stranger again."""
    if device.session_key:
        session_store.end(Session.objects.filter(session_key=device.session_key))
    record(actor=actor, action="accounts.device_signed_out", obj=device)
    device.delete()


def leave_all(users: Iterable[User]) -> None:
    """Their sessions ended from afar."""
    Device.objects.filter(user__in=users).update(session_key="", updated_at=timezone.now())


def forget_all(user: User) -> None:
    """A thief's browser must not stay a known one."""
    Device.objects.filter(user=user).delete()


def forget_old() -> None:
    """Each night, in each schema: those whose cookie has ended."""
    Device.objects.filter(last_seen_at__lt=timezone.now() - COOKIE_AGE).delete()


def this_one(request: HttpRequest) -> Device | None:
    """This browser, as the account that is signed in here knows it."""
    digest = digest_of(request)
    return of(request.user, digest).first() if digest else None


def leave(request: HttpRequest) -> None:
    """Signed out here: the browser stays a known one, with no session; nothing is shown on it any more."""
    if digest := digest_of(request):
        rows = of(request.user, digest)
        rows.update(session_key="", updated_at=timezone.now())


def is_this_one(request: HttpRequest, device: Device) -> bool:
    return device.token_digest == digest_of(request)


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Called by the middleware: `remember` has only the request."""
    if token := getattr(request, "device_token", ""):
        response.set_cookie(
            COOKIE, token, max_age=COOKIE_AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )


def _give_token(request: Any) -> str:
    request.device_token = secrets.token_urlsafe(32)
    return digest_of(request)


def digest_of(request: Any) -> str:
    """Of the browser that asks, in this schema; empty for one that never signed in."""
    token = getattr(request, "device_token", "") or request.COOKIES.get(COOKIE, "")
    if not TOKEN.fullmatch(token):
        return ""
    return hmac.digest(settings.SECRET_KEY.encode(), f"ent.device:{current_schema()}:{token}".encode(), sha256).hex()


def described(agent: str) -> tuple[str, str]:
    """(kind, « Firefox, Windows ») : enough to recognise one's own, and nothing that follows a person."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    is_tablet = "iPad" in agent or ("Android" in agent and "Mobile" not in agent)
    is_phone = "iPhone" in agent or "Mobile" in agent
    kind = Device.Kind.TABLET if is_tablet else Device.Kind.PHONE if is_phone else Device.Kind.COMPUTER
    return kind, ", ".join(word for word in (browser, system) if word)


def _tell(user: User, device: Device) -> None:
    where = device.get_kind_display() + (f" ({device.label})" if device.label else "")
    title = _("Nouvelle connexion à votre compte, depuis un appareil inconnu : %(where)s") % {"where": where}
    effects.tell(
        user=user, kind="accounts.new_device", title=title, path=reverse("accounts:devices"), key=f"device:{device.pk}"
    )

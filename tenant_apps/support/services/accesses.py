"""An agent asks to look in; the place decides; either ends it; the time ends it anyway."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from core.deletion import delete_rows
from core.errors import DomainError
from shared_apps.accounts.models import User
from shared_apps.accounts.services import create_account, end_sessions
from shared_apps.audit.services import record
from shared_apps.notifications import uplink
from shared_apps.support.uplinks import ACCESS
from shared_apps.support.vocabulary import AccessState, EndedBy, Scope
from tenant_apps.schools.models import School
from tenant_apps.support import banners, notifications
from tenant_apps.support.circles import deciders_of
from tenant_apps.support.models import SupportAccess, Ticket


def ask(facts: dict[str, Any]) -> None:
    """A door for the academy. Nothing opens by it. Raises DomainError: unknown_school, nobody."""
    school = School.objects.open().filter(uai=facts["uai"]).first() if facts["uai"] else None
    if facts["scope"] == Scope.SCHOOL and school is None:
        raise DomainError(_("Cette école n’est pas dans l’espace de la commune."), code="unknown_school")
    names = ("scope", "reason", "words", "minutes")
    access = SupportAccess(pk=facts["access"], agent=UUID(facts["agent"]), school=school)
    access.ticket = Ticket.objects.at_the_academy().of_place(facts["scope"], school).filter(pk=facts["ticket"]).first()
    for name in names:
        setattr(access, name, facts[name])
    if not deciders_of(access).exists():
        raise DomainError(_("Personne, dans la commune, ne peut encore en décider."), code="nobody")
    access.save(force_insert=True)
    record(actor=None, action="support.access_asked", obj=access, agent=facts["agent"], scope=str(access.scope))
    notifications.access_asked(access)


@transaction.atomic
def grant(*, actor: Any, access: SupportAccess) -> SupportAccess:
    """From now, for the time asked and never more than four hours. An account is made for this access alone."""
    access = _to_decide(actor, access)
    now = timezone.now()
    access.state, access.decided_by, access.decided_at = AccessState.GRANTED, actor, now
    access.ends_at = now + timedelta(minutes=access.minutes)
    access.account = _account()
    access.save()
    _tell(access, actor, "support.access_granted")
    return access


def _account() -> User:
    """Without a password, an address or a code: its one door is the letter of the academy."""
    account = create_account(first_name=_("Assistance"), last_name=_("académique"))
    account.identifier = f"assistance-{get_random_string(8, 'abcdefghijkmnpqrstuvwxyz23456789')}"
    account.activated_at, account.code_digest, account.code_expires_at = timezone.now(), "", None
    account.save()
    return account


@transaction.atomic
def refuse(*, actor: Any, access: SupportAccess) -> SupportAccess:
    access = _to_decide(actor, access)
    access.state, access.decided_by, access.decided_at = AccessState.REFUSED, actor, timezone.now()
    access.save()
    _tell(access, actor, "support.access_refused")
    return access


def _to_decide(actor: Any, access: SupportAccess) -> SupportAccess:
    access = _locked(access.pk)
    if not actor.has_perm("support.decide_access", access):
        raise PermissionDenied
    if not access.is_waiting:
        raise DomainError(_("Cette demande n’attend plus de décision."), code="decided")
    return access


@transaction.atomic
def end(*, actor: Any, access: SupportAccess) -> None:
    """By who decides here, at any time. Twice does no harm."""
    access = _locked(access.pk)
    if not actor.has_perm("support.decide_access", access):
        raise PermissionDenied
    _end(access, actor, EndedBy.COMMUNE)


@transaction.atomic
def leave(*, access: SupportAccess) -> None:
    """By the agent, from within."""
    _end(_locked(access.pk), access.account, EndedBy.AGENT)


def withdraw(facts: dict[str, Any]) -> None:
    """A door for the academy: the agent ends it, or asks no more."""
    access = SupportAccess.objects.select_for_update(of=("self",)).filter(pk=facts["access"]).first()
    if access is not None:
        _end(access, None, EndedBy.AGENT)


def end_those_run_out() -> int:
    """Each minute, in a commune. The session is dead since the time itself; here its account is closed."""
    over = list(SupportAccess.objects.run_out().values_list("pk", flat=True))
    for pk in over:
        with transaction.atomic():
            _end(_locked(pk), None, EndedBy.TIME)
    return len(over)


@transaction.atomic
def erase_accounts() -> int:
    """Each night: those closed for as long as anybody's who left. The access stays, with who decided it."""
    since = timezone.now() - timedelta(days=settings.ENT_ERASURE_DAY)
    over = SupportAccess.objects.ended_before(since).exclude(account=None)
    accounts = User.objects.filter(pk__in=list(over.values_list("account", flat=True)))
    count = delete_rows(accounts).get(User._meta.label, 0)
    if count:
        record(actor=None, action="support.accounts_erased", number=count)
    return count


def _end(access: SupportAccess, actor: Any, by: str) -> None:
    if access.state not in (AccessState.ASKED, AccessState.GRANTED):
        return
    access.state, access.ended_by, access.ended_at = AccessState.ENDED, by, timezone.now()
    access.save()
    if access.account is not None:
        User.objects.filter(pk=access.account.pk).update(is_active=False)
        end_sessions(actor=None, user=access.account)
        notifications.access_ended(access)
    _tell(access, actor, "support.access_ended", by=by)


def _tell(access: SupportAccess, actor: Any, action: str, **facts: Any) -> None:
    banners.forget()
    seconds = int(access.ends_at.timestamp()) if access.ends_at else None
    data = {"access": access.pk, "state": str(access.state), "ends": seconds, "by": str(access.ended_by)}
    uplink.send(ACCESS, key=f"{ACCESS}:{access.pk}:{access.state}", data=data)
    record(actor=actor, action=action, obj=access, agent=str(access.agent), **facts)


def _locked(pk: Any) -> SupportAccess:
    return SupportAccess.objects.select_for_update(of=("self",)).select_related("account", "school").get(pk=pk)

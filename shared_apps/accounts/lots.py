"""Codes that leave together: printed for a class, or mailed. A pile of sheets that is lost is revoked at once."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts import services
from shared_apps.accounts.models import CodeLot, User
from shared_apps.audit.services import record

SHOWN = 30


@transaction.atomic
def publish(*, actor: Any, users: Iterable[User], place_id: Any, title: str, way: str) -> CodeLot | None:
    """The codes live from today. None when there is nobody to activate."""
    pending = [user for user in users if not user.is_activated]
    if not pending:
        return None
    services.publish_codes(actor=actor, users=pending)
    generations = {str(user.pk): user.code_generation for user in pending}
    return CodeLot.objects.create(place_id=place_id, title=title, way=way, made_by=actor, generations=generations)


@transaction.atomic
def revoke(*, actor: Any, lot: CodeLot) -> int:
    """The codes of this lot that have not served open nothing any more; those made anew since are left alone.

    Who was on it waits for another sheet. Raises DomainError: revoked.
    """
    lot = CodeLot.objects.select_for_update().get(pk=lot.pk)
    if lot.revoked_at is not None:
        raise DomainError(_("Ce lot est déjà révoqué."), code="revoked")
    waiting = User.objects.not_activated().select_for_update().filter(pk__in=lot.generations)
    users = [user for user in waiting.order_by("pk") if lot.generations[str(user.pk)] == user.code_generation]
    services.revoke_codes(users)
    lot.revoked_at = timezone.now()
    lot.save(update_fields=["revoked_at", "updated_at"])
    record(actor=actor, action="accounts.codes_revoked", obj=lot, accounts=len(users))
    return len(users)


def of(place_id: Any) -> list[CodeLot]:
    """The latest, each with `live`: how many of its codes would still open an account."""
    lots = list(CodeLot.objects.filter(place_id=place_id).select_related("made_by")[:SHOWN])
    wanted = {pk for lot in lots for pk in lot.generations}
    now = timezone.now()
    rows = User.objects.not_activated().filter(pk__in=wanted, code_expires_at__gt=now)
    live = {str(pk): generation for pk, generation in rows.values_list("pk", "code_generation")}
    for lot in lots:
        lot.live = sum(live.get(pk) == generation for pk, generation in lot.generations.items())  # type: ignore[attr-defined]
    return lots

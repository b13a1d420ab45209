from typing import Any

from django.core.exceptions import PermissionDenied

from shared_apps.training.models import Session


def require(actor: Any, permission: str) -> None:
    if not actor.has_perm(permission):
        raise PermissionDenied


def locked(session: Session) -> Session:
    """The row that every change of its seats waits for."""
    return Session.objects.select_for_update(of=("self",)).select_related("training", "district").get(pk=session.pk)

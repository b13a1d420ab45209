"""Erases one commune, step by step, from the first that is not done. Killed anywhere, it goes on where it was.

The same manner as an opening: one lock, one commit per step. Nothing is undone: each step only takes away, and finding
nothing left is success.
"""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.tenancy import in_public
from provisioning.ending.steps import STEPS
from provisioning.sessions import only_one, owner
from shared_apps.lifecycle.models import Ending, ErasureStep
from shared_apps.lifecycle.services.endings import begin_erasure

log = logging.getLogger(__name__)


def run(ending_id: Any) -> None:
    """Returns at once when it may not be, when another process is at it, or when all is done."""
    with owner(), in_public():
        ending = Ending.objects.get(pk=ending_id)
        with only_one(ending.lock) as mine:
            if mine and begin_erasure(ending=ending):
                _go_on(Ending.objects.select_related("case__commune").get(pk=ending.pk))


def _go_on(ending: Ending) -> None:
    done = set(ending.steps.values_list("name", flat=True))
    try:
        for name in STEPS:
            if name not in done:
                _do(ending, name)
    except Exception as error:  # whatever it is, the academy sees it; the next turn tries again
        log.exception("ending.step_failed", extra={"object_id": ending.pk})
        now = timezone.now()
        Ending.objects.filter(pk=ending.pk).update(error=type(error).__name__, updated_at=now)


def _do(ending: Ending, name: str) -> None:
    with transaction.atomic():
        detail = STEPS[name](ending)
        ErasureStep.objects.create(ending=ending, name=name, done_at=timezone.now(), detail=detail)
        ending.save(update_fields=["statement", "statement_sha256", "state", "erased_at", "error", "updated_at"])

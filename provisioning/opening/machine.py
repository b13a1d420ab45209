"""Runs the steps of one opening, from the first that is not done. Killed anywhere, it goes on where it was.

One lock per commune keeps two processes apart and falls with its session. A step's work and its row are committed
together, so that a step is done or never was; the address is attached last but one, so that nobody can enter before.
"""

import logging
import os
import socket
import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import in_public
from provisioning.models import Opening, OpeningStep
from provisioning.opening.facts import unpack
from provisioning.opening.steps import STEPS
from provisioning.sessions import only_one, owner

MAX_ATTEMPTS = 10  # a process that dies again and again: the academy is told, and decides
log = logging.getLogger(__name__)
State = OpeningStep.State


def run(opening_id: Any) -> None:
    """Do what is left. Returns at once when another process is at it, or when all is done."""
    with owner(), in_public():
        opening = Opening.objects.get(pk=opening_id)
        with only_one(opening.lock) as mine:
            if mine:
                opening.refresh_from_db()
                if opening.is_under_way:
                    _go_on(opening)


def _go_on(opening: Opening) -> None:
    steps = list(opening.steps.exclude(state=State.DONE))
    _begin(opening, steps[0])
    if opening.state == Opening.State.FAILED:
        return
    step = None
    try:
        facts = unpack(opening.facts)
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            _pause(opening)
            _do(opening, step, following, facts)
    except DomainError as refusal:
        _fail(opening, step, refusal, refusal.message)
    except Exception as error:  # whatever it is, the academy sees it and may resume
        log.exception("opening.step_failed", extra={"insee": opening.insee, "step": step and step.name})
        _fail(opening, step, error, _("Une erreur technique a arrêté l’ouverture (%(error)s)."))


@transaction.atomic
def _begin(opening: Opening, first: OpeningStep) -> None:
    opening.attempts += 1
    opening.started_at = opening.started_at or timezone.now()
    opening.worker_pid, opening.worker_host = os.getpid(), socket.gethostname()
    opening.state, opening.error = Opening.State.RUNNING, ""
    if opening.attempts > MAX_ATTEMPTS:
        opening.state = Opening.State.FAILED
        opening.error = _("L’ouverture a été interrompue %(count)d fois de suite.") % {"count": MAX_ATTEMPTS}
    else:
        _start(first)
    opening.save()


def _start(step: OpeningStep) -> None:
    step.state, step.started_at, step.error = State.CURRENT, timezone.now(), ""
    step.save(update_fields=["state", "started_at", "error"])


def _pause(opening: Opening) -> None:
    if settings.ENT_DEMO and opening.pause_ms:
        time.sleep(opening.pause_ms / 1000)


def _do(opening: Opening, step: OpeningStep, following: OpeningStep | None, facts: Any) -> None:
    """The step and its row, and the page's word that the next one has begun: one commit."""
    began = time.perf_counter()
    with transaction.atomic():
        detail = STEPS[step.name](opening, facts)
        step.state, step.ended_at = State.DONE, timezone.now()
        step.milliseconds = round((time.perf_counter() - began) * 1000)
        step.detail = detail or step.detail
        step.save(update_fields=["state", "ended_at", "milliseconds", "detail"])
        if following is not None:
            _start(following)


def _fail(opening: Opening, step: OpeningStep | None, error: Exception, message: str) -> None:
    opening.state, opening.worker_pid = Opening.State.FAILED, None
    opening.error = message % {"error": type(error).__name__} if "%(error)s" in message else message
    with transaction.atomic():
        opening.save()
        if step is not None:
            step.state, step.error = State.FAILED, type(error).__name__
            step.save()

"""The verbs of a commune's life: request an opening, resume it, suspend the commune, lift the suspension."""

import os
import signal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from provisioning import tasks
from provisioning.models import Opening, OpeningStep
from provisioning.opening import addresses, first_accounts
from provisioning.opening.facts import pack
from provisioning.sessions import is_held
from shared_apps.audit import services as audit
from shared_apps.lifecycle import services as lifecycle
from shared_apps.onboarding.services import OpeningFacts, facts_for_opening, mark_provisioning
from tenants.models import Commune

SLOW_PAUSE_MS = 700


def request_opening(*, actor: Any, insee: str, slowly: bool = False, by_worker: bool = True) -> Opening:
    """Ask for the birth of a commune; a worker, or else the caller, does it.

    Raises DomainError, and changes nothing, when it can't be.
    """
    _check_is_not_born(insee)
    facts = facts_for_opening(insee)
    try:
        with transaction.atomic():
            opening = _create(actor, facts, SLOW_PAUSE_MS if slowly else 0)
            mark_provisioning(actor=actor, insee=insee)  # leaves the audit entry
            if by_worker:
                transaction.on_commit(lambda: tasks.send(opening.pk))
    except IntegrityError as error:  # two clicks at once: the constraint let one pass
        raise _already_asked(facts.name) from error
    return opening


def _check_is_not_born(insee: str) -> None:
    commune = Commune.objects.filter(insee=insee).exclude(state=Commune.State.OPENING).first()
    if commune is not None:
        raise DomainError(
            _("%(commune)s existe déjà : elle est %(state)s.")
            % {"commune": commune.name, "state": commune.get_state_display()},
            code="already_open",
        )
    opening = Opening.objects.of_commune(insee).unfinished().first()
    if opening is None:
        return
    if opening.state == Opening.State.FAILED:
        raise DomainError(
            _("L’ouverture de %(commune)s a échoué : reprenez-la.") % {"commune": opening.commune_name},
            code="opening_failed",
        )
    raise _already_asked(opening.commune_name)


def _already_asked(name: str) -> DomainError:
    return DomainError(
        _("L’ouverture de %(commune)s est déjà en cours.") % {"commune": name}, code="opening_in_progress"
    )


def _create(actor: Any, facts: OpeningFacts, pause_ms: int) -> Opening:
    began = timezone.now()
    opening = Opening.objects.create(
        insee=facts.insee,
        commune_name=facts.name,
        department_code=facts.department_code,
        domain=addresses.choose(insee=facts.insee, name=facts.name, department_code=facts.department_code),
        requested_by=actor,
        facts=pack(facts),
        pause_ms=pause_ms,
    )
    steps = [
        OpeningStep(opening=opening, name=name, detail=_foretold(name, opening, facts)) for name in OpeningStep.Name
    ]
    steps[0].state, steps[0].started_at, steps[0].ended_at = OpeningStep.State.DONE, began, timezone.now()
    steps[0].milliseconds = round((steps[0].ended_at - began).total_seconds() * 1000)
    OpeningStep.objects.bulk_create(steps)
    return opening


def _foretold(name: str, opening: Opening, facts: OpeningFacts) -> str:
    """What the page says of a step to come."""
    if name == OpeningStep.Name.DOMAIN:
        return opening.domain
    return first_accounts.in_words(facts) if name == OpeningStep.Name.FIRST_ACCOUNTS else ""


def resume_opening(*, actor: Any, opening: Opening, by_worker: bool = True) -> Opening:
    """Go on with an opening that failed, from the step that failed."""
    with transaction.atomic():
        opening = Opening.objects.select_for_update().get(pk=opening.pk)
        if opening.state == Opening.State.READY:
            raise DomainError(
                _("%(commune)s est déjà ouverte.") % {"commune": opening.commune_name}, code="already_open"
            )
        if opening.state == Opening.State.FAILED:
            opening.facts = pack(facts_for_opening(opening.insee))  # the academy may have corrected its case
            opening.state, opening.error, opening.attempts = Opening.State.REQUESTED, "", 0
            opening.save()
            audit.record(actor=actor, action="provisioning.opening_resumed", obj=opening, insee=opening.insee)
        if by_worker:
            transaction.on_commit(lambda: tasks.send(opening.pk))
    return opening


def suspend_commune(*, actor: Any, insee: str, reason: str = "") -> Commune:
    """Nobody can enter any more; nothing is deleted."""
    return lifecycle.suspend(actor=actor, insee=insee, reason=reason)


def lift_suspension(*, actor: Any, insee: str) -> Commune:
    return lifecycle.lift_suspension(actor=actor, insee=insee)


def kill_worker(*, opening: Opening) -> None:
    """Demo only: SIGKILL to the process at work. Its lock is held, so the process that took it is alive."""
    if settings.ENT_DEMO and opening.worker_pid not in (None, os.getpid()) and is_held(opening.lock):
        os.kill(opening.worker_pid, signal.SIGKILL)

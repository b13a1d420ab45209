"""Read only, archived, erased: what happens once a convention is over. docs/lifecycle.md says why in this order."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.months import add_months
from core.tenancy import in_schema
from core.text import sort_key
from shared_apps.audit import services as audit
from shared_apps.lifecycle import handover, mails, packages
from shared_apps.lifecycle.models import Ending
from shared_apps.lifecycle.services.switching import advance, locked, switch
from shared_apps.onboarding.models import Case
from tenants.models import Commune

State = Case.State
MONTHS_TO_ERASE = 3  # arrêté du 30 novembre 2006, art. 6


@transaction.atomic
def expire(*, case: Case) -> Ending | None:
    """The day after the last one: nothing is written any more. Repeating it changes nothing."""
    commune, found = locked(case.insee)
    convention = found.convention if found else None
    if found is None or convention is None or convention.ends_on is None or convention.ends_on >= timezone.localdate():
        return None
    if State.EXPIRED not in _next(found) or _is_being_mended(commune):
        return None
    return _end(None, commune, found, on=convention.ends_on, to=State.EXPIRED, reason="")


@transaction.atomic
def terminate(*, actor: Any, case: Case, on: date, reason: str) -> Ending | None:
    """One side puts an end to it, on a day that has come. None: no space was open, nothing is left to end."""
    if on > timezone.localdate():
        raise DomainError(_("Indiquez un jour qui est venu : la résiliation prend effet aussitôt."), code="future_date")
    if on < timezone.localdate() - timedelta(days=settings.ENT_READ_ONLY_DAYS):
        raise DomainError(_("Ce jour est trop ancien : les familles doivent pouvoir lire encore."), code="too_old")
    commune, found = locked(case.insee)
    if found is None or State.TERMINATED not in _next(found):
        raise DomainError(_("Cette convention n’est pas en vigueur."), code="wrong_state")
    if _is_being_mended(commune):
        raise DomainError(_("L’espace est en maintenance : résiliez quand elle sera finie."), code="in_maintenance")
    return _end(actor, commune, found, on=on, to=State.TERMINATED, reason=reason)


def _is_being_mended(commune: Commune | None) -> bool:
    """A migration that failed gives back the state of before: a change made meanwhile would be lost."""
    return commune is not None and commune.state == Commune.State.MAINTENANCE


def _next(case: Case) -> frozenset[str]:
    from shared_apps.onboarding.services.states import NEXT

    return NEXT[case.state]


def _end(actor: Any, commune: Commune | None, case: Case, *, on: date, to: str, reason: str) -> Ending | None:
    # In force until the day itself, not included.
    advance(actor, case, to, min(on + timedelta(days=1), timezone.localdate()), reason)
    if commune is None:
        audit.record(actor=actor, action="lifecycle.ended", obj=case, insee=case.insee, how=str(to), on=on)
        return None
    ending = Ending.objects.create(
        case=case,
        is_termination=to == State.TERMINATED,
        reason=reason,
        decided_by=actor,
        schema_name=commune.schema_name,
        ended_on=on,
        readable_until=on + timedelta(days=settings.ENT_READ_ONLY_DAYS),
        erase_by=add_months(on, MONTHS_TO_ERASE),
    )
    # Who was kept out is not let in by an end.
    if commune.state != Commune.State.SUSPENDED:
        switch(commune, Commune.State.READ_ONLY, closes_on=ending.readable_until)
    audit.record(actor=actor, action="lifecycle.ended", obj=ending, insee=case.insee, how=str(to), on=on)
    return ending


@transaction.atomic
def archive(*, ending: Ending) -> bool:
    """The door is closed for good, sessions end, the packages are asked for. Repeating it changes nothing."""
    commune, case = locked(ending.case.insee)
    ending = Ending.objects.select_for_update(of=("self",)).get(pk=ending.pk)
    if ending.state != Ending.State.READ_ONLY or ending.readable_until >= timezone.localdate():
        return False
    if _is_being_mended(commune):
        return False
    ending.state, ending.archived_at = Ending.State.ARCHIVED, timezone.now()
    ending.save(update_fields=["state", "archived_at", "updated_at"])
    advance(None, case, State.ARCHIVED, timezone.localdate())
    if commune is not None:
        switch(commune, Commune.State.ARCHIVED)
        with in_schema(commune.schema_name):
            Session.objects.all().delete()
        packages.plan(actor=None, ending=ending)
    audit.record(actor=None, action="lifecycle.archived", obj=ending)
    return True


@transaction.atomic
def order_erasure(*, actor: Any, ending: Ending, typed_name: str) -> Ending:
    """By an administrator who has just proved who they are. It waits a day, and can be taken back until then."""
    ending = Ending.objects.select_related("case__commune").select_for_update(of=("self",)).get(pk=ending.pk)
    if ending.state != Ending.State.ARCHIVED:
        raise DomainError(_("On efface une commune archivée, et aucune autre."), code="wrong_state")
    if ending.ordered_at is not None:
        raise DomainError(_("L’effacement est déjà demandé."), code="already_ordered")
    if sort_key(typed_name) != sort_key(ending.case.commune.name):
        raise DomainError(_("Ce n’est pas le nom de la commune."), code="wrong_name")
    return _order(actor, ending)


@transaction.atomic
def order_by_itself(*, ending: Ending) -> bool:
    """The day of the law comes and nobody has decided. Once: what somebody takes back stays so."""
    rows = Ending.objects.to_order(timezone.localdate()).select_related("case__commune")
    found = rows.select_for_update(of=("self",)).filter(pk=ending.pk).first()
    if found is None or not settings.ENT_ERASURE_BY_ITSELF:
        return False
    found.self_ordered_at = timezone.now()
    mails.plan_deadline(_order(None, found))
    return True


def _order(actor: Any, ending: Ending) -> Ending:
    if not ending.packages.exists() or ending.packages.exclude(state="ready").exists():
        raise DomainError(_("Les paquets ne sont pas tous prêts : rien ne peut être effacé avant."), code="no_packages")
    ending.ordered_at, ending.ordered_by = timezone.now(), actor
    ending.erasable_at = ending.ordered_at + timedelta(hours=settings.ENT_ERASURE_NOTICE)
    ending.save(update_fields=["ordered_at", "ordered_by", "erasable_at", "self_ordered_at", "updated_at"])
    audit.record(actor=actor, action="lifecycle.erasure_ordered", obj=ending)
    return ending


@transaction.atomic
def take_back_order(*, actor: Any, ending: Ending) -> Ending:
    ending = Ending.objects.select_for_update().get(pk=ending.pk)
    if ending.state != Ending.State.ARCHIVED or ending.ordered_at is None:
        raise DomainError(_("Il n’y a plus rien à annuler."), code="wrong_state")
    ending.ordered_at = ending.ordered_by = ending.erasable_at = None
    ending.save(update_fields=["ordered_at", "ordered_by", "erasable_at", "updated_at"])
    audit.record(actor=actor, action="lifecycle.erasure_taken_back", obj=ending)
    return ending


@transaction.atomic
def begin_erasure(*, ending: Ending) -> bool:
    """Whether it may begin, or has begun: the notice has passed, and all was received or nobody is waited for."""
    ending = Ending.objects.select_for_update().get(pk=ending.pk)
    if ending.state == Ending.State.ERASING:
        return True
    if not Ending.objects.to_erase().filter(pk=ending.pk).exists():
        return False
    if not handover.all_received(ending) and timezone.localdate() <= ending.packages_wait_until:
        return False
    ending.state = Ending.State.ERASING
    ending.save(update_fields=["state", "updated_at"])
    audit.record(actor=None, action="lifecycle.erasure_begun", obj=ending)
    return True

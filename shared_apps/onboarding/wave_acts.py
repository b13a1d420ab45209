"""What a wave can do to each of its communes. `provisioning` adds the opening, which this room does not know."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.registry import Registry
from shared_apps.accounts.models import User
from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case
from shared_apps.reference.models import RefSchool

State = Case.State


class AlreadyDone(DomainError):
    """Nothing to do for this commune: not a failure."""


class StillUnderWay(Exception):
    """Another process is at it: its end is asked again later."""


@dataclass(frozen=True, slots=True)
class WaveActKind:
    """`do(actor, insee, params)`, safe to repeat. `asks`: the fields of its form. `is_long`: commits by itself."""

    code: str
    label: Any
    help: Any
    do: Callable[[Any, str, dict[str, Any]], None]
    permission: str = "onboarding.manage_case"
    asks: tuple[str, ...] = ()
    is_long: bool = False


kinds: Registry[WaveActKind] = Registry("acts of a wave")


def case_of(insee: str) -> Case:
    case = Case.objects.for_commune(insee).with_convention().first()
    if case is None:
        raise DomainError(_("Pas encore de dossier : commencez-le d’abord."), code="no_case")
    return case


def has_passed(case: Case, state: str) -> bool:
    order = list(State)
    return order.index(State(case.state)) >= order.index(State(state))


def _start(actor: Any, insee: str, params: dict[str, Any]) -> None:
    if Case.objects.for_commune(insee).exists():
        raise AlreadyDone(_("Un dossier existe déjà."))
    services.start_case(actor=actor, insee=insee)


def _own(actor: Any, insee: str, params: dict[str, Any]) -> None:
    case, owner = case_of(insee), User.objects.active().filter(pk=params["owner"]).first()
    if owner is None:
        raise DomainError(_("Cette personne n’a plus de compte."), code="no_owner")
    if case.owner_id == owner.pk:
        raise AlreadyDone(_("Déjà suivi par cette personne."))
    services.assign_owner(actor=actor, case=case, owner=owner)


def _contacted(actor: Any, insee: str, params: dict[str, Any]) -> None:
    case = case_of(insee)
    if has_passed(case, State.CONTACTED):
        raise AlreadyDone(_("Déjà contactée."))
    services.record_contacted(
        actor=actor, case=case, on=date.fromisoformat(params["on"]), detail=params.get("title", "")
    )


def _due(actor: Any, insee: str, params: dict[str, Any]) -> None:
    case, due_on = case_of(insee), date.fromisoformat(params["due_on"])
    if case.tasks.filter(title=params["title"], due_on=due_on).exists():
        raise AlreadyDone(_("Cette tâche y est déjà."))
    services.add_task(actor=actor, case=case, title=params["title"], due_on=due_on, assignee=case.owner)


def _draft(actor: Any, insee: str, params: dict[str, Any]) -> None:
    case = case_of(insee)
    if case.convention is not None:
        raise AlreadyDone(_("Une convention existe déjà."))
    uais = list(RefSchool.objects.current().public().of_commune(insee).values_list("uai", flat=True))
    services.draft_convention(actor=actor, case=case, uais=uais, drafted_on=timezone.localdate())


def _ask_mandate(actor: Any, insee: str, params: dict[str, Any]) -> None:
    case = case_of(insee)
    if case.mandates.filter(is_confirmed=True, withdrawn_at=None).exists():
        raise AlreadyDone(_("Le mandat est déjà confirmé."))
    services.ask_mandate(actor=actor, case=case)


for kind in (
    WaveActKind(
        "start",
        gettext_lazy("Commencer les dossiers"),
        gettext_lazy("À votre nom, pour les communes qui n’en ont pas."),
        _start,
    ),
    WaveActKind(
        "own",
        gettext_lazy("Confier les dossiers"),
        gettext_lazy("La personne choisie les verra dans ce qui l’attend."),
        _own,
        asks=("owner",),
    ),
    WaveActKind(
        "contacted",
        gettext_lazy("Noter le premier contact"),
        gettext_lazy("Le même jour pour toutes : une réunion, un courrier."),
        _contacted,
        asks=("on", "title"),
    ),
    WaveActKind(
        "due",
        gettext_lazy("Donner une échéance"),
        gettext_lazy("Une tâche datée dans chaque dossier."),
        _due,
        asks=("title", "due_on"),
    ),
    WaveActKind(
        "mandate",
        gettext_lazy("Demander les mandats"),
        gettext_lazy("Un courriel à l’adresse officielle de chaque mairie."),
        _ask_mandate,
    ),
    WaveActKind(
        "draft",
        gettext_lazy("Rédiger les conventions"),
        gettext_lazy("Avec toutes les écoles publiques de chaque commune."),
        _draft,
        permission="onboarding.manage_convention",
    ),
):
    kinds.register(kind.code, kind)

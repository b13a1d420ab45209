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
from shared_apps.files.models import StoredFile
from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case, ConventionSignature
from shared_apps.reference.models import RefSchool
from shared_apps.signing import keys

State = Case.State
Side = ConventionSignature.Side


class AlreadyDone(DomainError):
    """Nothing to do for this commune: not a failure."""


class StillUnderWay(Exception):
    """Another process is at it: its end is asked again later."""


@dataclass(frozen=True, slots=True)
class WaveActKind:
    """`do(actor, insee, params)`, safe to repeat. `is_long`: commits by itself.

    `asks`: what is the same for all, `asks_each`: what each commune has of its own. `waits_in`: the state of the cases
    that wait for it. `keep_scan(actor, insee, upload)`: where the paper of a commune is kept.
    """

    code: str
    label: Any
    help: Any
    do: Callable[[Any, str, dict[str, Any]], None]
    permission: str = "onboarding.manage_case"
    asks: tuple[str, ...] = ()
    asks_each: tuple[str, ...] = ()
    waits_in: str = ""
    keep_scan: Callable[[Any, str, Any], StoredFile] | None = None
    is_online: bool = False  # only where the platform has a seal
    is_signing: bool = False  # a second factor given lately
    is_long: bool = False

    @property
    def is_by_line(self) -> bool:
        """On a page of its own, with a line for each commune that waits."""
        return self.keep_scan is not None

    @property
    def is_offered(self) -> bool:
        return not self.is_online or keys.is_configured()


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


def _deliberation(actor: Any, insee: str, params: dict[str, Any]) -> None:
    case = case_of(insee)
    if has_passed(case, State.DELIBERATED):
        raise AlreadyDone(_("La délibération est déjà enregistrée."))
    services.record_deliberation(actor=actor, case=case, number=params["number"], on=date.fromisoformat(params["on"]))


def _keep_extract(actor: Any, insee: str, upload: Any) -> StoredFile:
    return services.add_file(actor=actor, case=case_of(insee), upload=upload)


def _keep_signed(actor: Any, insee: str, upload: Any) -> StoredFile:
    convention = case_of(insee).convention
    if convention is None:
        raise DomainError(_("Pas encore de convention : rédigez-la d’abord."), code="no_convention")
    return services.keep_scan(actor, convention, upload)


def _signed_on_paper(side: str, reached: str) -> Callable[[Any, str, dict[str, Any]], None]:
    def record(actor: Any, insee: str, params: dict[str, Any]) -> None:
        case = case_of(insee)
        if has_passed(case, reached):
            raise AlreadyDone(_("Cette signature est déjà enregistrée."))
        scan = StoredFile.objects.filter(pk=params["scan"]).first() if "scan" in params else None
        services.record_signature(
            actor=actor,
            case=case,
            side=side,
            signer_name=params["signer_name"],
            signer_quality=params["signer_quality"],
            signed_on=date.fromisoformat(params["signed_on"]),
            place=params.get("place") or case.commune.name,
            scan=scan,
        )

    return record


def _invite(actor: Any, insee: str, params: dict[str, Any]) -> None:
    case = case_of(insee)
    if has_passed(case, State.SIGNED_BY_COMMUNE):
        raise AlreadyDone(_("La commune a déjà signé."))
    convention, address = case.convention, getattr(case, "official_address", None)
    if convention is None:
        raise DomainError(_("Pas encore de convention : rédigez-la d’abord."), code="no_convention")
    if convention.live_invitation is not None:
        raise AlreadyDone(_("Un lien est déjà parti, et il sert encore."))
    if address is None:
        raise DomainError(_("Indiquez d’abord l’adresse officielle de la mairie."), code="no_address")
    services.invite(actor=actor, convention=convention, email=address.email)


def _sign_online(actor: Any, insee: str, params: dict[str, Any]) -> None:
    case = case_of(insee)
    if has_passed(case, State.SIGNED_BY_BOTH):
        raise AlreadyDone(_("L’académie a déjà signé."))
    if case.convention is None:
        raise DomainError(_("Pas encore de convention : rédigez-la d’abord."), code="no_convention")
    services.sign_for_academy(
        actor=actor,
        convention=case.convention,
        name=params["signer_name"],
        quality=params["signer_quality"],
        place=params["place"],
    )


CONVENTION = "onboarding.manage_convention"
SIGNER = ("signer_name", "signer_quality", "place")

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
        waits_in=State.PROSPECT,
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
        permission=CONVENTION,
        waits_in=State.CONTACTED,
    ),
    WaveActKind(
        "deliberation",
        gettext_lazy("Enregistrer les délibérations"),
        gettext_lazy("Une ligne par commune : son numéro, sa date, son extrait numérisé."),
        _deliberation,
        permission=CONVENTION,
        asks_each=("number", "on"),
        waits_in=State.DRAFTED,
        keep_scan=_keep_extract,
    ),
    WaveActKind(
        "invite",
        gettext_lazy("Envoyer à la signature en ligne"),
        gettext_lazy("Un lien à l’adresse officielle de chaque mairie."),
        _invite,
        permission=CONVENTION,
        waits_in=State.DELIBERATED,
        is_online=True,
    ),
    WaveActKind(
        "paper-commune",
        gettext_lazy("Enregistrer les signatures des communes"),
        gettext_lazy("Sur papier. Une ligne par commune : qui a signé, quand, l’exemplaire numérisé."),
        _signed_on_paper(Side.COMMUNE, State.SIGNED_BY_COMMUNE),
        permission=CONVENTION,
        asks_each=("signer_name", "signer_quality", "signed_on"),
        waits_in=State.DELIBERATED,
        keep_scan=_keep_signed,
    ),
    WaveActKind(
        "sign-academy",
        gettext_lazy("Signer en ligne pour l’académie"),
        gettext_lazy("Les conventions que les communes ont signées en ligne, en une fois."),
        _sign_online,
        permission="onboarding.sign_convention",
        asks=(*SIGNER, "has_read"),
        waits_in=State.SIGNED_BY_COMMUNE,
        is_online=True,
        is_signing=True,
    ),
    WaveActKind(
        "paper-academy",
        gettext_lazy("Enregistrer les signatures de l’académie"),
        gettext_lazy("Sur papier, le même jour pour toutes ; chaque exemplaire numérisé."),
        _signed_on_paper(Side.ACADEMY, State.SIGNED_BY_BOTH),
        permission=CONVENTION,
        asks=(*SIGNER, "signed_on"),
        asks_each=("is_taken",),
        waits_in=State.SIGNED_BY_COMMUNE,
        keep_scan=_keep_signed,
    ),
):
    kinds.register(kind.code, kind)

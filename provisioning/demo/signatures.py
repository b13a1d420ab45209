"""Conventions signed on the platform: by both, by the commune alone, and one whose link waits in the mails."""

from datetime import date
from typing import Any

from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case, ConventionSignature
from shared_apps.onboarding.services import signing
from shared_apps.reference.models import RefSchool

ONLINE = {"11170", "11379"}
INVITED, AMENDED = "11116", "11262"


def sign(officer: Any, case: Case, side: str, name: str, quality: str, place: str) -> None:
    """What the mayor does by the link, and the académie by its page."""
    convention, facts = case.convention, {"name": name, "quality": quality, "place": place}
    if side == ConventionSignature.Side.ACADEMY:
        services.sign_for_academy(actor=officer, convention=convention, **facts)
        return
    invitation = services.invite(actor=officer, convention=convention, email=f"mairie@{case.insee}.example")
    services.sign_for_commune(token=signing.token_for(invitation), **facts)


def seed(officer: Any, today: date) -> None:
    """Safe to repeat: what exists is left."""
    waiting = Case.objects.with_convention().for_commune(INVITED).filter(state=Case.State.DELIBERATED).first()
    if waiting and waiting.convention and waiting.convention.live_invitation is None:
        services.invite(actor=officer, convention=waiting.convention, email=f"mairie@{INVITED}.example")
    case = Case.objects.with_convention().for_commune(AMENDED).filter(state=Case.State.OPEN).first()
    if case and not case.amendments:
        left = RefSchool.objects.current().public().of_commune(AMENDED).exclude(uai__in=case.schools)
        added = list(left.order_by("uai").values_list("uai", flat=True)[:2])
        if added:
            services.draft_amendment(actor=officer, case=case, added=added, drafted_on=today)

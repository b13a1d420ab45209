"""The academy's people and a case at each stage. Call in the public schema, with the reference data loaded."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from shared_apps.accounts.models import StaffRole, User
from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case, Convention
from shared_apps.reference.models import RefSchool

HOST = "academie.localhost"
NARBONNE, LEZIGNAN, COURSAN = "11262", "11203", "11106"
Role = StaffRole.Role


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def staff(first: str = "Nadia", last: str = "Bousquet", *, role: str | None = Role.DEPLOYMENT, scope: str = "") -> User:
    user = User.objects.create(
        identifier=f"{first}.{last}".lower(),
        first_name=first,
        last_name=last,
        email=f"{first}.{last}@example.org".lower(),
        password="!unusable",
        activated_at=timezone.now(),
    )
    if role:
        StaffRole.objects.create(user=user, role=role, scope=scope)
    return user


def uais(insee: str) -> list[str]:
    return list(RefSchool.objects.public().of_commune(insee).values_list("uai", flat=True))


def started(actor: User, insee: str = NARBONNE) -> Case:
    return services.start_case(actor=actor, insee=insee)


def contacted(actor: User, insee: str = NARBONNE) -> Case:
    case = started(actor, insee)
    return services.record_contacted(actor=actor, case=case, on=days_ago(60), detail="appel")


def drafted(actor: User, insee: str = NARBONNE, schools: list[str] | None = None) -> Case:
    case = contacted(actor, insee)
    services.draft_convention(actor=actor, case=case, uais=schools or uais(insee), drafted_on=days_ago(50))
    return fresh(case)


def deliberated(actor: User, insee: str = NARBONNE, schools: list[str] | None = None) -> Case:
    case = drafted(actor, insee, schools)
    services.record_deliberation(actor=actor, case=case, number="2026-118", on=days_ago(40))
    return fresh(case)


def signature(**changes: Any) -> dict[str, Any]:
    facts = {
        "signer_name": "Hélène Castan",
        "signer_quality": "maire",
        "signed_on": days_ago(30),
        "place": "Narbonne",
    }
    return facts | changes


def signed_by_commune(actor: User, insee: str = NARBONNE, schools: list[str] | None = None) -> Case:
    case = deliberated(actor, insee, schools)
    services.record_signature(actor=actor, case=case, side="commune", **signature())
    return fresh(case)


def signed_by_both(actor: User, insee: str = NARBONNE, schools: list[str] | None = None) -> Case:
    case = signed_by_commune(actor, insee, schools)
    facts = signature(
        signer_name="Anne Roussel", signer_quality="rectrice", place="Montpellier", signed_on=days_ago(20)
    )
    services.record_signature(actor=actor, case=case, side="academy", **facts)
    return fresh(case)


def fresh(case: Case) -> Case:
    return Case.objects.with_convention().get(pk=case.pk)


def convention(case: Case) -> Convention:
    return fresh(case).convention

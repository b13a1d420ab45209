from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.tenancy import in_public
from shared_apps.accounts.models import StaffRole
from shared_apps.lifecycle import services
from shared_apps.onboarding.models import Case, CaseContact
from tests.shared_apps.onboarding import factories

Role = StaffRole.Role


@pytest.fixture
def administrator(reference):
    return factories.staff("Florence", "Estrade", role=Role.ADMINISTRATOR)


@pytest.fixture
def officer(reference):
    return factories.staff("Bruno", "Castel", role=Role.CONVENTIONS)


@pytest.fixture
def case(officer, narbonne) -> Case:
    """Narbonne, open, its convention signed twenty days ago; the mayor, the town’s officer and a head are known."""
    with in_public():
        found = factories.signed_by_both(officer)
        Case.objects.filter(pk=found.pk).update(state=Case.State.OPEN)
        contact(found, CaseContact.Role.MAYOR, "maire@narbonne.test")
        contact(found, CaseContact.Role.SCHOOL_SERVICE, "ecoles@narbonne.test")
    return factories.fresh(found)


def contact(case: Case, role: str, email: str, **facts: Any) -> CaseContact:
    return CaseContact.objects.create(
        case=case, role=role, first_name="Claude", last_name="Vidal", email=email, **facts
    )


@pytest.fixture
def with_terms(case, officer):
    """`with_terms(renewal, days_left)`: the convention ends in so many days."""

    def make(renewal: str, days_left: int, months: int = 12) -> Case:
        services.set_terms(
            actor=officer, case=case, starts_on=case.convention.in_force_on, term_months=months, renewal=renewal
        )
        ends_on(case, timezone.localdate() + timedelta(days=days_left))
        return factories.fresh(case)

    return make


def ends_on(case: Case, day: date) -> None:
    case.conventions.exclude(kind="amendment").update(ends_on=day)


@pytest.fixture
def later(monkeypatch):
    """`later(days)`: the clock of the suite, moved on."""
    real = timezone.now

    def move(days: int) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: real() + timedelta(days=days))

    return move

"""Lakanal and Arago at Narbonne, the school service, two agents at the academy."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import StaffRole
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY, VERIFIED_KEY
from shared_apps.notifications import outbox
from shared_apps.support import services as helpdesk
from shared_apps.support.models import AccessRequest, TicketHeader
from tenant_apps.people.models import StaffAssignment
from tenant_apps.support.models import SupportAccess, Ticket
from tenant_apps.support.services import accesses, tickets
from tests.shared_apps.conftest import few_communes, reference  # noqa: F401  (fixtures)
from tests.shared_apps.onboarding import factories as academy
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.links.browser import Device
from tests.tenant_apps.links.conftest import accept_charter

ACADEMY, NARBONNE, SCHEMA = "academie.localhost", "narbonne.localhost", "c_11262"
LAKANAL, ARAGO = "0110427E", "0110429G"


@pytest.fixture
def lakanal(narbonne: Any) -> factories.ClassRoom:
    with in_schema(SCHEMA):
        return factories.classroom(uai=LAKANAL)


@pytest.fixture
def arago(narbonne: Any) -> factories.ClassRoom:
    with in_schema(SCHEMA):
        return factories.classroom(uai=ARAGO, label="CM2", prefix="b")


@pytest.fixture
def officer(narbonne: Any) -> Any:
    """Of the school service: decides for the town."""
    with in_schema(SCHEMA):
        user = factories.account("Elodie", "Roca")
        person = factories.person("Elodie", "Roca", user=user)
        StaffAssignment.objects.create(person=person, role="school_service", starts_on=date(2020, 1, 1))
        return user


@pytest.fixture
def agent(reference: None) -> Any:  # noqa: F811
    with in_public():
        return academy.staff("Lea", "Marty", role=StaffRole.Role.SUPPORT)


@pytest.fixture
def browser(lakanal: Any) -> Callable[..., Device]:
    """Somebody's device, signed in at Narbonne, their charter accepted."""

    def make(user: Any) -> Device:
        device = Device()
        with in_schema(SCHEMA):
            accept_charter(user)
        device.sign_in(NARBONNE, user)
        return device

    return make


@pytest.fixture
def desk(agent: Any) -> Device:
    """The agent's computer, both factors given a moment ago."""
    device = Device()
    device.sign_in(ACADEMY, agent, **{SECOND_FACTOR_KEY: True, VERIFIED_KEY: timezone.now().isoformat()})
    return device


def url(path: str, host: str = NARBONNE) -> str:
    return f"https://{host}{path}"


def deliver() -> None:
    """What the commune planned, then what that planned at the academy."""
    with in_schema(SCHEMA):
        outbox.deliver_due()
    with in_public():
        outbox.deliver_due()


def opened(author: Any, profile: str, *, school: Any = None, **facts: Any) -> Ticket:
    with in_schema(SCHEMA):
        defaults = {"subject": "Je ne vois pas le mot", "category": "notes", "priority": "normal"}
        ticket = Ticket(**defaults | facts, school=school)
        body = "Ma fille Inès n’a pas le mot de lundi."
        return tickets.open_ticket(actor=author, ticket=ticket, body=body, profile=profile)


def escalated(ticket: Ticket, by: Any, *, shares: bool = False) -> Ticket:
    with in_schema(SCHEMA):
        done = tickets.escalate(actor=by, ticket=ticket, body="Je ne sais pas.", shares=shares)
    deliver()
    return done


def header_of(ticket: Ticket) -> TicketHeader | None:
    with in_public():
        return TicketHeader.objects.select_related("commune").filter(pk=ticket.pk).first()


def asked(agent: Any, commune: Any, *, scope: str = "school", uai: str = LAKANAL, minutes: int = 60) -> AccessRequest:
    with in_public():
        facts = {"scope": scope, "uai": uai if scope == "school" else "", "reason": "accounts", "minutes": minutes}
        return helpdesk.ask_access(actor=agent, commune=commune, words="Un code ne marche pas.", **facts)


def granted(request: AccessRequest, by: Any) -> SupportAccess:
    with in_schema(SCHEMA):
        access = accesses.grant(actor=by, access=SupportAccess.objects.get(pk=request.pk))
    deliver()
    return access


def fresh(row: Any, schema: str = SCHEMA) -> Any:
    with in_schema(schema):
        return type(row).objects.get(pk=row.pk)

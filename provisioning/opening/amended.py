"""The schools that an amendment adds to an open commune. Those it takes out keep their data until it is handed over."""

from typing import Any

from core.tenancy import in_schema
from provisioning.opening import first_accounts, invitations, reference_data
from shared_apps.onboarding.services import facts_in_service
from tenants.names import schema_for


def open_schools(payload: dict[str, Any]) -> None:
    """Handler. Safe to repeat: what is there stays."""
    facts = facts_in_service(payload["insee"])
    days = reference_data.calendar()
    with in_schema(schema_for(facts.insee)):
        reference_data.lay(facts.schools, days)
        first_accounts.create(facts)
        invitations.plan()

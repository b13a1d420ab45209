"""A school of Narbonne and one of Lézignan, the academy's trainer, and the post between them."""

from typing import Any

import pytest

from core.tenancy import in_public, in_schema
from shared_apps.notifications import outbox
from tests.shared_apps.onboarding import factories as academy
from tests.tenant_apps.liaison import factories

NARBONNE, LEZIGNAN = "c_11262", "c_11203"
LAKANAL, MISTRAL = "0110427E", "0110357D"
HOST = {NARBONNE: "narbonne.localhost", LEZIGNAN: "lezignan-corbieres.localhost"}


@pytest.fixture
def trainer(reference: None) -> Any:
    return academy.staff("Jordi", "Sarda", role="trainer")


@pytest.fixture
def desk(trainer: Any, academy: Any) -> Any:
    """The trainer's browser."""
    return academy(trainer)


@pytest.fixture
def rooms(reference: None, narbonne: Any, lezignan: Any) -> dict[str, Any]:
    found = {}
    for schema, uai in ((NARBONNE, LAKANAL), (LEZIGNAN, MISTRAL)):
        with in_schema(schema):
            found[schema] = factories.classroom(uai=uai)
    return found


@pytest.fixture
def post() -> Any:
    """What waits in the outboxes goes up, then the answers come down."""

    def deliver() -> None:
        for schema in (NARBONNE, LEZIGNAN):
            with in_schema(schema):
                outbox.deliver_due()
        with in_public():
            outbox.deliver_due()

    return deliver

"""Sophie has a child at Narbonne and another at Lézignan, and an account in each."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from core.tenancy import in_schema
from shared_apps.accounts import charter
from shared_apps.accounts.facts import facts_of
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.links.browser import Device

NARBONNE, LEZIGNAN = "narbonne.localhost", "lezignan-corbieres.localhost"
HERE, THERE = "c_11262", "c_11203"
BASE = {NARBONNE: f"https://{NARBONNE}", LEZIGNAN: f"https://{LEZIGNAN}"}


@dataclass
class Family:
    rooms: dict[str, Any] = field(default_factory=dict)

    def sophie(self, schema: str) -> Any:
        return self.rooms[schema].guardians["Sophie"]


def accept_charter(user: Any) -> None:
    """As at the first sign-in; call inside the commune."""
    charter.accept(actor=user, facts=facts_of(user))


@pytest.fixture
def family(narbonne: Any, lezignan: Any) -> Family:
    found = Family()
    for schema in (HERE, THERE):
        with in_schema(schema):
            found.rooms[schema] = factories.classroom(uai="0110357D" if schema == THERE else "0110427E")
            accept_charter(found.sophie(schema))
    return found


@pytest.fixture
def device(family: Family) -> Device:
    """Sophie's phone, signed in on both sides."""
    made = Device()
    made.sign_in(NARBONNE, family.sophie(HERE))
    made.sign_in(LEZIGNAN, family.sophie(THERE))
    return made


@pytest.fixture
def linked(device: Device) -> Device:
    link_both(device)
    return device


def propose(device: Device) -> str:
    """From Narbonne: the address, at Lézignan, where the proposal is read."""
    page = device.post(f"{BASE[NARBONNE]}/communes-liees/", {"commune": THERE})
    assert page.status_code == 200
    return page.context["url"]


def link_both(device: Device) -> None:
    assert device.get(propose(device)).status_code == 200
    assert device.post(device.url).status_code == 200  # yes at Lézignan: now at Narbonne
    page = device.post(device.url)  # confirmed at Narbonne: now at Lézignan
    assert "est relié" in page.content.decode()

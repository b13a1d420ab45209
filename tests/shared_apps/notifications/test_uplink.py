"""The one way up: what may go, and where it arrives."""

import re
import uuid
from datetime import date

import pytest

from core import registry
from core.errors import NotInACommune
from core.tenancy import current_schema, in_public
from shared_apps.notifications import outbox, uplink
from shared_apps.notifications.models import OutboxEntry

TICKET = uuid.uuid4()
FIELDS = {
    "ticket": uuid.UUID,
    "category": frozenset({"access", "import"}),
    "opened_on": date,
    "messages": int,
    "uai": re.compile(r"\d{7}[A-Z]"),
}


@pytest.fixture
def received(monkeypatch):
    found = []

    def receive(schema, data):
        found.append((current_schema(), schema, data))

    monkeypatch.setitem(registry.uplink_handlers._items, "test.ticket", registry.Uplink(FIELDS, receive))
    return found


def send(**data):
    uplink.send("test.ticket", key=f"ticket:{TICKET}", data=data)


def test_what_a_commune_sends_is_received_in_public_with_its_schema(in_narbonne, received):
    send(ticket=TICKET, category="access", opened_on=date(2026, 11, 24), messages=3, uai="0110123A")
    outbox.deliver_due()
    expected = {
        "ticket": str(TICKET),
        "category": "access",
        "opened_on": "2026-11-24",
        "messages": 3,
        "uai": "0110123A",
    }
    assert received == [("public", "c_11262", expected)]
    assert current_schema() == "c_11262"


def test_the_same_key_goes_up_once(in_narbonne, received):
    send(messages=1)
    send(messages=2)
    outbox.deliver_due()
    assert [data for _here, _schema, data in received] == [{"messages": 1}]


@pytest.mark.parametrize(
    "data",
    [
        {"category": "Sophie Ferrer"},
        {"category": "sophie"},
        {"ticket": "s.ferrer"},
        {"messages": "3"},
        {"messages": True},
        {"opened_on": "hier"},
        {"uai": "Inès"},
        {"uai": ["0110123A"]},
        {"title": "access"},
    ],
)
def test_what_could_name_somebody_is_refused_before_it_is_stored(in_narbonne, received, data):
    with pytest.raises(ValueError, match=r"test\.ticket|declared"):
        send(**data)
    assert not OutboxEntry.objects.exists()


def test_a_kind_that_is_not_declared_is_refused(in_narbonne):
    with pytest.raises(LookupError):
        uplink.send("test.unknown", key="x", data={})


def test_the_academy_sends_nothing_up(db, received):
    with in_public(), pytest.raises(NotInACommune):
        send(messages=1)

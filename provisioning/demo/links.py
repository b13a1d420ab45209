"""A family between two communes: a parent of Narbonne has a child at Coursan too, and linked both accounts."""

from typing import Any

from django.utils import timezone

from core.tenancy import in_schema
from provisioning.demo import people
from provisioning.demo.doors import accept_charters
from shared_apps.accounts.models import User
from tenant_apps.links.models import AccountLink
from tenant_apps.links.services import links
from tenant_apps.people import services
from tenant_apps.people.models import Person, Pupil
from tenants.names import schema_for
from tenants.neighbours import neighbour

HERE, THERE = schema_for("11262"), schema_for("11106")


def seed() -> None:
    """As the parent does it, from one commune to the other and back. Safe to repeat."""
    with in_schema(HERE):
        parent = _parent()
        if parent is None or AccountLink.objects.joined().filter(user=parent).exists():
            return
    with in_schema(THERE):
        same = _same_person_there(parent)
    if same is not None:
        _link(parent, same)


def _parent() -> User | None:
    offered = next((one for one in people.of_commune(HERE) if one.key == "guardian"), None)
    return User.objects.get(pk=offered.user_id) if offered else None


def _same_person_there(parent: User) -> User | None:
    """Another account, of another commune: nothing but the human being is the same."""
    pupil = Pupil.objects.enrolled().order_by("person__sort_name", "pk").first()
    if pupil is None:
        return None
    names = {"first_name": parent.first_name, "last_name": parent.last_name}
    found: Person = services.add_person(actor=None, **names)
    services.link_guardian(actor=None, pupil=pupil, guardian=found)
    account: Any = found.account
    account.activated_at = timezone.now()
    account.save(update_fields=["activated_at"])
    accept_charters()
    return account


def _link(parent: User, same: User) -> None:
    with in_schema(HERE):
        there: Any = neighbour(THERE)
        link = links.propose_link(actor=parent, to=there)
    with in_schema(THERE):
        here: Any = neighbour(HERE)
        links.agree_to_link(actor=same, to=here, pair=link.pair)
    with in_schema(HERE):
        links.complete_link(actor=parent, to=there, pair=link.pair)
    with in_schema(THERE):
        links.complete_link(actor=same, to=here, pair=link.pair)

"""What the foundations of a commune know of an account: what its holder is, whom it is for."""

from typing import Any

from core import registry
from core.frozen import Asked, beside, together
from core.registry import AccountFacts, AccountTies
from core.tenancy import current_schema, in_public, is_public
from tenants.models import Commune


def facts_of(user: Any) -> AccountFacts:
    """Of all the foundations together."""
    (facts,) = together(ask_facts(user.identifier))
    return facts


def ask_facts(identifier: str) -> Asked:
    """The same, to be sent with others: a sign-in asks before it knows whether there is such an account."""
    parts = [] if is_public() else [describe(identifier) for describe in registry.account_facts]
    if len(parts) == 1 and isinstance(parts[0], Asked):
        return parts[0]
    return beside(*parts).then(_together)


def _together(found: list[AccountFacts]) -> AccountFacts:
    if is_public():
        return AccountFacts(is_staff=True, needs_second_factor=True)
    return AccountFacts(
        is_pupil=any(facts.is_pupil for facts in found),
        is_too_young=any(facts.is_too_young for facts in found),
        is_staff=any(facts.is_staff for facts in found),
        needs_second_factor=any(facts.needs_second_factor for facts in found),
    )


def ties_of(user: Any) -> AccountTies:
    """Of all the foundations together, with the town's name; nothing but that at the academy."""
    if is_public():
        return AccountTies(words=("académie", "montpellier"))
    found = [describe(user) for describe in registry.account_ties]
    return AccountTies(
        children=tuple(child for ties in found for child in ties.children),
        words=(*_town(), *(word for ties in found for word in ties.words)),
    )


def _town() -> list[str]:
    schema = current_schema()
    with in_public():
        return list(Commune.objects.filter(schema_name=schema).values_list("name", flat=True))

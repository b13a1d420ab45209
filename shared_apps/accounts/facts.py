"""What the foundations of a commune know of an account: whom it is for, which words its password must not lean on."""

from typing import Any

from core import registry
from core.registry import AccountFacts
from core.tenancy import current_schema, in_public, is_public
from tenants.models import Commune


def facts_of(user: Any) -> AccountFacts:
    """Of all the foundations together, with the town's name; nothing but that at the academy."""
    if is_public():
        return AccountFacts(words=("académie", "montpellier"), is_staff=True, needs_second_factor=True)
    found = [describe(user) for describe in registry.account_facts]
    return AccountFacts(
        children=tuple(child for facts in found for child in facts.children),
        words=(*_town(), *(word for facts in found for word in facts.words)),
        is_pupil=any(facts.is_pupil for facts in found),
        is_too_young=any(facts.is_too_young for facts in found),
        is_staff=any(facts.is_staff for facts in found),
        needs_second_factor=any(facts.needs_second_factor for facts in found),
    )


def _town() -> list[str]:
    schema = current_schema()
    with in_public():
        return list(Commune.objects.filter(schema_name=schema).values_list("name", flat=True))

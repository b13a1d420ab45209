"""What the request found about the commune, kept with the opening so that no step asks the academy's tables again.

It holds names and addresses of the first people: it is wiped when the commune opens, and read anew by a resume.
"""

from dataclasses import asdict
from datetime import date
from typing import Any

from shared_apps.onboarding.services import ContactFacts, OpeningFacts, SchoolFacts


def pack(facts: OpeningFacts) -> dict[str, Any]:
    return asdict(facts) | {"in_force_on": facts.in_force_on.isoformat()}


def unpack(stored: dict[str, Any]) -> OpeningFacts:
    return OpeningFacts(
        **stored
        | {
            "in_force_on": date.fromisoformat(stored["in_force_on"]),
            "schools": tuple(SchoolFacts(**school) for school in stored["schools"]),
            "contacts": tuple(ContactFacts(**contact) for contact in stored["contacts"]),
        }
    )

"""What happens to a case: verbs by subject. Each takes the acting person first and refuses with a `DomainError`."""

from shared_apps.onboarding.services.cases import assign_owner, record_contacted, save_contact, start_case
from shared_apps.onboarding.services.conventions import draft_convention, record_deliberation, record_signature
from shared_apps.onboarding.services.follow_up import (
    add_file,
    add_task,
    finish_task,
    pin_note,
    remind,
    reopen_task,
    write_note,
)
from shared_apps.onboarding.services.mandates import ask_mandate, save_official_address
from shared_apps.onboarding.services.opening import (
    ContactFacts,
    OpeningFacts,
    SchoolFacts,
    facts_for_opening,
    mark_open,
    mark_provisioning,
)

__all__ = [
    "save_official_address",
    "write_note",
    "reopen_task",
    "remind",
    "pin_note",
    "finish_task",
    "ask_mandate",
    "add_task",
    "add_file",
    "ContactFacts",
    "OpeningFacts",
    "SchoolFacts",
    "assign_owner",
    "draft_convention",
    "facts_for_opening",
    "mark_open",
    "mark_provisioning",
    "record_contacted",
    "record_deliberation",
    "record_signature",
    "save_contact",
    "start_case",
]

"""What happens to a case: verbs by subject. Each takes the acting person first and refuses with a `DomainError`."""

from shared_apps.onboarding.services.agreements import set_heads_consent
from shared_apps.onboarding.services.amendments import draft_amendment, drop_amendment
from shared_apps.onboarding.services.cases import assign_owner, record_contacted, save_contact, start_case
from shared_apps.onboarding.services.conventions import (
    draft_convention,
    keep_scan,
    record_deliberation,
    record_signature,
)
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
    facts_in_service,
    mark_open,
    mark_provisioning,
)
from shared_apps.onboarding.services.signing import (
    check_code,
    invite,
    look,
    renew_proofs,
    revoke_invitation,
    send_code,
    sign_for_academy,
    sign_for_commune,
)
from shared_apps.onboarding.services.templates import choose_template, known_party, write_template

__all__ = [
    "ContactFacts",
    "OpeningFacts",
    "SchoolFacts",
    "add_file",
    "add_task",
    "ask_mandate",
    "assign_owner",
    "check_code",
    "choose_template",
    "draft_amendment",
    "draft_convention",
    "drop_amendment",
    "facts_for_opening",
    "facts_in_service",
    "finish_task",
    "invite",
    "keep_scan",
    "known_party",
    "look",
    "mark_open",
    "mark_provisioning",
    "pin_note",
    "record_contacted",
    "record_deliberation",
    "record_signature",
    "remind",
    "renew_proofs",
    "reopen_task",
    "revoke_invitation",
    "save_contact",
    "save_official_address",
    "send_code",
    "set_heads_consent",
    "sign_for_academy",
    "sign_for_commune",
    "start_case",
    "write_note",
    "write_template",
]

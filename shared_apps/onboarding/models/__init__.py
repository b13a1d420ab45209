from shared_apps.onboarding.models.case import Case, CaseContact, CaseEvent
from shared_apps.onboarding.models.convention import Convention, ConventionSchool, ConventionSignature
from shared_apps.onboarding.models.signing import ConventionTemplate, SignatoryParty, SigningInvitation

__all__ = [
    "JOINED",
    "Case",
    "CaseContact",
    "CaseEvent",
    "Convention",
    "ConventionSchool",
    "ConventionSignature",
    "ConventionTemplate",
    "SignatoryParty",
    "SigningInvitation",
]
__all__ = ["Case", "CaseContact", "CaseEvent", "Convention", "ConventionSchool", "ConventionSignature"]

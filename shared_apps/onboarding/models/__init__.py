from shared_apps.onboarding.models.case import Case, CaseContact, CaseEvent
from shared_apps.onboarding.models.convention import Convention, ConventionSchool, ConventionSignature
from shared_apps.onboarding.models.follow_up import (
    CaseNote,
    CaseTask,
    CommuneList,
    Mandate,
    OfficialAddress,
    Wave,
    WaveAct,
    WaveItem,
)
from shared_apps.onboarding.models.signing import ConventionTemplate, SignatoryParty, SigningInvitation

__all__ = [
    "JOINED",
    "Case",
    "CaseContact",
    "CaseEvent",
    "CaseNote",
    "CaseTask",
    "CommuneList",
    "Convention",
    "ConventionSchool",
    "ConventionSignature",
    "ConventionTemplate",
    "Mandate",
    "OfficialAddress",
    "SignatoryParty",
    "SigningInvitation",
    "Wave",
    "WaveAct",
    "WaveItem",
]

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

__all__ = [
    "Case",
    "CaseContact",
    "CaseEvent",
    "CaseNote",
    "CaseTask",
    "CommuneList",
    "Convention",
    "ConventionSchool",
    "ConventionSignature",
    "Mandate",
    "OfficialAddress",
    "Wave",
    "WaveAct",
    "WaveItem",
]

from shared_apps.onboarding.models.case import Case, CaseContact, CaseEvent
from shared_apps.onboarding.models.convention import Convention, ConventionSchool, ConventionSignature

__all__ = ["Case", "CaseContact", "CaseEvent", "Convention", "ConventionSchool", "ConventionSignature"]

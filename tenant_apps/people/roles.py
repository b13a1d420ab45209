"""What adults do in a school or for the town, and what each function opens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    HEAD = "head", _("directeur ou directrice d’école")
    TEACHER = "teacher", _("enseignant")
    SUBSTITUTE = "substitute", _("remplaçant")
    SUPPORT_ASSISTANT = "support_assistant", _("AESH")
    RASED = "rased", _("enseignant du RASED")
    PSY_EN = "psy_en", _("psychologue de l’Éducation nationale")
    ERUN = "erun", _("enseignant référent aux usages du numérique (ERUN)")
    IEN = "ien", _("inspecteur de l’Éducation nationale (IEN)")
    NURSERY_ASSISTANT = "nursery_assistant", _("ATSEM")
    CANTEEN_AGENT = "canteen_agent", _("agent de restauration")
    ACTIVITY_LEADER = "activity_leader", _("animateur")
    BILLING_OFFICER = "billing_officer", _("régisseur")
    SCHOOL_SERVICE = "school_service", _("service des affaires scolaires")
    ELECTED = "elected", _("élu")


TEACHING = frozenset({Role.TEACHER, Role.SUBSTITUTE})
# They work for the académie, and see the classes named in their assignments.
IN_THEIR_CLASSES = TEACHING | {Role.SUPPORT_ASSISTANT}
SCHOOL_STAFF = IN_THEIR_CLASSES | {Role.HEAD}
LEADING = TEACHING | {Role.HEAD}  # they make groups of pupils, and are in charge of them
MUNICIPAL = frozenset(
    {
        Role.NURSERY_ASSISTANT, Role.CANTEEN_AGENT, Role.ACTIVITY_LEADER, Role.BILLING_OFFICER,
        Role.SCHOOL_SERVICE, Role.ELECTED,
    }
)  # fmt: skip
# The town's agents read the names and the class of the pupils of their schools. An elected member sees no child.
READING_NAMES = MUNICIPAL - {Role.ELECTED}
# The académie's staff who go from school to school. RASED and psychologists work with pupils: names and classes, no
# message. ERUN and inspectors work with adults: the team, and for the inspector the classes.
MOVING = frozenset({Role.RASED, Role.PSY_EN, Role.ERUN, Role.IEN})
READING_NAMES |= {Role.RASED, Role.PSY_EN}

"""Words that a request for help has on both sides: in the commune, which keeps the thread, and at the academy, which
gets the header.
"""

import re
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    SIGN_IN = "sign_in", _("se connecter")
    ACCOUNTS = "accounts", _("comptes et fiches")
    IMPORTS = "imports", _("imports et classes")
    NOTES = "notes", _("mots et messages")
    DISPLAY = "display", _("affichage, téléphone, tablette")
    TOWN = "town", _("services de la mairie")
    OTHER = "other", _("autre chose")


class Priority(TextChoices):
    NORMAL = "normal", _("gênant")
    HIGH = "high", _("bloquant pour une personne")
    URGENT = "urgent", _("bloquant pour une classe ou une école")


class State(TextChoices):
    NEW = "new", _("nouvelle")
    IN_PROGRESS = "in_progress", _("en cours")
    WAITING = "waiting", _("attend la personne")
    SOLVED = "solved", _("résolue")
    REOPENED = "reopened", _("rouverte")
    CLOSED = "closed", _("close")


class Level(TextChoices):
    CLASS = "class", _("la classe")  # a pupil's, for the teacher: nothing of it goes up
    SCHOOL = "school", _("l’école ou la mairie")
    ACADEMY = "academy", _("l’académie")


class Scope(TextChoices):
    SCHOOL = "school", _("données scolaires d’une école")
    TOWN = "town", _("services de la mairie")


class Reason(TextChoices):
    DIAGNOSIS = "diagnosis", _("comprendre une panne")
    ACCOUNTS = "accounts", _("vérifier des comptes")
    IMPORT = "import", _("vérifier un import ou des classes")
    OTHER = "other", _("autre raison")


class AccessState(TextChoices):
    ASKED = "asked", _("demandé")
    GRANTED = "granted", _("accordé")
    REFUSED = "refused", _("refusé")
    ENDED = "ended", _("terminé")


class EndedBy(TextChoices):
    COMMUNE = "commune", _("la commune")
    AGENT = "agent", _("l’assistance")
    TIME = "time", _("le temps accordé")


OPEN = frozenset({State.NEW, State.IN_PROGRESS, State.WAITING, State.REOPENED})
DONE = frozenset({State.SOLVED, State.CLOSED})
PROFILES = frozenset({"guardian", "teacher", "head", "moving", "municipal"})
SCHOOL_STAFF = ("teacher", "head", "moving")
UAI = re.compile(r"(\d{7}[A-Z])?")

REOPENS_WITHIN = timedelta(days=14)
READS_FOR = timedelta(days=15)  # the thread of one request, from its escalation
UNANSWERED_FOR = timedelta(hours=24)  # a request for access that nobody decided
MINUTES = ((30, _("30 minutes")), (60, _("1 heure")), (120, _("2 heures")), (240, _("4 heures")))
MOST_MINUTES = 240

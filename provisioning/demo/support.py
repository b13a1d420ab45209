"""Help asked at Narbonne: answered at the school, passed on, waiting; an agent who asks to look in."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.tenancy import in_public, in_schema
from provisioning.demo import people
from provisioning.demo.academy import staff as academy_staff
from provisioning.demo.clock import at, moment
from shared_apps.accounts.models import StaffRole, User
from shared_apps.notifications import uplink
from shared_apps.notifications.models import OutboxEntry
from shared_apps.support import services as helpdesk
from shared_apps.support.models import CannedAnswer, TicketHeader
from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School
from tenant_apps.support.models import Ticket
from tenant_apps.support.services import tickets
from tenants.models import Commune
from tenants.names import schema_for

HERE = schema_for("11262")
CANNED = (
    (
        "Un code d’activation perdu",
        "sign_in",
        "Bonjour,\n\nLa direction de l’école imprime un nouveau code en une minute, depuis la page de la personne. "
        "L’ancien code cesse aussitôt de servir.\n\nL’assistance académique",
    ),
    (
        "L’import ONDE refuse une colonne",
        "imports",
        "Bonjour,\n\nONDE a changé le titre d’une colonne. Nous l’ajoutons pour toute l’académie : refaites l’import "
        "demain matin, sans rien modifier au fichier.\n\nL’assistance académique",
    ),
    (
        "Une page s’affiche mal",
        "display",
        "Bonjour,\n\nDites-nous sur quel appareil, et joignez une photo de l’écran. En attendant, mettez le "
        "navigateur à jour et rechargez la page.\n\nL’assistance académique",
    ),
)
# (days ago, hour, subject, category, words, answer after so many hours, the opinion)
PAST = (
    (24, 9, "Code d’activation périmé", "sign_in", "Le code de la fiche ne marche plus.", 2, 4),
    (19, 14, "Import des classes refusé", "imports", "Le fichier ONDE est refusé à la ligne 3.", 20, 3),
    (15, 10, "Le livret ne s’imprime pas", "display", "La page sort blanche.", 5, 4),
    (9, 16, "Import : deux élèves en double", "imports", "Deux fiches pour le même enfant.", 44, 2),
    (6, 11, "Un mot parti à la mauvaise classe", "notes", "Peut-on le reprendre ?", 1, 4),
)


def seed(school_days: list[date]) -> None:
    """Safe to repeat: when somebody asked for help, nothing is added. `school_days`: the latest first."""
    with in_schema(HERE):
        if Ticket.objects.exists():
            return
        lakanal = School.objects.get(uai="0110427E")
        head, teacher = _of(lakanal, "head"), _of(lakanal, "teacher")
        parent = _shown("guardian")
    with in_public():
        agent = academy_staff()[StaffRole.Role.SUPPORT]
        for title, category, body in CANNED:
            if not CannedAnswer.objects.filter(title=title).exists():
                helpdesk.write_canned(actor=agent, title=title, category=category, body=body)
    for days, hour, subject, category, words, hours, opinion in PAST:
        day = school_days[min(days, len(school_days) - 1)]
        asked = _ask(head, "head", lakanal, subject, words, moment(day, hour), category=category)
        _answer(agent, asked, "C’est corrigé de notre côté.", hours, solves=True)
        with in_schema(HERE):
            tickets.rate(actor=head, ticket=asked, rating=opinion)
    _present(lakanal, head, teacher, parent, agent, school_days)
    _ask_to_look_in(agent)
    with in_schema(HERE):
        _up()


def _present(lakanal: Any, head: User, teacher: User, parent: User | None, agent: User, days: list[date]) -> None:
    words = "Depuis ce matin, la page des élèves du CE1 tourne sans fin. Toute la classe attend."
    _ask(
        head, "head", lakanal, "La page d’une classe ne s’ouvre plus", words, moment(days[0], 8, 40), priority="urgent"
    )
    words = "Je voudrais mettre le planning de la chorale dans le cahier de liaison, je ne trouve pas où."
    _ask(teacher, "teacher", lakanal, "Joindre un fichier à un mot", words, moment(days[1], 17))
    if parent is None:
        return
    words = "Je reçois le mot sur mon téléphone mais le bouton « Signer » ne fait rien."
    passed = _ask(
        parent, "guardian", lakanal, "Impossible de signer un mot", words, moment(days[2], 19), category="display"
    )
    with in_schema(HERE), at(moment(days[1], 9)):
        tickets.escalate(actor=head, ticket=passed, body="Même chose pour deux autres familles.", shares=True)
        _up()
    _answer(agent, passed, "Quel téléphone utilisez-vous, et quel navigateur ?", 5, waits=True)
    words = "Le mot de lundi n’est pas chez le papa de ma fille, il n’habite pas avec nous."
    _ask(parent, "guardian", lakanal, "L’autre parent ne reçoit rien", words, moment(days[0], 8, 10))


def _ask(author: User, profile: str, school: Any, subject: str, body: str, when: Any, **facts: Any) -> Ticket:
    named = {"category": "notes", "priority": "normal"} | facts
    with in_schema(HERE), at(min(when, timezone.now())):
        ticket = Ticket(subject=subject, school=school, **named)
        made = tickets.open_ticket(actor=author, ticket=ticket, body=body, profile=profile, shares=profile == "head")
        _up()
        return made


def _answer(agent: User, ticket: Ticket, body: str, hours: int, **facts: bool) -> None:
    with in_public():
        header = TicketHeader.objects.select_related("commune").get(pk=ticket.pk)
        with at(min(header.taken_at + timedelta(hours=hours), timezone.now())):
            helpdesk.answer(actor=agent, header=header, body=body, **facts)
            with in_schema(HERE):
                _up()


def _ask_to_look_in(agent: User) -> None:
    with in_public():
        commune = Commune.objects.get(insee="11262")
        facts = {"scope": "school", "uai": "0110427E", "reason": "accounts", "minutes": 60}
        words = "Trois parents d’une même classe n’activent pas leur compte."
        helpdesk.ask_access(actor=agent, commune=commune, words=words, **facts)


def _of(school: School, role: str) -> User:
    rows = StaffAssignment.objects.on().filter(school=school, role=role, person__account__isnull=False)
    return rows.select_related("person__account").order_by("created_at", "pk")[0].person.account  # type: ignore[return-value]


def _shown(key: str) -> User | None:
    offered = next((one for one in people.of_commune(HERE) if one.key == key), None)
    return User.objects.get(pk=offered.user_id) if offered else None


def _up() -> None:
    """What the worker will do for the rest: here the agent answers at once."""
    rows = OutboxEntry.objects.pending().filter(kind=uplink.KIND, payload__kind__startswith="support.")
    for entry in rows.order_by("created_at", "pk"):
        with transaction.atomic():
            uplink.deliver(entry.payload)
        OutboxEntry.objects.filter(pk=entry.pk).update(delivered_at=timezone.now())

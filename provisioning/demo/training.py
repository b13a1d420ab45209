"""The academy's training in the demo: a catalogue, six sessions, teachers of two communes, one session held."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from core.tenancy import in_public, in_schema
from provisioning.demo import academy
from provisioning.demo.clock import at, moment
from shared_apps.accounts.models import StaffRole
from shared_apps.notifications.models import OutboxEntry
from shared_apps.reference.models import RefSchool
from shared_apps.training import telling
from shared_apps.training.models import Registration, Session, Training
from shared_apps.training.published import offers
from shared_apps.training.services import attendance, catalogue, registrations, sessions
from tenant_apps.people.models import StaffAssignment
from tenant_apps.trainees import services
from tenant_apps.trainees.models import TrainingRegistration

WEDNESDAY = 2
HERE, THERE = "0110427E", "0110357D"  # a school of Narbonne, one of Lézignan-Corbières
TRAININGS = (
    (
        "Premiers pas dans l’ENT",
        "initiation",
        "enseignants et directeurs",
        "3",
        "Se connecter, écrire un mot, suivre les signatures, répondre à une famille.",
    ),
    (
        "L’appel et la vie de la classe",
        "further",
        "enseignants qui ont suivi l’initiation",
        "3",
        "Faire l’appel sur tablette, tenir le cahier de liaison, partager un document.",
    ),
    (
        "Diriger l’école avec l’ENT",
        "further",
        "directrices et directeurs",
        "6",
        "Importer ONDE, remettre les codes, régler les droits, préparer l’année prochaine.",
    ),
    (
        "Créer un cahier multimédia en maternelle",
        "expert",
        "enseignants de cycle 1",
        "6",
        "Photographier, enregistrer, publier sans nommer un enfant.",
    ),
)


@dataclass(frozen=True, slots=True)
class Plan:
    training: int
    weeks: int  # from the next Wednesday
    school: str | None  # of its circonscription; None: the whole académie
    seats: int = 20
    place: str = ""
    is_morning: bool = True
    video: str = ""


HELD = Plan(0, -3, HERE, place="Collège Victor-Hugo, Narbonne")
PLANS = (
    Plan(1, 1, HERE, place="École Lakanal, Narbonne", seats=3),
    Plan(0, 2, HERE, place="Collège Victor-Hugo, Narbonne"),
    Plan(0, 2, THERE, place="Maison des associations, Lézignan-Corbières", is_morning=False),
    Plan(2, 3, None, seats=60, video="https://visio.education.example/direction"),
    Plan(3, 4, HERE, place="École maternelle Les Pins, Narbonne", seats=12),
)


def seed() -> None:
    """Safe to repeat: when the catalogue is there, nothing is done."""
    with in_public():
        if Training.objects.exists():
            return
        trainer = academy.staff()[StaffRole.Role.TRAINER]
        trainings = [_training(trainer, *facts) for facts in TRAININGS]
        _held(trainer, trainings)
        planned = [_session(trainer, trainings, plan, _wednesday(plan.weeks)) for plan in PLANS]
    offers.clear()
    for schema in ("c_11262", "c_11203"):
        _register(schema, planned[0], 4)
        _register(schema, planned[3], 2)
    offers.clear()


def _held(trainer: Any, trainings: list[Training]) -> None:
    """Three weeks ago: six registered, five came, and said what it was worth."""
    day = _wednesday(HELD.weeks)
    with at(moment(day - timedelta(days=20))):
        session = _session(trainer, trainings, HELD, day)
        offers.clear()
        for schema, count in (("c_11262", 4), ("c_11203", 2)):
            _register(schema, session, count)
    with at(moment(day, 18)):
        rows = list(session.registrations.order_by("pk"))
        came = {row.pk for row in rows[:-1]}
        attendance.record_attendance(actor=trainer, session=session, present=came)
        for row in Registration.objects.filter(session=session):
            telling.deliver({"registration": str(row.pk), "occasion": "heard"})
    OutboxEntry.objects.pending().filter(kind=telling.TELL).update(delivered_at=timezone.now())
    _rate()


def _rate() -> None:
    words = ("Concret, et au bon rythme.", "Un peu court pour la partie sur les signatures.")
    with in_schema("c_11262"):
        rows = TrainingRegistration.objects.filter(state="present").select_related("account").order_by("pk")
        for row, comment, rating in zip(rows, words, (5, 4), strict=False):
            services.rate(actor=row.account, registration=row, rating=rating, comment=comment)


def _training(trainer: Any, title: str, level: str, audience: str, hours: str, objectives: str) -> Training:
    facts = {"title": title, "level": level, "audience": audience, "hours": hours, "objectives": objectives}
    return catalogue.save_training(actor=trainer, training=Training(**facts))


def _session(trainer: Any, trainings: list[Training], plan: Plan, day: date) -> Session:
    school = RefSchool.objects.filter(uai=plan.school).first()
    hours = (time(9), time(12)) if plan.is_morning else (time(13, 30), time(16, 30))
    session = Session(
        training=trainings[plan.training],
        district_id=school.district_id if school else None,
        day=day,
        half=Session.Half.MORNING if plan.is_morning else Session.Half.AFTERNOON,
        starts_at=hours[0],
        ends_at=hours[1],
        place=plan.place,
        video_url=plan.video,
        trainer=trainer,
        seats=plan.seats,
        closes_on=day - timedelta(days=1),
    )
    return sessions.plan_session(actor=trainer, session=session)


def _register(schema: str, session: Session, count: int) -> None:
    """The first teachers of the commune; what they ask is heard here and now, since no worker runs."""
    with in_schema(schema):
        posts = StaffAssignment.objects.on().filter(role__in=StaffAssignment.TEACHING, person__account__isnull=False)
        teachers = [post.person.account for post in posts.select_related("person__account").order_by("pk")]
        made = [
            services.register(actor=user, offer=offers.get()[session.pk], school=services.schools_of(user)[0])
            for user in list(dict.fromkeys(teachers))[:count]
        ]
        words = [
            {"registration": row.pk, "session": session.pk, "trainee": row.trainee, "uai": row.school.uai}
            for row in made
        ]
    with in_public():
        for word in words:
            registrations.hear_request(schema, word)


def _wednesday(weeks: int) -> date:
    today = timezone.localdate()
    return today + timedelta(days=(WEDNESDAY - today.weekday()) % 7 + 7 * weeks)

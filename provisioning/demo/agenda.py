"""The school year in the agenda: what the town, the head and the teachers plan. Through the services."""

from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from provisioning.demo.people import shown_guardian
from tenant_apps.agenda import appointments, services
from tenant_apps.agenda.models import Booking, Event, Lesson
from tenant_apps.people.models import Guardianship, PupilGroup, StaffAssignment
from tenant_apps.schools.models import School, SchoolYear

Kind, Repeats = Event.Kind, Event.Repeats
FRIDAY = 4
# Month, day, what; held on the Friday that follows.
OF_THE_SCHOOL = [
    (9, 11, Kind.MEETING, "Réunion de rentrée", "Salle de motricité", time(18), time(19, 30)),
    (11, 6, Kind.MEETING, "Premier conseil d’école", "Salle des maîtres", time(18), time(20)),
    (11, 27, Kind.OTHER, "Photo de classe", "Préau", time(9), time(12)),
    (12, 11, Kind.PARTY, "Marché de Noël", "Cour de l’école", time(16, 30), time(19)),
    (2, 5, Kind.PARTY, "Carnaval", "Cour de l’école", time(14), time(16)),
    (3, 19, Kind.MEETING, "Deuxième conseil d’école", "Salle des maîtres", time(18), time(20)),
    (6, 18, Kind.MEETING, "Troisième conseil d’école", "Salle des maîtres", time(18), time(20)),
    (6, 25, Kind.PARTY, "Kermesse", "Cour de l’école", time(16, 30), time(21)),
]
# What a class does on Mondays, Tuesdays, Thursdays and Fridays: 24 hours a week.
HOURS = [(time(8, 30), time(10)), (time(10, 15), time(11, 30)), (time(13, 30), time(14, 45)), (time(15), time(16, 30))]
WEEK = {
    1: ["Lecture et écriture", "Mathématiques", "Questionner le monde", "Éducation physique"],
    2: ["Français", "Mathématiques", "Anglais", "Arts plastiques"],
    4: ["Français", "Mathématiques", "Occitan", "Éducation physique"],
    5: ["Dictée", "Mathématiques", "Enseignement moral et civique", "Musique"],
}


def seed(school: School, today: date) -> None:
    """Safe to repeat: a commune whose agenda is written is left as it is."""
    if Event.objects.exists():
        return
    year = SchoolYear.objects.current(today).get()
    _of_the_town(today, year)
    roles = StaffAssignment.objects.on().filter(school=school, person__account__isnull=False)
    done: set[Any] = set()  # classes that two teachers share, teachers who have two classes
    for one in roles.filter(role__in=["head", "teacher"]).select_related("person__account", "school_class"):
        actor = one.person.account
        if one.role == "head":
            _of_the_school(actor, school, year)
        elif one.school_class is not None and not done & {one.school_class_id, actor.pk}:
            _of_the_class(actor, one.school_class, today, year)
            _appointments(actor, one.school_class, today)
            done |= {one.school_class_id, actor.pk}


def _of_the_town(today: date, year: SchoolYear) -> None:
    officer = StaffAssignment.objects.on().for_the_whole_commune().filter(person__account__isnull=False).first()
    if officer is None:
        return
    actor, thursday = officer.person.account, _next(today, 3)
    until = date(year.starts_on.year + 1, 6, 30)
    menu = {"starts_on": thursday, "ends_on": thursday, "repeats": Repeats.WEEKLY, "until": until}
    _write(actor, kind=Kind.MENU, title="Repas tout bio à la cantine", **menu)
    works = {"starts_on": today + timedelta(days=3), "ends_on": today + timedelta(days=9)}
    _write(actor, kind=Kind.WORKS, title="Travaux boulevard Gambetta", place="Arrêt de bus déplacé", **works)
    strike = dict.fromkeys(("starts_on", "ends_on"), _next(today + timedelta(days=7), 1))
    details = "Un accueil minimum est ouvert à l’école Lakanal de 8 h 30 à 16 h 30. Apportez un repas froid."
    _write(actor, kind=Kind.STRIKE, title="Grève annoncée : pas de cantine", details=details, **strike)


def _of_the_school(actor: Any, school: School, year: SchoolYear) -> None:
    for month, day, kind, title, place, begins_at, ends_at in OF_THE_SCHOOL:
        start = _next(date(year.starts_on.year + (month < 8), month, day), FRIDAY)
        hours = {"begins_at": begins_at, "ends_at": ends_at}
        _write(actor, school=school, kind=kind, title=title, place=place, starts_on=start, ends_on=start, **hours)


def _of_the_class(actor: Any, school_class: Any, today: date, year: SchoolYear) -> None:
    where, tuesday = {"school": school_class.school, "school_class": school_class}, _next(today, 1)
    weekly = {
        "starts_on": tuesday,
        "ends_on": tuesday,
        "repeats": Repeats.WEEKLY,
        "until": tuesday + timedelta(weeks=10),
    }
    pool = {"begins_at": time(9), "ends_at": time(10, 30), "place": "Espace de Liberté"}
    _write(actor, **where, **weekly, **pool, kind=Kind.LESSON, title="Piscine", details="Maillot, bonnet et serviette.")
    museum = _next(today + timedelta(days=5), 3)
    outing = {"starts_on": museum, "ends_on": museum, "begins_at": time(9), "ends_at": time(16, 15)}
    _write(actor, **where, **outing, kind=Kind.OUTING, title="Sortie au musée Narbo Via", place="Narbo Via")
    for weekday, labels in WEEK.items():
        for (begins_at, ends_at), label in zip(HOURS, labels, strict=True):
            facts = {"weekday": weekday, "begins_at": begins_at, "ends_at": ends_at, "label": label}
            services.add_lesson(actor=actor, lesson=Lesson(school_class=school_class, **facts))


def of_the_choir(school: School, today: date) -> None:
    """Who is in charge of a group says when it sings."""
    group = PupilGroup.objects.on().filter(school=school, kind=PupilGroup.Kind.CHOIR).first()
    if group is None or group.events.exists():
        return
    friday = _next(today, FRIDAY)
    facts = {
        "begins_at": time(11, 15),
        "ends_at": time(12),
        "repeats": Repeats.WEEKLY,
        "until": friday + timedelta(weeks=12),
    }
    where = {"school": school, "group": group, "place": "Salle de motricité"}
    actor = group.leaders.first().person.account
    _write(
        actor, **where, **facts, kind=Kind.LESSON, title="Répétition de la chorale", starts_on=friday, ends_on=friday
    )


def _appointments(actor: Any, school_class: Any, today: date) -> None:
    """An evening of meetings, begun to be booked; whom the front door shows has theirs still to take."""
    evening = _next(max(today, timezone.localdate()) + timedelta(days=4), 3)
    facts = {"school_class": school_class, "day": evening, "minutes": 15}
    place = f"Salle de la classe {school_class}"
    slots = appointments.open_slots(actor=actor, begins_at=time(16, 45), ends_at=time(18, 15), place=place, **facts)
    charge = Guardianship.objects.informed().filter(guardian__account__activated_at__isnull=False)
    charge = charge.of_classes([school_class]).exclude(guardian=shown_guardian())
    # Who has children in two classes is not at two places at once.
    charge = charge.exclude(guardian__account__in=Booking.objects.values("guardian"))
    charge = charge.order_by("pupil_id", "pk").distinct("pupil_id")
    for slot, link in zip(slots[1::2], charge.select_related("pupil", "guardian__account"), strict=False):
        appointments.book(actor=link.guardian.account, wanted=[(slot, link.pupil)])


def _write(actor: Any, **facts: Any) -> None:
    services.save_event(actor=actor, event=Event(**facts))


def _next(day: date, weekday: int) -> date:
    """That day of the week, on the day itself or after."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)

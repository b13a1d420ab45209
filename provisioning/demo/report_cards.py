"""The first trimester at Lakanal: a class validated and signed in part, another being written. Through the services."""

import random
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from provisioning.demo.clock import at, moment
from provisioning.demo.people import shown_guardian
from shared_apps.signatures import services as signatures
from shared_apps.signatures.models import Slot
from tenant_apps.people.models import Enrollment, Person, StaffAssignment
from tenant_apps.report_cards import services
from tenant_apps.report_cards.domains import domains_of, domains_of_grades
from tenant_apps.report_cards.models import ReportCard, ReportPeriod
from tenant_apps.report_cards.querysets import PURPOSE
from tenant_apps.schools.models import SchoolYear

SAID = {
    1: "Les notions de la période restent à reprendre ; un appui est proposé en petit groupe.",
    2: "Des progrès, à consolider par une lecture régulière de la leçon.",
    3: "Travail sérieux, participation active en classe.",
    4: "Excellent travail, et une aide précieuse apportée aux autres.",
}
HALF = 0.5
WORKED_ON = {
    "FRENCH": "Lire avec aisance ; accorder le verbe avec son sujet.",
    "MATHS": "Nombres jusqu’à 10 000 ; problèmes à deux étapes.",
    "MODERN_LANGUAGE": "Se présenter ; les couleurs, les jours.",
    "PE": "Course longue ; jeux collectifs.",
}


def seed(school: Any, school_days: list[date]) -> None:
    """Safe to repeat: a school with a period is left as it is."""
    if ReportPeriod.objects.filter(school=school).exists():
        return
    rng = random.Random(school.uai)  # noqa: S311  (invented data, the same each time)
    staff = StaffAssignment.objects.on().filter(school=school, person__account__isnull=False)
    staff = staff.select_related("person__account", "school_class__school").order_by("pk")
    head = staff.filter(role="head")[0].person.account
    teachers = {one.school_class_id: one for one in staff.filter(role="teacher").exclude(school_class=None)}
    written = [pk for pk in _classes_of_the_shown_family(school) if pk in teachers][:1]
    begun = [pk for pk in teachers if pk not in written][:1]
    with transaction.atomic():
        period = _period(head, school)
        for pk in written:
            with at(moment(school_days[min(4, len(school_days) - 1)], 17, 30)):
                _write(teachers[pk], period, rng, skipped=0)
            with at(moment(school_days[min(2, len(school_days) - 1)], 18, 0)):
                services.validate(actor=head, school_class=teachers[pk].school_class, period=period)
            _sign(rng)
            _reopen_one(head, period)
        for pk in begun:
            with at(moment(school_days[0], 17, 30)):
                _write(teachers[pk], period, rng, skipped=7)


def _reopen_one(head: Any, period: ReportPeriod) -> None:
    """The first by name but for the family that the front door shows."""
    others = ReportCard.objects.validated().filter(period=period).select_related("period", "school_class")
    others = others.exclude(pupil__guardianships__guardian=shown_guardian()).order_by("pupil__person__sort_name", "pk")
    services.reopen(actor=head, reports=others[:1], reason="Le résultat en mathématiques était celui d’un autre élève.")


def _classes_of_the_shown_family(school: Any) -> list[Any]:
    family = Enrollment.objects.on().of_family(shown_guardian().account).filter(school_class__school=school)
    return [row.school_class_id for row in family.order_by("pk") if domains_of(row.grade)]


def _period(head: Any, school: Any) -> ReportPeriod:
    year = SchoolYear.objects.current()[0]
    ends = year.starts_on + timedelta(weeks=13)
    period = ReportPeriod(school=school, year=year, label="1er trimestre", starts_on=year.starts_on, ends_on=ends)
    return services.save_period(actor=head, period=period)


def _write(teacher: StaffAssignment, period: ReportPeriod, rng: random.Random, skipped: int) -> None:
    """Domain after domain, as a teacher does; the last `skipped` pupils are left for another evening."""
    school_class, actor = teacher.school_class, teacher.person.account
    reports = services.reports_of(school_class, period)
    domains = [*domains_of_grades({one.grade for one in reports}), services.GENERAL]
    for number, domain in enumerate(domains):
        rows = reports[: len(reports) - skipped] if skipped else reports
        typed = [_typed(one.pupil_id, domain, rng) for one in rows if _has(one, domain)]
        versions = {one.pupil_id: one.version for one in ReportCard.objects.filter(period=period)} if number else {}
        typed = [services.Typed(**row, version=versions.get(row["pupil_id"], 0)) for row in typed]
        services.write(actor=actor, school_class=school_class, period=period, domain=domain, typed=typed)


def _has(report: ReportCard, domain: str) -> bool:
    return domain == services.GENERAL or domain in domains_of(report.grade)


def _typed(pupil_id: Any, domain: str, rng: random.Random) -> dict[str, Any]:
    position = rng.choices([1, 2, 3, 4], [1, 4, 9, 3])[0]
    if domain == services.GENERAL:
        return {"pupil_id": pupil_id, "appreciation": SAID[position]}
    said = SAID[position] if rng.random() < 0.3 else ""
    return {
        "pupil_id": pupil_id,
        "position": position,
        "elements": WORKED_ON.get(domain, ""),
        "appreciation": said,
    }


def _sign(rng: random.Random) -> None:
    """Half of the families, but the one that the front door shows."""
    slots = Slot.objects.filter(request__purpose=PURPOSE).exclude(signer_id=shown_guardian().pk).order_by("pk")
    persons = Person.objects.exclude(account=None).select_related("account").in_bulk({one.signer_id for one in slots})
    for slot in slots.select_related("request"):
        if slot.signer_id in persons and rng.random() < HALF:
            signatures.sign(actor=persons[slot.signer_id].account, slot=slot)

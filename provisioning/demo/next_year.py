"""Next year's classes of one school: prepared by its head, some pupils still to be placed, seen by nobody else."""

from django.utils import timezone

from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School
from tenant_apps.year_change import services
from tenant_apps.year_change.models import YearDraft

PLACED = 11  # of each grade in each class; the others wait for the head


def seed(school: School) -> None:
    """Safe to repeat: a board that exists is left as it is."""
    if YearDraft.objects.filter(school=school, applied_at=None, year__starts_on__gt=timezone.localdate()).exists():
        return
    heading = StaffAssignment.objects.on().heading().filter(school=school).select_related("person__account").first()
    if heading is None:
        return
    actor = heading.person.account
    draft = services.prepare(actor=actor, school=school)
    waiting = draft.placements.filter(draft_class=None, leaves=False).order_by("pupil__person__birth_date", "pk")
    for room in draft.classes.all():
        for grade in room.grades:
            few = list(waiting.filter(grade=grade).values_list("pk", flat=True)[:PLACED])
            if few:
                services.move(actor=actor, draft=draft, placements=few, to=str(room.pk))

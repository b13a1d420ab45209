"""Groups of pupils: made, changed, ended, taken back. Whoever heads the school or is in charge does it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.people.groups import UNDONE_FOR, PupilGroup
from tenant_apps.people.models import Enrollment, Person, Pupil, StaffAssignment
from tenant_apps.people.roles import LEADING
from tenant_apps.people.services.persons import check
from tenant_apps.schools.models import School, SchoolYear


@transaction.atomic
def make_group(
    *,
    actor: Any,
    school: School,
    name: str,
    kind: str = PupilGroup.Kind.OTHER,
    pupils: Iterable[Pupil],
    leaders: Iterable[Person] = (),
) -> PupilGroup:
    """Of the year in progress. Without `leaders`, a teacher who makes a group is in charge of it.

    Raises DomainError: no child, a child or an adult of another school, a name taken.
    """
    check(actor, "people.make_group", school)
    group = PupilGroup(school=school, year=SchoolYear.objects.current().get(), name=name, kind=kind)
    leaders = list(leaders) or (list(leading_in(school).filter(account=actor)) if actor else [])
    _write(group, pupils, leaders)
    record(actor=actor, action="people.group_made", obj=group, kind=str(kind))
    return group


@transaction.atomic
def change_group(
    *,
    actor: Any,
    group: PupilGroup,
    name: str,
    kind: str,
    pupils: Iterable[Pupil],
    leaders: Iterable[Person],
) -> PupilGroup:
    """As of today, these children and these adults, and no others. Raises as `make_group`."""
    group = _locked(group)
    check(actor, "people.change_group", group)
    if group.is_ended:
        raise DomainError(_("Ce groupe est terminé : rétablissez-le d’abord."), code="ended")
    group.name, group.kind = name, kind
    _write(group, pupils, leaders)
    record(actor=actor, action="people.group_changed", obj=group)
    return group


@transaction.atomic
def end_group(*, actor: Any, group: PupilGroup) -> PupilGroup:
    """Nobody is in it any more, as of today. Groups end by themselves with their year."""
    group = _locked(group)
    check(actor, "people.change_group", group)
    if group.is_ended:
        raise DomainError(_("Ce groupe est déjà terminé."), code="already_ended")
    group.ended_on = timezone.localdate()
    group.save(update_fields=["ended_on", "updated_at"])
    record(actor=actor, action="people.group_ended", obj=group)
    return group


@transaction.atomic
def undo_end_of_group(*, actor: Any, group: PupilGroup) -> PupilGroup:
    """As it was, while it can be undone and its name was not taken meanwhile."""
    group = _locked(group)
    check(actor, "people.change_group", group)
    if group.ended_on is None:
        raise DomainError(_("Ce groupe n’est pas terminé."), code="not_ended")
    if group.year != SchoolYear.objects.current().get() or group.ended_on <= timezone.localdate() - UNDONE_FOR:
        raise DomainError(_("Ce groupe est terminé depuis trop longtemps : faites-en un autre."), code="too_late")
    group.ended_on = None
    _check_name(group)
    group.save(update_fields=["ended_on", "updated_at"])
    record(actor=actor, action="people.group_end_undone", obj=group)
    return group


def _write(group: PupilGroup, pupils: Iterable[Pupil], leaders: Iterable[Person]) -> None:
    children, adults = {one.pk for one in pupils}, {one.pk for one in leaders}
    if not children:
        raise DomainError(_("Cochez au moins un enfant."), code="nobody")
    here = Enrollment.objects.on().filter(school_class__school=group.school_id, pupil__in=children)
    if here.count() != len(children):
        raise DomainError(_("Un de ces enfants n’est pas dans l’école."), code="not_here")
    if leading_in(group.school).filter(pk__in=adults).count() != len(adults):
        raise DomainError(_("Une de ces personnes n’enseigne pas dans l’école."), code="not_here")
    group.name = " ".join(group.name.split())
    _check_name(group)
    group.save()
    _make_so(group.members, "pupil_id", children)
    _make_so(group.leaders, "person_id", adults)


def leading_in(school: School) -> QuerySet[Person]:
    """Who may be in charge of a group there today."""
    held = StaffAssignment.objects.on().filter(school=school, role__in=LEADING)
    return Person.objects.filter(pk__in=held.values("person")).order_by("sort_name", "pk")


def _check_name(group: PupilGroup) -> None:
    same = PupilGroup.objects.filter(school=group.school_id, year=group.year_id, ended_on=None)
    if same.filter(name__iexact=group.name).exclude(pk=group.pk).exists():
        raise DomainError(_("L’école a déjà un groupe de ce nom."), code="name_taken")


def _make_so(rows: Any, column: str, wanted: set[Any]) -> None:
    """As of today, these and no others. What would last no day leaves no trace; who comes back the day they left
    never left.
    """
    today, now = timezone.localdate(), timezone.now()
    held = set(rows.on().values_list(column, flat=True))
    gone = rows.filter(**{f"{column}__in": held - wanted}, ends_on=None)
    gone.filter(starts_on=today).delete()
    gone.update(ends_on=today, updated_at=now)
    back = rows.filter(**{f"{column}__in": wanted - held}, ends_on=today)
    returned = set(back.values_list(column, flat=True))
    back.update(ends_on=None, updated_at=now)
    new = wanted - held - returned
    rows.bulk_create([rows.model(group=rows.instance, starts_on=today, **{column: key}) for key in new])


def _locked(group: PupilGroup) -> PupilGroup:
    rows = PupilGroup.objects.select_for_update(of=("self",)).select_related("school", "year")
    return rows.get(pk=group.pk)

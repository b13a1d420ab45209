"""Schools, years and classes: opened by the platform (convention, calendar) and by the head."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.frozen import frozen
from shared_apps.audit.services import record
from tenant_apps.schools.models import School, SchoolClass, SchoolYear
from tenant_apps.schools.weeks import Week


def current_year(on: date | None = None) -> SchoolYear:
    """The school year one works for. Raises DomainError when none is known."""
    year = next(iter(_year_of(on or timezone.localdate())), None)
    if year is None:
        raise DomainError(_("Aucune année scolaire n’est ouverte pour cette commune."), code="no_year")
    return year


@frozen
def _year_of(day: date) -> QuerySet[SchoolYear]:
    return SchoolYear.objects.current(day)


@transaction.atomic
def add_school(*, actor: Any, uai: str, name: str, kind: str, address: str = "", postal_code: str = "") -> School:
    """A school of the convention. The same UAI again leaves the school as it is."""
    facts = {"name": name, "kind": kind, "address": address, "postal_code": postal_code}
    school, is_new = School.objects.get_or_create(uai=uai, defaults=facts)
    if is_new:
        record(actor=actor, action="schools.school_added", obj=school, uai=uai)
    return school


@transaction.atomic
def open_year(*, actor: Any, start: int) -> SchoolYear:
    """`start=2026` opens 2026-2027, from 1 September to 31 August."""
    facts = {"starts_on": date(start, 9, 1), "ends_on": date(start + 1, 8, 31)}
    year, is_new = SchoolYear.objects.get_or_create(label=f"{start}-{start + 1}", defaults=facts)
    if is_new:
        record(actor=actor, action="schools.year_opened", obj=year)
    return year


@transaction.atomic
def set_week(*, actor: Any, school: School, pattern: str, table: Week | None = None) -> School:
    """The usual patterns, or half-days of the school's own. Raises DomainError when a free week has none."""
    _check_manages(actor, school)
    if pattern == School.WeekPattern.FREE and not table:
        raise DomainError(_("Cochez au moins une demi-journée d’école."), code="empty_week")
    school.week_pattern = pattern
    school.week_table = (table or {}) if pattern == School.WeekPattern.FREE else {}
    school.save(update_fields=["week_pattern", "week_table", "updated_at"])
    record(actor=actor, action="schools.week_set", obj=school, pattern=str(pattern))
    return school


@transaction.atomic
def add_class(
    *, actor: Any, school: School, label: str, onde_id: str = "", year: SchoolYear | None = None
) -> SchoolClass:
    """Raises DomainError when the school has a class of this name this year."""
    _check_manages(actor, school)
    facts = {"school": school, "year": year or current_year(), "label": " ".join(label.split())}
    if SchoolClass.objects.filter(**facts).exists():
        raise DomainError(_("L’école a déjà une classe de ce nom cette année."), code="label_taken")
    school_class = SchoolClass.objects.create(onde_id=onde_id, **facts)
    record(actor=actor, action="schools.class_added", obj=school_class)
    return school_class


@transaction.atomic
def rename_class(*, actor: Any, school_class: SchoolClass, label: str) -> SchoolClass:
    """Raises DomainError when the school has a class of this name this year."""
    _check_manages(actor, school_class.school)
    label = " ".join(label.split())
    others = SchoolClass.objects.filter(school=school_class.school, year=school_class.year, label=label)
    if others.exclude(pk=school_class.pk).exists():
        raise DomainError(_("L’école a déjà une classe de ce nom cette année."), code="label_taken")
    school_class.label = label
    school_class.save(update_fields=["label", "updated_at"])
    record(actor=actor, action="schools.class_renamed", obj=school_class)
    return school_class


def _check_manages(actor: Any, school: School) -> None:
    if actor is not None and not actor.has_perm("people.manage_school", school):
        raise PermissionDenied

"""Staff who move: added, posted, moved, ended. What a commune makes of it is `following`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from shared_apps.mobility import tasks
from shared_apps.mobility.models import MovingStaff, Posting
from shared_apps.onboarding.staff import add_member
from shared_apps.reference.models import RefSchool
from tenants.models import Commune


@transaction.atomic
def add_staff(*, actor: User, first_name: str, last_name: str, email: str) -> MovingStaff:
    """An account at the academy, with a code and a second factor as all have there, and no role."""
    _check(actor)
    user = add_member(actor=actor, first_name=first_name, last_name=last_name, email=email)
    staff = MovingStaff.objects.create(user=user, added_by=actor)
    record(actor=actor, action="mobility.staff_added", obj=staff)
    return staff


@transaction.atomic
def post_staff(
    *,
    actor: User,
    staff: MovingStaff,
    schools: Iterable[RefSchool],
    role: str,
    starts_on: date,
    ends_on: date | None = None,
) -> list[Posting]:
    """One posting by school. `ends_on`: the first day without it. Raises DomainError, nothing being written."""
    _check(actor)
    MovingStaff.objects.select_for_update().get(pk=staff.pk)
    _check_days(starts_on, ends_on)
    made = [_post(actor, staff, school, role, starts_on, ends_on) for school in schools]
    if not made:
        raise DomainError(_("Choisissez au moins une école."), code="no_school")
    record(actor=actor, action="mobility.staff_posted", obj=staff, role=str(role), postings=len(made))
    tasks.follow_on_commit(staff.pk)
    return made


def _post(actor: User, staff: MovingStaff, school: RefSchool, role: str, *days: Any) -> Posting:
    if not RefSchool.objects.visible_to(actor).filter(pk=school.pk).exists():
        raise PermissionDenied
    commune = Commune.objects.laid().filter(insee=school.commune_id).first()
    if commune is None:
        raise DomainError(_("La commune de %(school)s n’a pas d’espace.") % {"school": school}, code="no_commune")
    if staff.postings.filter(school=school, role=role).overlapping(*days).exists():
        words = _("%(name)s a déjà cette fonction à %(school)s sur ces dates.")
        raise DomainError(words % {"name": staff, "school": school}, code="overlap")
    starts_on, ends_on = days
    facts = {"staff": staff, "school": school, "role": role, "starts_on": starts_on, "ends_on": ends_on}
    return Posting.objects.create(commune=commune, **facts)


@transaction.atomic
def change_days(*, actor: User, posting: Posting, starts_on: date, ends_on: date | None) -> Posting:
    """The commune's dates move with it."""
    _check(actor)
    posting = Posting.objects.select_for_update().get(pk=posting.pk)
    if posting.is_over:
        raise DomainError(_("Cette affectation est terminée."), code="over")
    _check_days(starts_on, ends_on)
    others = Posting.objects.filter(staff=posting.staff_id, school=posting.school_id, role=posting.role)
    if others.exclude(pk=posting.pk).overlapping(starts_on, ends_on).exists():
        raise DomainError(_("Une autre affectation couvre déjà ces dates."), code="overlap")
    posting.starts_on, posting.ends_on = starts_on, ends_on
    posting.save(update_fields=["starts_on", "ends_on", "updated_at"])
    record(actor=actor, action="mobility.days_changed", obj=posting)
    tasks.follow_on_commit(posting.staff_id)
    return posting


@transaction.atomic
def end_posting(*, actor: User, posting: Posting) -> Posting:
    """From today nothing is open there by it. One that has not begun never was."""
    _check(actor)
    posting = Posting.objects.select_for_update().get(pk=posting.pk)
    if posting.is_over:
        raise DomainError(_("Cette affectation est terminée."), code="over")
    staff, today = posting.staff_id, timezone.localdate()
    record(actor=actor, action="mobility.posting_ended", obj=posting)
    # Kept, even when it never began: the commune that was told of it must be told again.
    posting.starts_on, posting.ends_on = min(posting.starts_on, today), today
    posting.save(update_fields=["starts_on", "ends_on", "updated_at"])
    tasks.follow_on_commit(staff)
    return posting


def hear_release(schema: str, data: dict[str, Any]) -> None:
    """A head said « n’intervient plus ici »; received in `public`. A commune speaks of its own postings only."""
    rows = Posting.objects.filter(pk=data["posting"], commune__schema_name=schema, released_on=None)
    rows.update(released_on=data["day"], updated_at=timezone.now())


def _check(actor: User) -> None:
    if not actor.has_perm("mobility.manage_postings"):
        raise PermissionDenied


def _check_days(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise DomainError(_("Le dernier jour doit venir après le premier."), code="ends_before")
    if ends_on is not None and ends_on <= timezone.localdate():
        raise DomainError(_("Ces dates sont passées."), code="past")

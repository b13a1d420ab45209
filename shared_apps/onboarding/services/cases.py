"""A case begins, is followed by somebody, and gathers its contacts."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.onboarding.models import Case, CaseContact, CaseEvent
from shared_apps.onboarding.services.follow_up import plan_tasks
from shared_apps.onboarding.services.states import move
from shared_apps.reference.models import RefCommune, RefSchool

State = Case.State


def start_case(*, actor: Any, insee: str) -> Case:
    """Raises `DomainError`: unknown_commune, no_public_school, case_exists."""
    commune = RefCommune.objects.current().filter(insee=insee).first()
    if commune is None:
        raise DomainError(
            _("La commune %(insee)s n’est pas dans le référentiel de l’académie.") % {"insee": insee},
            code="unknown_commune",
        )
    if not RefSchool.objects.current().public().of_commune(insee).exists():
        raise DomainError(
            _("%(commune)s n’a pas d’école publique dans le référentiel : il n’y a rien à conventionner.")
            % {"commune": commune.name},
            code="no_public_school",
        )
    today = timezone.localdate()
    try:
        with transaction.atomic():
            case = Case.objects.create(commune=commune, owner=actor, state_since=today)
            CaseEvent.objects.create(case=case, state=State.PROSPECT, on=today, recorded_by=actor)
            plan_tasks(actor=actor, case=case, left="", on=today)
            audit.record(actor=actor, action="onboarding.case_started", obj=case, insee=insee)
    except IntegrityError:
        raise DomainError(_("%(commune)s a déjà un dossier.") % {"commune": commune.name}, code="case_exists") from None
    return case


def assign_owner(*, actor: Any, case: Case, owner: Any) -> Case:
    with transaction.atomic():
        case = lock(case)
        case.owner = owner
        case.save(update_fields=["owner", "updated_at"])
        # What waited for the former owner waits for the new one.
        case.tasks.filter(done_on=None).exclude(template="").update(assignee=owner, updated_at=timezone.now())
        audit.record(actor=actor, action="onboarding.owner_assigned", obj=case, owner=str(owner.pk))
    return case


def record_contacted(*, actor: Any, case: Case, on: date, detail: str = "") -> Case:
    """The commune was reached: a call, a letter, a meeting."""
    refuse_future(on)
    with transaction.atomic():
        case = lock(case)
        move(actor=actor, case=case, to=State.CONTACTED, on=on, detail=detail)
    return case


def save_contact(
    *,
    actor: Any,
    case: Case,
    role: str,
    first_name: str,
    last_name: str,
    email: str = "",
    school: RefSchool | None = None,
) -> CaseContact:
    """The mayor, the town's officer, or the head of one school; saying it again replaces the person."""
    if (role == CaseContact.Role.HEAD) != (school is not None):
        raise DomainError(_("Une direction, et elle seule, est rattachée à une école."), code="school_mismatch")
    if school is not None and school.commune_id != case.insee:
        raise DomainError(_("Cette école n’est pas dans la commune."), code="school_elsewhere")
    with transaction.atomic():
        case = lock(case)
        contact, created = CaseContact.objects.update_or_create(
            case=case,
            role=role,
            school=school,
            defaults={"first_name": first_name, "last_name": last_name, "email": email},
        )
        action = "onboarding.contact_added" if created else "onboarding.contact_changed"
        audit.record(actor=actor, action=action, obj=contact, role=str(role))
    return contact


# --- shared by the acts on a case


def lock(case: Case) -> Case:
    """The case alone (`of=self`): its convention and events change only under this lock."""
    return Case.objects.select_related("commune").select_for_update(of=("self",)).get(pk=case.pk)


def refuse_future(day: date) -> None:
    if day > timezone.localdate():
        raise DomainError(_("Cette date est à venir : indiquez le jour où cela s’est passé."), code="future_date")

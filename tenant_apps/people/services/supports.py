"""Who helps a child by name: told by the head of its school, as of today."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.people.models import Person, Pupil, PupilSupport
from tenant_apps.people.services.persons import check
from tenant_apps.people.supports import assistants_of


@transaction.atomic
def add_support(*, actor: Any, pupil: Pupil, person: Person) -> PupilSupport:
    """Raises DomainError: not an AESH of the child's school, or helps this child already.

    Who is put back the day it ended never left.
    """
    check(actor, "people.manage_pupil", pupil)
    Pupil.objects.select_for_update().get(pk=pupil.pk)
    schools = pupil.enrollments.on().values("school_class__school")
    if not assistants_of(schools).filter(pk=person.pk).exists():
        raise DomainError(_("Cette personne n’est pas AESH dans l’école de l’enfant."), code="not_here")
    today = timezone.localdate()
    rows = PupilSupport.objects.filter(pupil=pupil, person=person)
    if rows.filter(ends_on=None).exists():
        raise DomainError(_("Cette personne accompagne déjà cet enfant."), code="already_there")
    support = rows.filter(ends_on=today).first() or PupilSupport(pupil=pupil, person=person, starts_on=today)
    support.ends_on = None
    support.save()
    record(actor=actor, action="people.support_added", obj=support)
    return support


@transaction.atomic
def end_support(*, actor: Any, support: PupilSupport) -> None:
    """The names close at the next request. What would last no day leaves no trace."""
    support = PupilSupport.objects.select_for_update(of=("self",)).select_related("pupil").get(pk=support.pk)
    check(actor, "people.manage_pupil", support.pupil)
    today = timezone.localdate()
    if support.ends_on is not None and support.ends_on <= today:
        raise DomainError(_("Cet accompagnement est déjà terminé."), code="already_ended")
    record(actor=actor, action="people.support_ended", obj=support)
    if support.starts_on >= today:
        support.delete()
        return
    support.ends_on = today
    support.save(update_fields=["ends_on", "updated_at"])

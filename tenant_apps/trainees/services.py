"""Register, withdraw, rate. The academy answers: until then a registration is a request."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.notifications import uplink
from shared_apps.training.published import Offer
from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School
from tenant_apps.trainees.models import TrainingRegistration
from tenant_apps.trainees.permissions import TRAINED

State = TrainingRegistration.State


def schools_of(user: Any) -> list[School]:
    """Where they teach today: the school they register for."""
    posts = StaffAssignment.objects.of(user).on().filter(role__in=TRAINED).exclude(school=None)
    return list(School.objects.filter(pk__in=posts.values("school")).order_by("name", "uai"))


@transaction.atomic
def register(*, actor: Any, offer: Offer, school: School) -> TrainingRegistration:
    """Ask for a seat. The académie learns a number and a school; the trainer reads the name here, on the day."""
    if not actor.has_perm("trainees.attend") or school not in schools_of(actor):
        raise PermissionDenied
    if not offer.takes_registrations:
        raise DomainError(_("Les inscriptions à cette session sont closes."), code="closed")
    row = TrainingRegistration.objects.select_for_update().filter(account=actor, session=offer.id).first()
    if row is not None and row.state not in (State.CANCELLED, State.REFUSED):
        raise DomainError(_("Vous êtes déjà inscrit à cette session."), code="already")
    row = row or TrainingRegistration(account=actor, session=offer.id, trainee=_trainee_of(actor))
    row.school, row.state = school, State.ASKED
    row.take({name: getattr(offer, name, "") for name in FACTS})
    row.save()
    data = {"registration": row.pk, "session": offer.id, "trainee": row.trainee, "uai": school.uai}
    uplink.send("training.request", key=f"training.request:{row.pk}:{uuid4()}", data=data)
    record(actor=actor, action="trainees.registered", obj=row, session=str(offer.id))
    return row


FACTS = ("title", "level", "hours", "day", "starts_at", "ends_at", "where", "reason")


@transaction.atomic
def withdraw(*, actor: Any, registration: TrainingRegistration) -> None:
    """The seat goes to the first who waits."""
    row = _own(actor, registration)
    if not row.may_withdraw:
        raise DomainError(_("Cette session est passée : il n’y a plus rien à annuler."), code="over")
    row.state = State.CANCELLED
    row.save(update_fields=["state", "updated_at"])
    uplink.send("training.withdrawal", key=f"training.withdrawal:{row.pk}:{uuid4()}", data={"registration": row.pk})
    record(actor=actor, action="trainees.withdrew", obj=row)


@transaction.atomic
def rate(*, actor: Any, registration: TrainingRegistration, rating: int, comment: str = "") -> None:
    """The figure goes up; the comment stays here and is read without a name."""
    row = _own(actor, registration)
    if row.state != State.PRESENT:
        raise PermissionDenied
    row.rating, row.comment = rating, comment
    row.save(update_fields=["rating", "comment", "updated_at"])
    data = {"registration": row.pk, "rating": rating}
    uplink.send("training.rating", key=f"training.rating:{row.pk}:{uuid4()}", data=data)
    record(actor=actor, action="trainees.rated", obj=row, rating=rating)


def _own(actor: Any, registration: TrainingRegistration) -> TrainingRegistration:
    row = TrainingRegistration.objects.select_for_update().visible_to(actor).filter(pk=registration.pk).first()
    if row is None:
        raise PermissionDenied
    return row


def _trainee_of(actor: Any) -> Any:
    drawn = TrainingRegistration.objects.filter(account=actor).values_list("trainee", flat=True).first()
    return drawn or uuid4()

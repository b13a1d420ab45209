"""A query of the kind that pages freeze."""

from django.db.models import QuerySet

from core.frozen import frozen
from shared_apps.accounts.models import User
from tenant_apps.people.models import Enrollment, Guardianship


@frozen
def children(user: User) -> QuerySet[Enrollment]:
    links = Guardianship.objects.current().of(user).values("pupil")
    return Enrollment.objects.on().filter(pupil__in=links).select_related("pupil__person", "school_class__school")

"""What is true of the schools today: classes, pupils, those reached this month. Numbers only."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from tenant_apps.people.models import Enrollment, Guardianship


def counters() -> dict[tuple[str, str], int]:
    """A pupil is reached when a guardian signed in since the first of the month."""
    since = _month_start()
    active = Guardianship.objects.current().filter(pupil=OuterRef("pupil"), guardian__account__last_login__gte=since)
    rows = Enrollment.objects.on().order_by().values_list("school_class__school__uai")
    counts = rows.annotate(
        pupils=Count("pupil", distinct=True),
        guardians_reached=Count("pupil", distinct=True, filter=Q(Exists(active))),
        pupils_connected=Count("pupil", distinct=True, filter=Q(pupil__person__account__last_login__gte=since)),
        classes=Count("school_class", distinct=True),
    )
    names = ("pupils", "guardians_reached", "pupils_connected", "classes")
    return {(uai, name): value for uai, *values in counts for name, value in zip(names, values, strict=True)}


def _month_start() -> datetime:
    return timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)

"""What is true of the schools today: classes, pupils, those reached this month. Numbers only."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from shared_apps.accounts.models import Device
from tenant_apps.people.models import Enrollment, Guardianship


def counters() -> dict[tuple[str, str], int]:
    """A pupil is reached when a guardian was here since the first of the month."""
    seen = Device.objects.filter(last_seen_at__gte=_month_start()).order_by().values("user")
    active = Guardianship.objects.current().filter(pupil=OuterRef("pupil"), guardian__account__in=seen)
    rows = Enrollment.objects.on().order_by().values_list("school_class__school__uai")
    counts = rows.annotate(
        pupils=Count("pupil", distinct=True),
        guardians_reached=Count("pupil", distinct=True, filter=Q(Exists(active))),
        pupils_connected=Count("pupil", distinct=True, filter=Q(pupil__person__account__in=seen)),
        classes=Count("school_class", distinct=True),
    )
    names = ("pupils", "guardians_reached", "pupils_connected", "classes")
    return {(uai, name): value for uai, *values in counts for name, value in zip(names, values, strict=True)}


def _month_start() -> datetime:
    return timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)

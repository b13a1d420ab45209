"""Who has joined: the conventions in force on a day. Written once, for pages, figures, exports and the API.

In force from its second signature (*signed by both*) until its case was suspended, expired or terminated. The communes
of the demonstration count by the file of adhesions alone, as soon as one has been loaded.
"""

from datetime import date
from typing import Any

from django.db.models import Case as When_
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from shared_apps.onboarding.models import Case, CaseEvent, Convention, ConventionSchool

OVER = (Case.State.EXPIRED, Case.State.ARCHIVED, Case.State.TERMINATED)
STOPPED = (*OVER, Case.State.SUSPENDED)


def conventions() -> QuerySet[Convention]:
    """Those signed by both, with `since` and `until` (None: in force to this day)."""
    ends = CaseEvent.objects.filter(case=OuterRef("case"), state__in=OVER).order_by("on").values("on")[:1]
    stopped = Coalesce(Subquery(ends), F("case__state_since"))
    return (
        Convention.objects.alias(sides=Count("signatures"))
        .annotate(
            since=Max("signatures__signed_on"), until=When_(When(case__state__in=STOPPED, then=stopped), default=None)
        )
        .filter(sides=2)
        .exclude(_is_only_shown())
        .order_by()
    )


def _is_only_shown() -> Q:
    imported = Convention.objects.filter(kind=Convention.Kind.IMPORTED)
    return Q(Exists(imported)) & Q(case__is_demo=True) & ~Q(kind=Convention.Kind.IMPORTED)


def on(day: date | None = None) -> QuerySet[Convention]:
    day = day or timezone.localdate()
    return conventions().filter(Q(until=None) | Q(until__gt=day), since__lte=day)


def joined_communes(day: date | None = None) -> QuerySet[Any]:
    """INSEE codes, for `insee__in`."""
    return on(day).values("case__commune")


def joined_schools(day: date | None = None) -> QuerySet[Any]:
    """UAIs, for `uai__in`."""
    day = day or timezone.localdate()
    lines = ConventionSchool.objects.filter(convention__in=on(day).values("pk"))
    return lines.filter(Q(joined_on=None) | Q(joined_on__lte=day)).order_by().values("school")


def spans() -> list[tuple[str, date, date | None, str | None, date | None]]:
    """(insee, since, until, uai, its own day) of every convention that is or was in force, school by school."""
    fields = ("case__commune", "since", "until", "annexed_schools__school", "annexed_schools__joined_on")
    return list(conventions().values_list(*fields))


def spans_of_schools() -> list[tuple[str, date, date | None]]:
    """(uai, since, until)."""
    return [(uai, max(since, own or since), until) for _insee, since, until, uai, own in spans() if uai]

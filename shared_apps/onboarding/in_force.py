"""Who has joined: the conventions in force on a day. Written once, for pages, figures, exports and the API.

In force from its second signature (*signed by both*), or from its first day when that is later, until its case was
suspended, expired or terminated, or until the last day of its term; an amendment, until that of its convention. The
communes of the demonstration count by the file of adhesions alone, as soon as one has been loaded.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Case as When_
from django.db.models import Count, DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.utils import timezone

from shared_apps.onboarding.models import Case, CaseEvent, Convention, ConventionSchool

OVER = (Case.State.EXPIRED, Case.State.ARCHIVED, Case.State.TERMINATED)
STOPPED = (*OVER, Case.State.SUSPENDED)


def conventions() -> QuerySet[Convention]:
    """Those signed by both, with `since` and `until` (None: in force to this day)."""
    ends = _last_ends().order_by("on").values("on")[:1]
    stopped = Coalesce(Subquery(ends), F("case__state_since"))
    return (
        Convention.objects.alias(sides=Count("signatures"))
        .annotate(
            since=Greatest(Max("signatures__signed_on"), "starts_on"),
            until=Least(
                When_(When(~_is_by_the_file(), case__state__in=STOPPED, then=stopped), default=None),
                _after_its_term(),
                _day_after("closed_on"),
            ),
        )
        .filter(sides=2)
        .exclude(_is_only_shown())
        .order_by()
    )


def _after_its_term() -> When_:
    """The day after its last one. One renewed tacitly goes on, whether or not the night has written it yet."""
    day = When_(When(renewal=Convention.Renewal.TACIT, then=None), default=_day_after("ends_on"))
    whole = Convention.objects.filter(case=OuterRef("case"), closed_on=None).exclude(kind=Convention.Kind.AMENDMENT)
    whole = whole.annotate(over=day).order_by("-kind").values("over")[:1]
    return When_(When(kind=Convention.Kind.AMENDMENT, then=Subquery(whole)), default=day)


def _day_after(field: str) -> Cast:
    return Cast(F(field) + timedelta(days=1), DateField())


def _last_ends() -> QuerySet[CaseEvent]:
    """The end of the case, and what followed; not one that a later renewal, or return, undid."""
    again = CaseEvent.objects.filter(
        case=OuterRef("case"), state__in=[Case.State.OPEN, Case.State.PROSPECT], created_at__gt=OuterRef("created_at")
    )
    return CaseEvent.objects.filter(~Exists(again), case=OuterRef("case"), state__in=OVER)


def _is_by_the_file() -> Q:
    """What the demonstration then does with such a commune, its end too, is only shown."""
    return Q(case__is_demo=True, kind=Convention.Kind.IMPORTED)


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
    lines = ConventionSchool.objects.filter(convention__in=on(day).values("pk"), is_withdrawn=False)
    lines = lines.exclude(
        Exists(_withdrawals(case="convention__case", number="convention__number").filter(since__lte=day))
    )
    return lines.filter(Q(joined_on=None) | Q(joined_on__lte=day)).order_by().values("school")


def _withdrawals(*, case: str, number: str, school: str = "school") -> QuerySet[ConventionSchool]:
    """Later amendments, signed by both, that take the school of a line out, the first one first."""
    lines = ConventionSchool.objects.filter(is_withdrawn=True, school=OuterRef(school))
    lines = lines.filter(convention__case=OuterRef(case), convention__number__gt=OuterRef(number))
    signed = lines.annotate(sides=Count("convention__signatures"), since=Max("convention__signatures__signed_on"))
    return signed.filter(sides=2).order_by("convention__number")


class Span(NamedTuple):
    """A line of a convention that is or was in force; `uai` None: one without school."""

    insee: str
    kind: str
    since: date
    until: date | None
    uai: str | None
    is_withdrawn: bool | None
    joined_on: date | None
    left_on: date | None

    @property
    def of_school(self) -> tuple[str, date, date | None]:
        """(uai, since, until)."""
        return self.uai or "", max(self.since, self.joined_on or self.since), self.left_on


def spans() -> list[Span]:
    """One query: who counts both communes and schools reads it once."""
    left = _withdrawals(case="case", number="number", school="annexed_schools__school").values("since")[:1]
    lines = ("annexed_schools__school", "annexed_schools__is_withdrawn", "annexed_schools__joined_on")
    rows = conventions().values_list("case__commune", "kind", "since", "until", *lines, Least("until", Subquery(left)))
    return [Span(*row) for row in rows]


def _of(rows: Iterable[Span] | None) -> Iterable[Span]:
    return spans() if rows is None else rows


def spans_of_communes(rows: Iterable[Span] | None = None) -> list[tuple[str, date, date | None]]:
    """(insee, since, until) of every convention; an amendment doesn't make a commune join."""
    found = {(s.insee, s.since, s.until) for s in _of(rows) if s.kind != Convention.Kind.AMENDMENT}
    return sorted(found, key=lambda row: row[:2])


def spans_of_schools(rows: Iterable[Span] | None = None) -> list[tuple[str, date, date | None]]:
    """(uai, since, until) of every line, those that take a school out left aside."""
    return [s.of_school for s in _of(rows) if s.uai and not s.is_withdrawn]

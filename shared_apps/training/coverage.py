"""Teachers trained, school by school: people counted once, out of the teachers in post there.

The numerator is the academy's own (registrations ticked present); the denominator is counted in each commune and comes
with the nightly roll-up. A school whose commune is not open has none, and no percentage.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Least

from shared_apps.reference.models import RefSchool
from shared_apps.statistics.models import Rollup
from shared_apps.training.models import Registration

TEACHERS = "teachers_in_post"  # the metric of the communes' counter


@dataclass(frozen=True, slots=True)
class Total:
    schools: int
    schools_reached: int
    trained: int
    teachers: int


def schools(user: Any) -> Any:
    """Public schools one sees, with `trained`, `teachers` (None: not known) and `counted` (no more than the posts)."""
    return with_coverage(RefSchool.objects.current().public().visible_to(user))


def with_coverage(rows: Any) -> Any:
    present = Registration.objects.filter(school=OuterRef("uai"), state=Registration.State.PRESENT)
    people = present.order_by().values("school").annotate(n=Count("trainee", distinct=True)).values("n")
    posts = Rollup.objects.latest_values().of(TEACHERS)
    posts = posts.filter(insee=OuterRef("commune_id"), uai=OuterRef("uai")).order_by().values("value")
    rows = rows.annotate(
        trained=Coalesce(Subquery(people, output_field=IntegerField()), 0),
        teachers=Subquery(posts[:1], output_field=IntegerField()),
    )
    # Who was trained and left since counts for no more than the posts there are.
    return rows.annotate(counted=Least(F("trained"), F("teachers")))


def known(rows: Any) -> Any:
    """Where there is something to say."""
    return rows.filter(Q(teachers__isnull=False) | Q(trained__gt=0))


def total(rows: Any) -> Total:
    in_post = rows.filter(teachers__gt=0)
    sums = in_post.order_by().aggregate(people=Sum("counted"), posts=Sum("teachers"), schools=Count("pk"))
    reached = in_post.filter(trained__gt=0).count()
    return Total(sums["schools"], reached, sums["people"] or 0, sums["posts"] or 0)

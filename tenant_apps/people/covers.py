"""Le protège-cahier: one of six colours per child; siblings have different ones."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from core.frozen import unprepared
from core.many import many
from tenant_apps.people.models import Guardianship, Pupil

COVERS = range(1, 7)


def free_cover(taken: Iterable[int], seed: int = 0) -> int:
    """The first colour that no brother or sister has, beginning anywhere; the seventh child shares one."""
    turn = [*COVERS][seed % len(COVERS) :] + [*COVERS][: seed % len(COVERS)]
    used = set(taken)
    return next((cover for cover in turn if cover not in used), turn[0])


def separate_siblings(pupils: Iterable[Any]) -> int:
    """Children of one adult who wear one colour: of these pupils, the last come take another. Returns how many."""
    ids = set(pupils)
    siblings, covers = _families(ids)
    changed: dict[int, list[Any]] = defaultdict(list)
    for pk in [pk for pk in covers if pk in ids]:
        others = {covers[other] for other in siblings[pk]}
        if covers[pk] in others:
            covers[pk] = free_cover(others, seed=covers[pk])
            changed[covers[pk]].append(pk)
    for cover, keys in changed.items():
        Pupil.objects.filter(pk__in=keys).update(cover=cover, updated_at=timezone.now())
    return sum(map(len, changed.values()))


def _families(ids: set[Any]) -> tuple[dict[Any, set[Any]], dict[Any, int]]:
    """(pupil → its siblings, pupil → cover), the last come first; an only child is not among them."""
    children: dict[Any, set[Any]] = defaultdict(set)
    covers: dict[Any, int] = {}
    for guardian, pupil, cover in _links(many(ids)):
        children[guardian].add(pupil)
        covers[pupil] = cover
    siblings: dict[Any, set[Any]] = defaultdict(set)
    for group in children.values():
        for pupil in group:
            siblings[pupil] |= group - {pupil}
    return siblings, covers


@unprepared
def _links(pupils: str) -> QuerySet:
    """Those of the adults who have several children, one of these pupils among them."""
    current = Guardianship.objects.current().order_by()
    adults = current.filter(pupil__many=pupils).values("guardian")
    several = current.filter(guardian__in=adults).values("guardian").annotate(n=Count("pk")).filter(n__gt=1)
    links = current.filter(guardian__in=several.values("guardian")).order_by("-pupil__created_at", "-pupil_id")
    return links.values_list("guardian_id", "pupil_id", "pupil__cover")

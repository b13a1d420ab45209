"""A map of the communes: a point each, drawn here as SVG. Nothing is asked of others, and a table says the same."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.onboarding import finding, in_force
from shared_apps.reference.models import Department, RefSchool

WIDTH, MARGIN = 1000, 24
SMALLEST = 0.05  # degrees: a single commune is drawn too
Place = tuple[float, float]  # longitude, latitude


@dataclass(frozen=True, slots=True)
class Point:
    url: str
    words: str
    x: int
    y: int
    size: int
    has_joined: bool


@dataclass(slots=True)
class Group:
    """A département: its points, those that have joined drawn last, over the others."""

    code: str
    name: str
    x: int = 0
    y: int = 0
    points: list[Point] = field(default_factory=list)
    communes: int = 0
    joined: int = 0


@dataclass(slots=True)
class Map:
    groups: list[Group]
    width: int = WIDTH
    height: int = 600
    without_place: int = 0

    @property
    def has_points(self) -> bool:
        return any(group.points for group in self.groups)


def drawn(user: Any, asked: QueryDict) -> Map:
    """Of the communes asked for, in three queries."""
    communes = list(finding.communes(user, asked))
    joined = set(in_force.joined_communes().values_list("case__commune", flat=True))
    places = _places([commune.insee for commune in communes])
    project, height = _projection([place for place, _count in places.values()])
    groups = {code: Group(code, str(name)) for code, name in Department.choices}
    for commune in sorted(communes, key=lambda commune: commune.insee in joined):
        group, has_joined = groups[commune.department_code], commune.insee in joined
        group.communes, group.joined = group.communes + 1, group.joined + has_joined
        if commune.insee in places:
            group.points.append(_point(commune, has_joined, *places[commune.insee], project))
    for group in groups.values():
        _label(group)
    lost = len(communes) - len(places)
    return Map([group for group in groups.values() if group.communes], height=height, without_place=lost)


def _places(insees: list[str]) -> dict[str, tuple[Place, int]]:
    """The middle of a commune's schools, and how many they are."""
    found: dict[str, list[Place]] = defaultdict(list)
    rows = RefSchool.objects.current().public().filter(commune__in=insees, latitude__isnull=False)
    for insee, longitude, latitude in rows.order_by("uai").values_list("commune_id", "longitude", "latitude"):
        found[insee].append((longitude, latitude))
    return {insee: (_middle(places), len(places)) for insee, places in found.items()}


def _middle(places: list[Place]) -> Place:
    return sum(x for x, _y in places) / len(places), sum(y for _x, y in places) / len(places)


def _projection(places: list[Place]) -> tuple[Any, int]:
    """Equirectangular: over 200 km the eye sees no difference."""
    if not places:
        return lambda place: (0, 0), 600
    west, east = min(x for x, _y in places), max(x for x, _y in places)
    south, north = min(y for _x, y in places), max(y for _x, y in places)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * shrink, (north - south) / 1.2, SMALLEST)

    def project(place: Place) -> tuple[int, int]:
        return round(MARGIN + (place[0] - west) * shrink * scale), round(MARGIN + (north - place[1]) * scale)

    return project, round(2 * MARGIN + (north - south) * scale)


def _point(commune: Any, has_joined: bool, place: Place, schools: int, project: Any) -> Point:
    x, y = project(place)
    words = _("%(name)s : a rejoint") if has_joined else _("%(name)s : pas encore")
    url = reverse("onboarding:commune", args=[commune.insee])
    return Point(url, words % {"name": commune.name}, x, y, min(round(4 + 2 * math.sqrt(schools)), 18), has_joined)


def _label(group: Group) -> None:
    if group.points:
        group.x = round(sum(point.x for point in group.points) / len(group.points))
        group.y = round(sum(point.y for point in group.points) / len(group.points))

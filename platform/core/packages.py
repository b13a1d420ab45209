"""Where the data of a commune go when its convention ends: each app says it for each of its models.

    class LiaisonConfig(AppConfig):
        packages = {"LiaisonNote": packages.school("school"), "Draft": packages.apart("never sent to anybody")}

The schools’ data go to the académie and, school by school, to the heads; the town’s go to the town. The rest is not
handed over, for a reason that is written. A model about which nobody said anything fails a test.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

SCHOOL, TOWN, APART = "school", "town", "apart"


@dataclass(frozen=True, slots=True)
class Content:
    package: str
    # From a row to the school it is of; without any, the row is the académie’s only.
    paths: tuple[str, ...] = ()
    # What must be true of the same relation as a path: an assignment of a teacher, not of the canteen’s agent.
    also: tuple[tuple[str, Q], ...] = ()
    # Or the field that holds the id of an object of the school (a note, for its files).
    object_field: str = ""
    only: Q = field(default_factory=Q)
    without: frozenset[str] = frozenset()
    reason: str = ""


Contents = Content | tuple[Content, ...]


def school(
    *paths: str,
    only: Q | None = None,
    also: dict[str, Q] | None = None,
    object_field: str = "",
    without: tuple[str, ...] = (),
) -> Content:
    return Content(SCHOOL, paths, tuple((also or {}).items()), object_field, only or Q(), frozenset(without))


def town(*, only: Q | None = None, without: tuple[str, ...] = ()) -> Content:
    return Content(TOWN, only=only or Q(), without=frozenset(without))


def apart(reason: str) -> Content:
    return Content(APART, reason=reason)


_ACCESS = "ce qui ouvre les pages de la plateforme, et rien d’autre"
# Of Django’s own apps, which are not ours to write in.
DJANGO: dict[str, Content] = {
    "contenttypes.ContentType": apart("les noms des tables"),
    "auth.Permission": apart(_ACCESS),
    "auth.Group": apart(_ACCESS),
    "auth.Group_permissions": apart(_ACCESS),
    "sessions.Session": apart(_ACCESS),
}


def said_of(model: type[models.Model]) -> tuple[Content, ...]:
    """Empty: nobody said anything."""
    config: Any = model._meta.app_config
    name = model._meta.object_name or ""
    found = getattr(config, "packages", {}).get(name) or DJANGO.get(model._meta.label) or ()
    return found if isinstance(found, tuple) else (found,)


def models_of_a_commune() -> Iterator[type[models.Model]]:
    for name in settings.TENANT_APPS:
        config = next(config for config in apps.get_app_configs() if config.name == name)
        yield from (m for m in config.get_models(include_auto_created=True) if m._meta.managed)


def contents_of(package: str) -> list[tuple[type[models.Model], Content]]:
    """What a package holds; what names its objects by their ids comes after them."""
    found = [(m, content) for m in models_of_a_commune() for content in said_of(m) if content.package == package]
    return sorted(found, key=lambda pair: bool(pair[1].object_field))

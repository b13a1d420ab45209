"""A diff told line by line, as somebody reads it before approving: opened, closed, renamed, moved, counted anew."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.words import dated
from shared_apps.reference.loading import Diff, Values
from shared_apps.reference.models import District, RefCommune, RefSchool

Line = dict[str, str]


class What(models.TextChoices):
    """In the order they matter."""

    CLOSED = "closed", gettext_lazy("Ferment, ou quittent le fichier")
    OPENED = "opened", gettext_lazy("Ouvrent")
    REOPENED = "reopened", gettext_lazy("Reviennent")
    TOWN = "town", gettext_lazy("Changent de commune")
    DISTRICT = "district", gettext_lazy("Changent de circonscription")
    RENAMED = "renamed", gettext_lazy("Changent de nom")
    PUPILS = "pupils", gettext_lazy("Changent d’effectif")
    OTHER = "other", gettext_lazy("Autres changements")


KINDS = {"name": What.RENAMED, "pupils": What.PUPILS, "district_id": What.DISTRICT, "commune_id": What.TOWN}
FOLLOWS = {"sort_name", "short_name"}  # made from another field: not said twice


def lines_of(diff: Diff) -> list[Line]:
    names = _names(diff)
    found = [*_removed(diff), *_added(diff), *_changed(diff, names)]
    order = [str(what) for what in What]
    return sorted(found, key=lambda line: (order.index(line["what"]), line["code"]))


def print_of(lines: list[Line]) -> str:
    """What somebody approved: the same lines, no others."""
    return hashlib.sha256(json.dumps(lines, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _line(what: str, code: Any, name: Any, why: str) -> Line:
    return {"what": str(what), "code": str(code), "name": str(name), "why": why}


def _code(diff: Diff, values: Values) -> str:
    return str(values.get("uai") or values.get("insee") or values["school_year"])


def _name(values: Values) -> str:
    return str(values.get("name") or values.get("label") or "")


def _removed(diff: Diff) -> Iterator[Line]:
    """The file only says that they are gone: the name is ours."""
    rows = {diff.kind.key_of(row): row for row in diff.kind.model._default_manager.order_by().values()}
    for key in diff.removed:
        row = rows[key]
        yield _line(What.CLOSED, _code(diff, row), _name(row), _("n’est plus dans le fichier"))


def _added(diff: Diff) -> Iterator[Line]:
    for values in diff.added:
        opened = values.get("opened_on")
        why = _("ouverte le %(day)s") % {"day": dated(opened)} if opened else _("nouvelle dans le fichier")
        yield _line(What.OPENED, _code(diff, values), _name(values), why)


def _changed(diff: Diff, names: dict[str, str]) -> Iterator[Line]:
    for values, changes in diff.changed:
        code, name = _code(diff, values), _name(values)
        if "removed_on" in changes:
            yield _line(What.REOPENED, code, name, _("est de nouveau dans le fichier"))
        for field, (before, after) in changes.items():
            if field in FOLLOWS or field == "removed_on":
                continue
            yield _line(KINDS.get(field, What.OTHER), code, name, _why(diff, field, before, after, names))


def _why(diff: Diff, field: str, before: Any, after: Any, names: dict[str, str]) -> str:
    pair = {"before": _said(before, names), "after": _said(after, names)}
    if field in KINDS:
        return _("%(before)s → %(after)s") % pair
    label = diff.kind.model._meta.get_field(field).verbose_name  # type: ignore[union-attr]
    return _("%(field)s : %(before)s → %(after)s") % (pair | {"field": label})


def _said(value: Any, names: dict[str, str]) -> str:
    if value in (None, ""):
        return _("rien")
    if isinstance(value, date):
        return dated(value)
    return names.get(str(value), str(value))


def _names(diff: Diff) -> dict[str, str]:
    """Of circonscriptions and communes, where schools speak of them by their code."""
    if diff.kind.model is not RefSchool:
        return {}
    return dict(District.objects.order_by().values_list("uai", "short_name")) | dict(
        RefCommune.objects.order_by().values_list("insee", "name")
    )

"""A version is written, tried, published; an earlier one comes back by being published again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.locks import one_at_a_time
from shared_apps.audit.services import record
from shared_apps.layouts.current import published
from shared_apps.layouts.defaults import DEFAULTS
from shared_apps.layouts.models import LayoutVersion
from shared_apps.layouts.shapes import clean_key

Headers = Mapping[str, Sequence[str]]


@transaction.atomic
def write_version(*, actor: Any, kind: str, headers: Headers, ignored: Sequence[str], note: str = "") -> LayoutVersion:
    """The next version of a kind; the communes read it once published. Raises DomainError: a field without header, a
    header that names two fields.
    """
    _check(actor)
    check_headers(kind, headers, ignored)
    one_at_a_time(f"layouts:{kind}")
    last = LayoutVersion.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
    version = LayoutVersion.objects.create(
        kind=kind, number=last + 1, headers=dict(headers), ignored=list(ignored), note=note, created_by=actor
    )
    record(actor=actor, action="layouts.written", obj=version, kind=kind, number=version.number)
    return version


@transaction.atomic
def publish(*, actor: Any, kind: str, number: int) -> None:
    """From now on the communes read this version; 0 is the one that the code ships."""
    _check(actor)
    one_at_a_time(f"layouts:{kind}")
    rows = LayoutVersion.objects.filter(kind=kind)
    chosen = rows.get(number=number) if number else None
    if chosen is not None:
        layout = chosen.layout
        check_headers(kind, {field.name: field.headers for field in layout.fields}, layout.ignored)
    now = timezone.now()
    rows.filter(is_current=True).exclude(number=number).update(is_current=False, updated_at=now)
    if chosen is not None:
        chosen.is_current, chosen.published_at = True, now
        chosen.save(update_fields=["is_current", "published_at", "updated_at"])
    record(actor=actor, action="layouts.published", obj=chosen, kind=kind, number=number)
    transaction.on_commit(published.clear)


def check_headers(kind: str, headers: Headers, ignored: Sequence[str]) -> None:
    owners: dict[str, str] = {}
    for field in DEFAULTS[kind].fields:
        if not headers.get(field.name):
            raise DomainError(_("Chaque champ garde au moins un titre de colonne."), code="no_header")
        for header in headers[field.name]:
            _claim(owners, header, field.name)
    for header in ignored:
        _claim(owners, header, "")


def _claim(owners: dict[str, str], header: str, owner: str) -> None:
    key = clean_key(header)
    if not key:
        raise DomainError(_("« %(header)s » n’est pas un titre de colonne.") % {"header": header}, code="no_words")
    if owners.setdefault(key, owner) != owner:
        message = _("Le titre « %(header)s » désigne deux champs : il ne peut en désigner qu’un.")
        raise DomainError(message % {"header": header}, code="two_fields")


def _check(actor: Any) -> None:
    if not actor.has_perm("layouts.edit_layouts"):
        raise PermissionDenied

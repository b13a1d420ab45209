"""A small stock of complete schemas: an opening takes one by two renames instead of laying 60 tables."""

from django.conf import settings
from django.db import transaction

from provisioning import schemas, template
from provisioning.models import SpareSchema, TemplateScript
from provisioning.sessions import only_one

PREFIX = "c_spare_"


def fill(wanted: int | None = None) -> int:
    """Drop stale spares, then lay what is missing of `wanted` (by default ENT_SPARES).

    Owner's session. Returns how many were laid; none when another process is at it.
    """
    wanted = settings.ENT_SPARES if wanted is None else wanted
    script = template.current()
    if script is None:
        return 0
    with only_one("spares") as mine:
        if not mine:
            return 0
        _drop_stale(script.digest)
        missing = max(0, wanted - SpareSchema.objects.count())
        for _turn in range(missing):
            _lay_one(script.digest)
        return missing


def take(new_name: str) -> SpareSchema | None:
    """Give a spare its commune's name, in the caller's transaction. None when the stock is empty."""
    current = TemplateScript.objects.filter(fingerprint=template.fingerprint()).values("digest")
    fresh = SpareSchema.objects.select_for_update(skip_locked=True).filter(digest__in=current)
    spare = fresh.order_by("created_at").first()
    if spare is not None:
        schemas.rename(spare.schema_name, new_name)
        spare.delete()
    return spare


@transaction.atomic
def _lay_one(digest: str) -> None:
    """Schema, role, tables, rights and the row that tells of them: all or nothing."""
    name = _free_name()
    schemas.create(name)
    template.lay(name)
    SpareSchema.objects.create(schema_name=name, digest=digest)


def _free_name() -> str:
    used = set(SpareSchema.objects.values_list("schema_name", flat=True))
    number = 1
    while f"{PREFIX}{number}" in used:
        number += 1
    return f"{PREFIX}{number}"


def _drop_stale(digest: str) -> None:
    for pk in SpareSchema.objects.exclude(digest=digest).values_list("pk", flat=True):
        with transaction.atomic():
            # An opening may hold it at this moment: it is then no longer ours.
            spare = SpareSchema.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            if spare is not None:
                schemas.drop(spare.schema_name)
                spare.delete()

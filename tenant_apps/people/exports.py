"""« Mes données »: a ZIP with a page to read and the same in JSON, from what each app registered.

Asked for by the person, made by the outbox, served by the files' host, kept seven days.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core import registry
from core.errors import DomainError
from core.text import slug
from shared_apps.audit.services import record
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from shared_apps.notifications import outbox
from shared_apps.notifications.models import OutboxEntry
from shared_apps.notifications.services import notify
from tenant_apps.people.models import Guardianship, Person
from tenant_apps.people.services.persons import check

PURPOSE = "people.my_data"
KIND = "people.export_my_data"
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class State:
    """Asked for and not made yet, or ready until a moment, or neither."""

    is_coming: bool
    file: StoredFile | None

    @property
    def until(self) -> Any:
        return self.file.created_at + KEPT if self.file else None


def state_of(person: Person) -> State:
    pending = OutboxEntry.objects.pending().filter(kind=KIND, payload__person=str(person.pk))
    return State(pending.exists(), _fresh(person).order_by("-created_at").first())


def children_of(person: Person) -> list[Person]:
    """Whose data a holder of the parental authority takes away with their own."""
    charge = Guardianship.objects.informed().filter(guardian=person)
    return list(Person.objects.filter(pupil__in=charge.values("pupil")).order_by("sort_name", "pk"))


@transaction.atomic
def request_export(*, actor: Any, person: Person) -> None:
    """Raises DomainError while one is being made."""
    check(actor, "people.export_data", person)
    if state_of(person).is_coming:
        raise DomainError(_("Vos données sont déjà en préparation."), code="already_asked")
    outbox.put(KIND, key=f"my-data:{person.pk}:{timezone.now().timestamp()}", payload={"person": str(person.pk)})
    record(actor=actor, action="people.data_asked", obj=person)


def deliver(payload: dict[str, Any]) -> None:
    """The outbox's handler: what was made before goes, the new one comes, its owner is told."""
    person = Person.objects.select_related("account").get(pk=payload["person"])
    if person.account is None:
        return
    _forget(StoredFile.objects.filter(purpose=PURPOSE, object_id=person.pk))
    upload = ContentFile(archive_of(person), name=f"mes-donnees-{slug(person.full_name)}.zip")
    files.store_archive(owner=person.account, upload=upload, purpose=PURPOSE, object_id=person.pk)
    notify(
        user=person.account,
        kind=KIND,
        title=_("Vos données sont prêtes"),
        path="/mes-donnees/",
        key=f"my-data:{person.pk}:{timezone.now().timestamp()}",
    )


def archive_of(person: Person) -> bytes:
    people = [person, *children_of(person)]
    told = [{"person": one, "tables": _tables(one)} for one in people]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        page = render_to_string("people/my_data_export.html", {"people": told, "made_at": timezone.now()})
        archive.writestr("mes-donnees.html", page)
        plain = [{"nom": one["person"].full_name, "donnees": one["tables"]} for one in told]
        archive.writestr("mes-donnees.json", json.dumps(plain, ensure_ascii=False, indent=2, default=str))
    return buffer.getvalue()


def _tables(person: Person) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for export in registry.personal_data:
        found |= {name: rows for name, rows in export(person.pk).items() if rows}
    return found


def may_read(user: Any, file: StoredFile) -> bool:
    is_mine = Person.objects.filter(pk=file.object_id, account=user).exists()
    return is_mine and timezone.now() < file.created_at + KEPT


def forget_old() -> int:
    """Those that nobody may read any more. Returns how many."""
    return _forget(StoredFile.objects.filter(purpose=PURPOSE, created_at__lte=timezone.now() - KEPT))


def _fresh(person: Person) -> Any:
    return StoredFile.objects.filter(purpose=PURPOSE, object_id=person.pk, created_at__gt=timezone.now() - KEPT)


def _forget(rows: Any) -> int:
    gone = list(rows)
    for file in gone:
        files.delete(actor=None, file=file)
    return len(gone)

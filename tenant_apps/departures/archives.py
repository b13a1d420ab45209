"""What a pupil takes away: a ZIP with a page to read, what the commune holds of the child, and the files."""

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import registry
from core.errors import DomainError
from core.registry import Work
from core.text import slug
from shared_apps.audit.services import record
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from shared_apps.notifications import outbox
from shared_apps.notifications.services import notify
from tenant_apps.departures import notifications
from tenant_apps.departures.models import Archive
from tenant_apps.people.models import Enrollment, Person
from tenant_apps.schools.models import Grade, School, SchoolYear

PURPOSE = KIND = "departures.archive"


@transaction.atomic
def ask(*, actor: Any, person: Person) -> Archive:
    """Made by a worker, told when ready. Raises DomainError while one is being made."""
    if not actor.has_perm("departures.ask_archive", person):
        raise PermissionDenied
    archive, is_new = Archive.objects.select_for_update().get_or_create(person=person, requested_by=actor)
    if archive.is_coming and not is_new:
        raise DomainError(_("Cette archive est déjà en préparation."), code="already_asked")
    _drop_file(archive)
    archive.file_id, archive.expires_at = None, None
    archive.save(update_fields=["file_id", "expires_at", "updated_at"])
    moment = timezone.now().timestamp()
    outbox.put(KIND, key=f"archive:{archive.pk}:{moment}", payload={"archive": str(archive.pk)})
    record(actor=actor, action="departures.archive_asked", obj=archive)
    return archive


def deliver(payload: dict[str, Any]) -> None:
    """The outbox's handler. The right may have been lost since it was asked."""
    archive = Archive.objects.select_related("person", "requested_by").filter(pk=payload["archive"]).first()
    if archive is None or not archive.requested_by.has_perm("departures.ask_archive", archive.person):
        return
    name = f"archive-{slug(archive.person.full_name)}.zip"
    upload = ContentFile(content_of(archive.person), name=name)
    file = files.store_archive(owner=archive.requested_by, upload=upload, purpose=PURPOSE, object_id=archive.pk)
    archive.file_id = file.pk
    archive.expires_at = timezone.now() + timedelta(days=settings.ENT_ARCHIVE_DAYS)
    archive.save(update_fields=["file_id", "expires_at", "updated_at"])
    notify(
        user=archive.requested_by,
        kind=KIND,
        title=_("%(child)s · Son archive est prête") % {"child": archive.person.first_name},
        path=reverse("departures:leaving"),
        subject_ids=[archive.person.pupil.pk],
        key=f"archive-{archive.pk}-{file.pk}",
    )


def content_of(person: Person) -> bytes:
    """`archive.html` opens in any browser; `donnees.json` is for another service; `fichiers/` as they were given."""
    works = [work for source in registry.works for work in source(person.pk)]
    works.sort(key=lambda work: (work.day or date.min, work.title))
    tables: dict[str, Any] = {}
    for export in registry.personal_data:
        tables |= {name: rows for name, rows in export(person.pk).items() if rows}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        told = [_put_files(archive, number, work) for number, work in enumerate(works, 1)]
        context = {"person": person, "works": told, "tables": tables, "made_at": timezone.now()}
        archive.writestr("archive.html", render_to_string("departures/archive.html", context))
        plain = [{"titre": work.title, "jour": work.day, "texte": work.text} for work in works]
        data = {"eleve": person.full_name, "travaux": plain, "donnees": tables}
        archive.writestr("donnees.json", json.dumps(data, ensure_ascii=False, indent=2, default=str))
    return buffer.getvalue()


def _put_files(archive: zipfile.ZipFile, number: int, work: Work) -> dict[str, Any]:
    paths = []
    for name, content in work.files:
        # Two works may hold « photo.jpg »; a name was made harmless when the file was stored.
        path = f"fichiers/{number:03}-{name}"
        archive.writestr(path, content)
        paths.append({"path": path, "name": name})
    return {"work": work, "files": paths}


@transaction.atomic
def download(*, actor: Any, archive: Archive) -> StoredFile:
    """The head sees that it was taken. Raises DomainError once it is too late."""
    file = StoredFile.objects.filter(pk=archive.file_id).first() if archive.is_ready else None
    if file is None:
        raise DomainError(_("Cette archive n’est plus disponible. Demandez-en une autre."), code="expired")
    if archive.downloaded_at is None:
        archive.downloaded_at = timezone.now()
        archive.save(update_fields=["downloaded_at", "updated_at"])
    record(actor=actor, action="departures.archive_downloaded", obj=archive)
    return file


def may_read(user: Any, file: StoredFile) -> bool:
    return Archive.objects.visible_to(user).ready().filter(pk=file.object_id, file_id=file.pk).exists()


@transaction.atomic
def forget_expired() -> int:
    """The files nobody may read any more. That it was taken stays, until the child is erased."""
    old = list(Archive.objects.filter(expires_at__lte=timezone.now()).exclude(file_id=None))
    for archive in old:
        _drop_file(archive)
        Archive.objects.filter(pk=archive.pk).update(file_id=None, updated_at=timezone.now())
    return len(old)


def _drop_file(archive: Archive) -> None:
    file = StoredFile.objects.filter(pk=archive.file_id).first() if archive.file_id else None
    if file is not None:
        files.delete(actor=None, file=file)


def leavers() -> Any:
    """Enrolled today in the last grade of their school: CM2, and the GS of a nursery."""
    rows = Enrollment.objects.on()
    return rows.filter(grade=Grade.CM2) | rows.filter(grade=Grade.GS, school_class__school__kind=School.Kind.NURSERY)


def announced_from(year: SchoolYear) -> date:
    """`ENT_WORKS_FROM`, month and day, in the year that ends."""
    month, day = map(int, settings.ENT_WORKS_FROM.split("-"))
    return max(year.starts_on, date(year.starts_on.year + (month < year.starts_on.month), month, day))


def announce_leavers() -> int:
    """From mid-June, once a year: the family of each pupil who leaves is told that the work can be taken away."""
    year = SchoolYear.objects.current().first()
    if year is None or not year.starts_on <= announced_from(year) <= timezone.localdate():
        return 0
    return notifications.announce_archives(leavers().values("pupil"), year)

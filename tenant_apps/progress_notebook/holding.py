"""What notebooks give to the person they are of, and what they forget with them."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from core.registry import Erased, Work
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from tenant_apps.progress_notebook import papers
from tenant_apps.progress_notebook.attachments import KINDS_OF, files_of
from tenant_apps.progress_notebook.contents import label_of, title_of
from tenant_apps.progress_notebook.models import Edition, Notebook, Observation
from tenant_apps.progress_notebook.services.notebooks import SIGNED


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    """What the family reads: the rest is a teacher's draft."""
    return {
        "carnet_observations": [
            {
                "day": one.seen_on,
                "domain": str(one.get_domain_display()),
                "milestone": one.milestone,
                "words": one.words,
                "has_photo": one.has_photo,
                "has_sound": one.has_sound,
            }
            for one in _shared(person_id)
        ],
        "carnets": [
            {
                "title": title_of(one.content),
                "version": one.number,
                "reason": one.reason,
                "appreciation": one.content["appreciation"],
                "validated_at": one.validated_at,
            }
            for one in _editions(person_id)
        ],
        "synthese_acquis": [
            {"version": one.number, "domain": domain["domain"], "line": line["line"], "is": label_of(line["position"])}
            for one in _editions(person_id)
            for domain in one.content.get("domains", [])
            for line in domain["lines"]
        ],
    }


def _shared(person_id: Any) -> Any:
    return Observation.objects.shared().filter(pupil__person=person_id).order_by("seen_on", "pk")


def _editions(person_id: Any) -> Any:
    rows = Edition.objects.filter(notebook__pupil__person=person_id)
    return rows.order_by("notebook__period__starts_on", "notebook_id", "number")


def works(person_id: Any) -> Iterable[Work]:
    """Each observation that the family saw, with its photo and its sound; the last version of each notebook, on
    paper.
    """
    rows = list(_shared(person_id))
    held = files_of(one.pk for one in rows)
    for one in rows:
        kept = tuple(pair for file in held.get(one.pk, {}).values() for pair in _content(file))
        yield Work(f"{one.get_domain_display()} · {one.title}", one.seen_on, one.words, kept)
    last: dict[Any, Edition] = {one.notebook_id: one for one in _editions(person_id)}
    for edition in last.values():
        day, text = timezone.localdate(edition.validated_at), edition.content["appreciation"]
        yield Work(title_of(edition.content), day, text, (("carnet.pdf", papers.pdf_of([edition])),))


def _content(file: StoredFile) -> tuple[tuple[str, bytes], ...]:
    try:
        with storage().open(path_of(file.pk)) as content:
            return ((file.name, content.read()),)
    except FileNotFoundError:
        return ()


def last_year(user: Any, enrollment: Any) -> list[dict[str, Any]]:
    rows = Edition.objects.visible_to(user).filter(notebook__pupil=enrollment.pupil_id)
    rows = rows.filter(notebook__period__year=enrollment.school_class.year_id).last_ones()
    rows = rows.order_by("notebook__period__starts_on", "pk")
    return [
        {"label": title_of(one.content), "url": one.get_absolute_url(), "icon": "notebook", "detail": ""}
        for one in rows
    ]


def erase(who: Erased) -> None:
    """A notebook says a child: it goes with it, with its pictures and what was signed of it."""
    seen = Observation.objects.filter(pupil__in=who.pupils)
    for file in list(StoredFile.objects.filter(purpose__in=KINDS_OF, object_id__in=seen.values("pk"))):
        files.delete(actor=None, file=file)
    seen.delete()
    gone = Notebook.objects.filter(pupil__in=who.pupils)
    SIGNED.forget(Edition.objects.filter(notebook__in=gone))
    gone.delete()

"""What a notebook says of a period: what its page and its paper show, and what is kept when it is validated."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.files.models import StoredFile
from tenant_apps.progress_notebook.attachments import files_of
from tenant_apps.progress_notebook.domains import DOMAINS, SUMMARY, TOGETHER
from tenant_apps.progress_notebook.models import Acquisition, Notebook, Observation


def content_of(notebook: Notebook) -> dict[str, Any]:
    """Of a notebook, the observations shared in its period; of a summary, the positions. Files are told by their id
    and their SHA-256: a picture that the school withdraws later is missing, never replaced.
    """
    period = notebook.period
    return {
        "kind": period.kind,
        "pupil": notebook.pupil.person.full_name,
        "school": str(notebook.school_class.school),
        "class": notebook.school_class.label,
        "grade": str(notebook.get_grade_display()),
        "period": period.label,
        "year": period.year.label,
        "appreciation": notebook.appreciation,
    } | (_summary(notebook) if period.is_summary else _observations(notebook))


def shared_in(notebook: Notebook) -> Any:
    rows = Observation.objects.shared().filter(pupil=notebook.pupil_id)
    return rows.seen_between(notebook.period.starts_on, notebook.period.ends_on)


def _observations(notebook: Notebook) -> dict[str, Any]:
    rows = list(shared_in(notebook).select_related("author").order_by("seen_on", "pk"))
    files = files_of(one.pk for one in rows)
    said = [_said(one, files.get(one.pk, {})) for one in rows]
    held = [one[name]["id"] for one in said for name in ("photo", "sound") if one[name]]
    return {"observations": said, "files": held}


def _said(one: Observation, files: dict[str, StoredFile]) -> dict[str, Any]:
    return {
        "domain": one.domain,
        "day": one.seen_on.isoformat(),
        "milestone": one.milestone,
        "words": one.words,
        "author": str(one.author) if one.author else "",
        "photo": _held(files.get("photo")),
        "sound": _held(files.get("sound")),
    }


def _held(file: StoredFile | None) -> dict[str, str] | None:
    return {"id": str(file.pk), "sha256": file.sha256} if file else None


def _summary(notebook: Notebook) -> dict[str, Any]:
    positions = notebook.positions
    domains = [
        {
            "domain": name,
            "lines": [{"line": line, "position": positions.get(code)} for code, line in lines.items()],
            "points": notebook.points.get(domain, ""),
        }
        for domain, (name, lines) in SUMMARY.items()
    ]
    together = [{"line": line, "words": notebook.points.get(code, "")} for code, line in TOGETHER.items()]
    return {"domains": domains, "together": together, "files": []}


def title_of(content: dict[str, Any]) -> str:
    facts = {"period": content["period"], "year": content["year"]}
    if content["kind"] == "summary":
        return _("Synthèse des acquis à la fin de l’école maternelle, %(year)s") % facts
    return _("Carnet de suivi des apprentissages, %(period)s %(year)s") % facts


def by_domain(content: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Domains of which something was shared, in the order of the programme; each with its observations by day."""
    found = []
    for code, name in DOMAINS.items():
        rows = [one | {"day": date.fromisoformat(one["day"])} for one in content["observations"]]
        rows = [one for one in rows if one["domain"] == code]
        if rows:
            found.append((str(name), rows))
    return found


def label_of(position: int | None) -> str:
    return str(Acquisition.Position(position).label) if position else "–"


def held_files(contents: Iterable[dict[str, Any]]) -> dict[str, StoredFile]:
    """By id, those that are still there. One query."""
    ids = [pk for content in contents for pk in content["files"]]
    return {str(file.pk): file for file in StoredFile.objects.filter(pk__in=ids)} if ids else {}

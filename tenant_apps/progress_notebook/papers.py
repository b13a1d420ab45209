"""Editions on paper: one child's, or a class's, each on pages of its own, with its photos."""

import json
import shutil
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from core.words import day
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from tenant_apps.progress_notebook.contents import by_domain, held_files, title_of
from tenant_apps.progress_notebook.models import Acquisition, Edition

SOURCE = Path(__file__).parent / "typst" / "notebook.typ"


def pdf_of(editions: Collection[Edition]) -> bytes:
    """The compiler reads pictures from a folder: one of its own, gone with the call."""
    files = held_files(one.content for one in editions)
    pictures = {pk: content for pk, file in files.items() if (content := _bytes(file)) is not None}
    pages = [_page(edition, pictures.keys()) for edition in editions]
    with TemporaryDirectory() as folder:
        for pk, content in pictures.items():
            (Path(folder) / pk).write_bytes(content)
        source = shutil.copy(SOURCE, folder)
        return typst.compile(source, root=folder, format="pdf", sys_inputs={"data": json.dumps(pages)})


def _bytes(file: StoredFile) -> bytes | None:
    """Of a photo; sounds have no paper."""
    if not file.mime_type.startswith("image/"):
        return None
    try:
        with storage().open(path_of(file.pk)) as content:
            return content.read()
    except FileNotFoundError:
        return None


def _page(edition: Edition, pictures: Collection[str]) -> dict[str, Any]:
    content = edition.content
    facts = {"day": day(timezone.localdate(edition.validated_at)), "n": edition.number, "digest": edition.digest[:16]}
    page: dict[str, Any] = {
        "title": title_of(content),
        "school": content["school"],
        "name": content["pupil"],
        "class": f"{content['class']} · {content['grade']}",
        "appreciation": content["appreciation"],
        "validated": _("Validé le %(day)s, version %(n)s. Empreinte %(digest)s") % facts,
        "reason": edition.reason,
        "summary": [],
        "together": content.get("together", []),
        "positions": [str(label) for label in Acquisition.Position.labels],
        "domains": [],
    }
    if content["kind"] == "summary":
        page["summary"] = content["domains"]
    else:
        page["domains"] = [(name, [_observation(one, pictures) for one in rows]) for name, rows in by_domain(content)]
    return page


def _observation(one: dict[str, Any], pictures: Collection[str]) -> dict[str, Any]:
    photo = one["photo"]["id"] if one["photo"] else ""
    sound = _("Un enregistrement s’écoute en ligne.") if one["sound"] else ""
    return {
        "day": day(one["day"]),
        "milestone": one["milestone"],
        "words": one["words"],
        "photo": photo if photo in pictures else "",
        "sound": sound,
    }

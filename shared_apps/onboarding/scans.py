"""Scans given together, as files or in a ZIP: each bears the INSEE code of its commune at the head of its name."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from core.archives import BROKEN_ZIP
from core.errors import DomainError
from core.words import file_size

CODE = re.compile(r"(\d[\dAB]\d{3})(?![0-9A-Za-z])")
MAX_FILES = 400
MAX_BYTES = 200_000_000  # unpacked, all together


def by_commune(uploads: Iterable[Any], insees: Iterable[str]) -> dict[str, Any]:
    """Raises DomainError: no_commune, twice, and what a ZIP refuses."""
    wanted, found = set(insees), dict[str, Any]()
    for name, file in _files(uploads):
        match = CODE.match(name.upper())
        if match is None or match[1] not in wanted:
            raise DomainError(
                _("« %(name)s » ne commence par le code INSEE d’aucune commune de cette page.") % {"name": name[:80]},
                code="no_commune",
            )
        if match[1] in found:
            raise DomainError(_("Deux fichiers portent le code %(code)s.") % {"code": match[1]}, code="twice")
        found[match[1]] = file
    return found


def _files(uploads: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for upload in uploads:
        if zipfile.is_zipfile(upload):
            yield from _unpacked(upload)
        else:
            yield upload.name, upload


def _unpacked(upload: Any) -> Iterator[tuple[str, Any]]:
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = [part for part in archive.infolist() if _counts(part.filename)]
            if len(parts) > MAX_FILES or sum(part.file_size for part in parts) > MAX_BYTES:
                raise DomainError(_("Cette archive est trop grosse : déposez-la en deux fois."), code="too_big")
            for part in parts:
                name = part.filename.rsplit("/", 1)[-1]
                yield name, ContentFile(_bytes(archive, part), name=name)
    except BROKEN_ZIP as broken:
        raise DomainError(
            _("Cette archive ne s’ouvre pas : refaites-la, sans mot de passe."), code="broken"
        ) from broken


def _counts(name: str) -> bool:
    """Neither a folder nor what a Mac adds."""
    return not (name.endswith("/") or name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith("."))


def _bytes(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Whatever size it claims, no more than a file may have."""
    with archive.open(part) as stream:
        data = stream.read(settings.ENT_FILE_MAX + 1)
    if len(data) > settings.ENT_FILE_MAX:
        words = {"name": part.filename[:80], "limit": file_size(settings.ENT_FILE_MAX)}
        raise DomainError(_("« %(name)s » dépasse %(limit)s.") % words, code="too_big")
    return data

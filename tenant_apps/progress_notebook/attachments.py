"""The photo and the sound of an observation: what is accepted, what is kept of it, who reads it."""

import io
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import DomainError
from core.words import file_size
from shared_apps.files import services as files
from shared_apps.files.kinds import PICTURES, SOUNDS, Kind
from shared_apps.files.models import StoredFile
from tenant_apps.progress_notebook.models import Edition, Observation

PHOTO, SOUND = "progress_notebook.photo", "progress_notebook.sound"
KINDS_OF: dict[str, frozenset[Kind]] = {PHOTO: PICTURES, SOUND: SOUNDS}
REFUSED = {
    PHOTO: gettext_lazy("Cette photo ne s’ouvre pas sur tous les appareils. Enregistrez-la en JPEG."),
    SOUND: gettext_lazy("Ce fichier ne s’écoute pas sur tous les appareils. Choisissez un son en MP3."),
}
MOST_PIXELS = 60_000_000  # what a recent telephone takes
SIDE = 1600  # pixels of what is kept
QUALITY = 82
LONGEST_SOUND = 5_000_000  # bytes; two minutes and a half as the page records


def accept(purpose: str) -> str:
    """For the field of a form: types and not extensions, so that a telephone offers its camera, and JPEG for HEIC."""
    return ",".join(sorted(kind.mime_type for kind in KINDS_OF[purpose]))


def check(upload: File, purpose: str) -> None:
    """Raises DomainError: empty, too_big, unknown_kind, unreadable."""
    try:
        kind = files.check(upload, kinds=KINDS_OF[purpose])
    except DomainError as error:
        if error.code == "unknown_kind":  # HEIC among others: what to do is said, not a list of types
            raise DomainError(REFUSED[purpose], code=error.code) from error
        raise
    if kind in SOUNDS and upload.size > LONGEST_SOUND:
        words = _("Ce son dépasse %(limit)s : gardez-en le meilleur moment.")
        raise DomainError(words % {"limit": file_size(LONGEST_SOUND)}, code="too_big")
    if kind in PICTURES:
        _opened(upload)


def reduced(upload: File) -> ContentFile:
    """The photo as it is kept: JPEG, the right way up, and nothing of what the device wrote in it (place, hour).

    Raises DomainError: unreadable.
    """
    picture = _opened(upload)
    try:
        picture.draft("RGB", (SIDE, SIDE))
        upright = ImageOps.exif_transpose(picture).convert("RGBA" if picture.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise _unreadable() from error
    upright.thumbnail((SIDE, SIDE))
    if upright.mode == "RGBA":  # a drawing made on a tablet has no paper: JPEG would make it black
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")
    kept = io.BytesIO()
    upright.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return ContentFile(kept.getvalue(), name="photo.jpg")


def _opened(upload: File) -> Image.Image:
    """Its size is read and nothing more."""
    upload.seek(0)
    try:
        picture = Image.open(upload.file, formats=("JPEG", "PNG", "WEBP"))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise _unreadable() from error
    if picture.width * picture.height > MOST_PIXELS:
        raise _unreadable()
    return picture


def _unreadable() -> DomainError:
    return DomainError(_("Cette photo ne s’ouvre pas. Prenez-en une autre."), code="unreadable")


def may_read(user: Any, file: StoredFile) -> bool:
    """Who sees the observation, or an edition that holds it: a child's picture goes to no other family."""
    seen = Observation.objects.visible_to(user).filter(pk=file.object_id)
    return seen.exists() or Edition.objects.visible_to(user).holding(file.pk).exists()


def files_of(observations: Iterable[Any]) -> dict[Any, dict[str, StoredFile]]:
    """Observation id → « photo », « sound » → its file. One query."""
    found: dict[Any, dict[str, StoredFile]] = defaultdict(dict)
    rows = StoredFile.objects.filter(purpose__in=KINDS_OF, object_id__in=list(observations)).order_by("created_at")
    for file in rows:
        found[file.object_id][file.purpose.split(".")[1]] = file
    return found

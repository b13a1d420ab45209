"""What to say of a PDF that somebody shows: the platform keeps the digest of each it sealed.

One byte more, less or other is another digest: the file is then refused whatever it looks like, and the rest only
serves to say why.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from django.conf import settings

from core import registry
from core.tenancy import in_public
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from shared_apps.signing import keys, marks, pades

MAX_SIZE = 10_000_000


class Verdict(StrEnum):
    VALID = "valid"
    ALTERED = "altered"  # ours, changed
    UNKNOWN = "unknown"  # a PDF that the platform did not issue, or changed beyond recognition
    ENCRYPTED = "encrypted"
    NOT_A_PDF = "not_a_pdf"


@dataclass(frozen=True, slots=True)
class Answer:
    verdict: Verdict
    sha256: str
    title: str = ""
    issued_at: datetime | None = None
    signatures: tuple[pades.Signature, ...] = ()
    has_addition: bool = False  # the signed text is whole, and something was added after it

    @property
    def is_valid(self) -> bool:
        return self.verdict == Verdict.VALID


def verify(data: bytes) -> Answer:
    digest = sha256(data).hexdigest()
    purposes = [purpose for purpose, _title in registry.sealed_files.items()]
    with in_public():
        issued = StoredFile.objects.filter(sha256=digest, purpose__in=purposes).first()
        title = registry.sealed_files[issued.purpose](issued) if issued else ""
        whole = _last_of(issued, data) if issued else b""
    if issued is not None:
        return _issued(data, whole, digest, title, issued.created_at)
    return _stranger(data, digest)


def _last_of(issued: StoredFile, data: bytes) -> bytes:
    """The file as it is now: a signature or a time stamp more only lengthens it, so it speaks for its beginning."""
    last = StoredFile.objects.filter(purpose=issued.purpose, object_id=issued.object_id).latest("created_at")
    whole = content_of(last) if last != issued else data
    return whole if whole.startswith(data) else data


def _issued(data: bytes, whole: bytes, digest: str, title: str, issued_at: datetime) -> Answer:
    """Known bytes; their signatures are checked all the same, as they stood when they were made."""
    signatures = tuple(found for found in pades.read(whole) if found.ends_at <= len(data))
    verdict = Verdict.VALID if signatures and all(s.is_sound for s in signatures) else Verdict.UNKNOWN
    return Answer(verdict, digest, title, issued_at, signatures)


def _stranger(data: bytes, digest: str) -> Answer:
    if b"%PDF-" not in data[:1024]:
        return Answer(Verdict.NOT_A_PDF, digest)
    found = marks.found_in(data) if keys.is_configured() else []
    if found:
        # Whole for a signature, yet another file: what was added stands after it, or in the signature's own padding.
        return Answer(Verdict.ALTERED, digest, has_addition=all(mark.is_intact for mark in found))
    if marks.says_it_is_ours(data):
        return Answer(Verdict.ALTERED, digest)
    return Answer(Verdict.ENCRYPTED if marks.is_encrypted(data) else Verdict.UNKNOWN, digest)


def content_of(file: StoredFile) -> bytes:
    with storage().open(path_of(file.pk)) as stored:
        return stored.read()


def is_too_big(size: int) -> bool:
    return size > min(MAX_SIZE, settings.ENT_FILE_MAX)

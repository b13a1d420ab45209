"""Sealing a PDF of ours (PAdES B-LTA), and reading it again.

B-LTA: an incremental signature with the time of an authority, the certificates and lists of revocations that prove it,
then a time stamp over the whole: the file proves itself when the authorities are gone.

Only bytes that the platform made come here: what strangers send meets its digest and `marks`, which parse no PDF.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.utils import timezone
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from shared_apps.signing import keys

Box = tuple[int, int, int, int]  # points from the lower left corner of the last page
# All proofs, those of the last time stamp too, before it: it is then the end of the file.
STAMP_PROOFS = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
PROOFS = DSSContentSettings(include_vri=False, next_ts_settings=STAMP_PROOFS)
STAMP = {"border_width": 0, "background_opacity": 1.0}


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a document, as it was checked."""

    field: str
    signer: str  # what its reason says: name, quality
    place: str
    signed_at: datetime | None  # by the time authority
    is_sound: bool
    ends_at: int = 0  # the byte after what it covers
    seal_ended_at: datetime | None = None  # the end of its certificate, when that is past


class _Picture(PdfContent):
    """What the signature shows, set by typst with its own fonts: no foreign font comes into the file."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        super().__init__()

    def render(self) -> bytes:
        writer = self._ensure_writer
        form = writer.import_page_as_xobject(PdfFileReader(BytesIO(self.pdf)), page_ix=0)
        name = b"/Import" + uuid4().hex.encode()
        self.resources.xobject[name.decode()] = form
        left, bottom, right, top = form.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(left - right), height=abs(bottom - top))
        return name + b" Do"


def with_fields(pdf: bytes, boxes: dict[str, Box]) -> bytes:
    """The places of all signatures, before the first: what comes later may only fill them."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    for name, box in boxes.items():
        fields.append_signature_field(writer, fields.SigFieldSpec(name, on_page=-1, box=box))
    return _written(writer)


def sign(pdf: bytes, *, field: str, signer: str, place: str, stamp: bytes, is_first: bool) -> bytes:
    """Seal for a person, whose identity was proved by the caller. Raises keys.NoSeal, also if nobody vouches."""
    seal = keys.seal()
    facts = signers.PdfSignatureMetadata(
        field_name=field,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        reason=signer,
        location=place,
        certify=is_first,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        embed_validation_info=True,
        use_pades_lta=True,
        dss_settings=PROOFS,
        validation_context=seal.context(),
    )
    style = StaticStampStyle(background=_Picture(stamp), **STAMP)
    signing = signers.PdfSigner(facts, signer=seal.signer, timestamper=seal.clock, stamp_style=style)
    with _vouched_for():
        return signing.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue()


@contextmanager
def _vouched_for() -> Iterator[None]:
    try:
        yield
    except SigningError as error:
        if isinstance(error.__cause__, PathBuildingError | PathValidationError):
            raise keys.NoSeal("The authorities of the seal do not vouch for it, or do not answer.") from error
        raise


def stamped_again(pdf: bytes) -> bytes:
    """With one more time stamp over the whole, and what proves the last one inside, while that one still holds.

    So the proof goes on beyond the certificate behind each (ETSI EN 319 142-1, PAdES B-LTA). Raises keys.NoSeal.
    """
    seal, out = keys.seal(), IncrementalPdfFileWriter(BytesIO(pdf))
    last = PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures[-1]
    asked = seal.context()
    with _vouched_for():
        status = validate_pdf_timestamp(last, asked)
        if not _holds(status):
            raise keys.NoSeal("The last time stamp does not hold any more.")
        path = status.validation_path
        DocumentSecurityStore.supply_dss_in_writer(out, None, paths=[path], validation_context=asked)
        stamper = signers.PdfTimeStamper(seal.clock)
        return stamper.timestamp_pdf(out, "sha256", seal.context(), dss_settings=STAMP_PROOFS).getvalue()


def proved_until(pdf: bytes) -> datetime:
    """The end of the certificate behind the last time stamp: nobody need believe the file after that."""
    return PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures[-1].signer_cert.not_valid_after


def read(pdf: bytes) -> list[Signature]:
    """Each signature, in order; sound when its text is untouched, its seal ours and good at the time that was proved,
    and nothing but other signatures, time stamps and their proofs was added after it.

    Each is judged at its own time: what ended since, the next time stamp vouches for, and the last one must hold now.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        embedded, stamps = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
        proofs = _proofs(reader)
    except (PdfError, ValueError):
        return []
    seal = keys.seal()
    times = list(_times(stamps, seal, proofs))
    return [_read(found, seal, proofs, times) for found in embedded]


def _holds(status: Any) -> bool:
    return bool(status.valid and status.intact and status.trusted)


def _proofs(reader: PdfFileReader) -> DocumentSecurityStore | None:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None


def _times(stamps: list[Any], seal: keys.Seal, proofs: DocumentSecurityStore | None) -> Iterator[tuple[int, datetime]]:
    """The revision and the hour of each time stamp, from the last one, which closes the file, as far as they hold."""
    moment = timezone.now()
    for stamp in reversed(stamps):
        try:
            status = validate_pdf_timestamp(stamp, seal.context_at(moment, proofs))
        except (SignatureValidationError, PdfError, ValueError):
            return
        is_whole = stamp is not stamps[-1] or status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        if not (_holds(status) and is_whole):
            return
        moment = status.timestamp
        yield stamp.signed_revision, moment


def _read(
    found: Any, seal: keys.Seal, proofs: DocumentSecurityStore | None, times: list[tuple[int, datetime]]
) -> Signature:
    after = [moment for revision, moment in times if revision > found.signed_revision]
    # The first time stamp after it was made with it, and is the last one found.
    then = seal.context_at(after[-1] if after else timezone.now(), proofs)
    try:
        status = validate_pdf_signature(found, then, ts_validation_context=then)
    except (SignatureValidationError, PdfError, ValueError):
        return Signature(found.field_name, "", "", None, is_sound=False)
    stamp, level, facts = status.timestamp_validity, status.modification_level, found.sig_object
    sound = _holds(status) and stamp is not None and stamp.trusted
    sound = sound and bool(after) and level is not None and level <= ModificationLevel.FORM_FILLING
    ended = found.signer_cert.not_valid_after
    return Signature(
        field=found.field_name,
        signer=str(facts.get("/Reason", "")),
        place=str(facts.get("/Location", "")),
        signed_at=stamp.timestamp if stamp else None,
        is_sound=bool(sound and seal.is_ours(found.signer_cert)),
        ends_at=found.byte_range[2] + found.byte_range[3],
        seal_ended_at=ended if ended < timezone.now() else None,
    )


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()

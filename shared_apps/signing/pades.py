"""Sealing a PDF of ours (PAdES B-LTA), and reading it again.

B-LTA: an incremental signature with the time of an authority, the certificates and lists of revocations that prove it,
then a time stamp over the whole: the file proves itself when the authorities are gone.

Only bytes that the platform made come here: what strangers send meets its digest and `marks`, which parse no PDF.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

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
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from shared_apps.signing import keys

Box = tuple[int, int, int, int]  # points from the lower left corner of the last page
# All proofs, those of the last time stamp too, before it: it is then the end of the file.
PROOFS = DSSContentSettings(
    include_vri=False, next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
)
STAMP = {"border_width": 0, "background_opacity": 1.0}


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a document, as it was checked."""

    field: str
    signer: str  # what its reason says: name, quality
    place: str
    signed_at: datetime | None  # by the time authority
    is_sound: bool


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
        validation_context=seal.context(to_sign=True),
    )
    style = StaticStampStyle(background=_Picture(stamp), **STAMP)
    signing = signers.PdfSigner(facts, signer=seal.signer, timestamper=seal.clock, stamp_style=style)
    try:
        return signing.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue()
    except SigningError as error:
        if isinstance(error.__cause__, PathBuildingError | PathValidationError):
            raise keys.NoSeal("The authorities of the seal do not vouch for it, or do not answer.") from error
        raise


def read(pdf: bytes) -> list[Signature]:
    """Each signature, in order; sound when its text is untouched, its seal ours, its time proved, and nothing but other
    signatures and their proofs was added after it."""
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        embedded, stamps = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
    except (PdfError, ValueError):
        return []
    seal = keys.seal()
    ends_well = bool(stamps) and _covers_all(stamps[-1], seal)
    return [_read(found, seal, ends_well=ends_well) for found in embedded]


def _covers_all(stamp: Any, seal: keys.Seal) -> bool:
    """The last time stamp closes the file."""
    try:
        status = validate_pdf_timestamp(stamp, seal.context())
    except (SignatureValidationError, PdfError, ValueError):
        return False
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return bool(status.valid and status.intact and status.trusted and whole)


def _read(found: Any, seal: keys.Seal, *, ends_well: bool) -> Signature:
    try:
        status = validate_pdf_signature(found, seal.context(), ts_validation_context=seal.context())
    except (SignatureValidationError, PdfError, ValueError):
        return Signature(found.field_name, "", "", None, is_sound=False)
    clock = status.timestamp_validity
    sound = status.valid and status.intact and status.trusted and clock is not None and clock.trusted
    level = status.modification_level
    sound = sound and ends_well and level is not None and level <= ModificationLevel.FORM_FILLING
    ours = found.signer_cert.dump() == seal.certificate.dump()
    facts = found.sig_object
    return Signature(
        field=found.field_name,
        signer=str(facts.get("/Reason", "")),
        place=str(facts.get("/Location", "")),
        signed_at=clock.timestamp if clock else None,
        is_sound=bool(sound and ours),
    )


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()

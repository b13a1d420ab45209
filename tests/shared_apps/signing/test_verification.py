"""« Vérifier un document signé »: one byte of difference, anywhere, and it is refused."""

import random
import zlib
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shared_apps.accounts import throttle
from shared_apps.files.models import StoredFile
from shared_apps.signing import pades, verification, views
from shared_apps.signing.verification import Verdict, content_of, verify
from tests.shared_apps.onboarding import factories, online
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(browser, officer):
    """The bytes that both sides signed."""
    from shared_apps.onboarding import services

    convention = factories.deliberated(officer).convention
    online.sign_as_mayor(browser, convention)
    facts = {key: online.RECTEUR[key] for key in ("name", "quality", "place")}
    services.sign_for_academy(actor=officer, convention=convention, **facts)
    return content_of(online.fresh(convention).sealed)


def show(data: bytes, name: str = "convention.pdf"):
    file = SimpleUploadedFile(name, data, "application/pdf")
    return online.somebody().post(url("signing:verify"), {"file": file})


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_the_signed_file_is_recognised_with_who_and_when(signed):
    page = text(show(signed))
    assert "Ce document est authentique." in page
    assert "Convention n°" in page
    for name in ("Hélène Castan, maire", "Anne Roussel, rectrice", "à Narbonne", "à Montpellier", "heure certifiée"):
        assert name in page
    assert sha256(signed).hexdigest() in page


def test_the_copy_signed_by_the_commune_alone_is_recognised_too(browser, officer):
    convention = factories.deliberated(officer).convention
    online.sign_as_mayor(browser, convention)
    answer = verify(content_of(online.fresh(convention).sealed))
    assert (answer.verdict, len(answer.signatures)) == (Verdict.VALID, 1)


def test_the_file_holds_what_proves_it_and_a_time_stamp_closes_it(signed):
    from io import BytesIO

    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(signed), strict=True)
    proofs = reader.root["/DSS"]
    assert len(proofs["/CRLs"]) == 1
    assert len(proofs["/Certs"]) == 3  # the root, the seal, the clock
    assert len(reader.embedded_timestamp_signatures) == 2
    last = reader.embedded_signatures[-1]
    assert last is reader.embedded_timestamp_signatures[-1]
    start, _length, after, rest = (int(number) for number in last.byte_range)
    assert (start, after + rest) == (0, len(signed))


def test_without_its_closing_time_stamp_no_signature_is_sound(signed):
    """The file as it stood just before: each signature is whole, the end is not proved."""
    cut = signed[: signed.rindex(b"%%EOF", 0, signed.rindex(b"%%EOF")) + 6]
    assert not any(signature.is_sound for signature in pades.read(cut))


def test_a_seal_that_its_authority_revoked_signs_nothing(browser, officer, monkeypatch):
    from pyhanko_certvalidator.errors import PathBuildingError

    def refuse(*_args, **_kwargs):
        raise PathBuildingError("revoked")

    convention = factories.deliberated(officer).convention
    token = online.ask(browser, convention)
    mayor = online.somebody()
    online.prove(mayor, token)
    monkeypatch.setattr("pyhanko_certvalidator.CertificateValidator.async_validate_usage", refuse)
    assert "Rien n’est signé" in text(online.act(mayor, token, "sign", **online.MAYOR))
    assert online.fresh(convention).commune_signature is None


def test_a_byte_changed_at_any_of_five_hundred_places_is_refused(signed):
    places = [*random.Random(5).sample(range(len(signed)), 496), 0, 5, len(signed) // 2, len(signed) - 1]
    assert not [at for at in places if verify(flipped(signed, at)).is_valid]


def test_a_byte_changed_in_the_text_is_said_in_plain_words(signed):
    page = text(show(flipped(signed, 2000)))
    assert "Ce document a été modifié." in page
    assert "authentique" not in page


def test_a_byte_changed_in_the_padding_of_a_signature_is_refused(signed):
    """There no signature protects it: the digest of the file does."""
    at = signed.rindex(b"0000>")
    assert verify(signed[:at] + b"1" + signed[at + 1 :]).verdict == Verdict.ALTERED


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d[:-1],
        lambda d: d + b"\n",
        lambda d: d + b" ",
        lambda d: b"\n" + d,
        lambda d: d + d,
    ],
    ids=["last byte cut", "line added", "space added", "line before", "twice"],
)
def test_a_file_cut_or_lengthened_is_refused(signed, change):
    assert verify(change(signed)).verdict == Verdict.ALTERED


def test_half_a_file_is_refused(signed):
    """What was left says nothing of where it came from."""
    assert not verify(signed[: len(signed) // 2]).is_valid


def test_an_update_appended_after_the_signatures_is_refused(signed):
    from io import BytesIO

    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root[pdf_name("/Lang")] = pdf_string("en")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    answer = verify(out.getvalue())
    assert answer.verdict == Verdict.ALTERED
    assert answer.has_addition
    assert not all(signature.is_sound for signature in pades.read(out.getvalue()))


def test_a_third_signature_by_the_same_seal_is_not_what_was_issued(signed):
    from django.utils import timezone

    from shared_apps.onboarding.documents import stamp_pdf

    stamp = stamp_pdf(name="X", quality="y", place="z", on=timezone.localdate(), proof="p")
    again = pades.with_fields(signed, {"Autre": (10, 10, 50, 50)})
    more = pades.sign(again, field="Autre", signer="X", place="z", stamp=stamp, is_first=False)
    assert verify(more).verdict == Verdict.ALTERED


def test_the_signature_of_one_file_put_into_another_is_refused(signed, browser, officer):
    other = factories.deliberated(officer, factories.LEZIGNAN).convention
    online.sign_as_mayor(browser, other)
    theirs = content_of(online.fresh(other).sealed)
    cut = signed.index(b"/ByteRange")
    assert not verify(theirs[: len(theirs) // 2] + signed[cut:]).is_valid


def test_a_pdf_of_elsewhere_is_unknown():
    assert "Ce document est inconnu." in text(show(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF"))


def test_a_protected_pdf_is_said_to_be_one():
    page = text(show(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<</Encrypt 2 0 R>>\n%%EOF"))
    assert "protégé par un mot de passe" in page


@pytest.mark.parametrize(
    "data", [b"Bonjour", b"PK\x03\x04 zip", b"<html>%PD", b"\x00" * 5000], ids=["text", "zip", "html", "zeros"]
)
def test_what_is_not_a_pdf_is_said_not_to_be_one(data):
    assert "Ce fichier n’est pas un PDF." in text(show(data))


HOSTILE = [
    b"%PDF-1.7\n" + b"/ByteRange [0 1 99999999 9]" * 5000,
    b"%PDF-1.7\n/ByteRange [0 20 60 4000000000]" + b"<" + b"zz" * 50 + b">",
    b"%PDF-1.7\n/ByteRange [0 40 9000000 10]" + b"<" + b"00" * 900_000 + b">",
    b"%PDF-1.7\n" + b"[" * 200_000,
    b"%PDF-1.7\n/Filter/FlateDecode stream\n" + zlib.compress(b"0" * 50_000_000) + b"\nendstream",
    b"%PDF-1.7\n/ByteRange [" + b" " * 500_000 + b"0 1 2 3]",
]


@pytest.mark.parametrize("data", HOSTILE, ids=["ranges", "hex", "long", "nested", "bomb", "spaces"])
def test_a_file_made_to_hurt_is_only_unknown(data):
    assert verify(data).verdict == Verdict.UNKNOWN


def test_a_file_too_big_is_refused_unread(monkeypatch):
    monkeypatch.setattr(verification, "MAX_SIZE", 1000)
    answer = show(b"%PDF-1.7" + b"0" * 2000)
    assert answer.status_code == 422
    assert "dépasse" in text(answer)


def test_no_file_and_an_empty_one_are_asked_again():
    assert "Choisissez un fichier." in text(online.somebody().post(url("signing:verify"), {}))
    assert "Ce fichier est vide." in text(show(b""))


def test_one_address_does_not_ask_without_end(monkeypatch):
    throttle.cache.clear()
    monkeypatch.setattr(views, "PER_ADDRESS", 2)
    for _time in range(2):
        assert show(b"Bonjour").status_code == 200
    assert "Trop d’essais" in text(show(b"Bonjour"))
    throttle.cache.clear()


def test_nothing_of_the_file_shown_is_kept():
    show(b"%PDF-1.4 rien")
    assert not StoredFile.objects.exists()


def test_a_file_that_was_kept_without_being_sealed_here_proves_nothing(browser, officer):
    """The text to be signed has a digest too; nobody signed it."""
    convention = factories.deliberated(officer).convention
    online.ask(browser, convention)
    assert not verify(content_of(convention.invitations.get().document)).is_valid


def test_a_certificate_that_is_trusted_no_more_makes_no_document_authentic(signed, settings, tmp_path):
    settings.ENT_SEAL_LOCAL = tmp_path
    assert not verify(signed).is_valid

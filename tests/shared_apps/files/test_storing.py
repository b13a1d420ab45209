"""What is accepted, under which name, up to how much."""

import hashlib
import zipfile

import pytest
from django.db import transaction

from core.errors import DomainError
from core.tenancy import in_schema
from shared_apps.audit.models import Entry
from shared_apps.files import kinds, services, storage
from shared_apps.files.models import StoredFile
from tests.shared_apps.accounts.pages import NARBONNE, SCHEMAS
from tests.shared_apps.files import samples
from tests.shared_apps.files.samples import upload

pytestmark = pytest.mark.django_db
SCHEMA = SCHEMAS[NARBONNE]


def on_disk(media) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_id_in_the_folder_of_its_commune(keep, media, sophie):
    file = keep(upload(samples.PDF, "Sortie au musée.pdf"))
    assert on_disk(media) == [f"{SCHEMA}/{file.pk}"]
    assert (media / SCHEMA / str(file.pk)).read_bytes() == samples.PDF
    assert (file.name, file.mime_type, file.size, file.owner) == (
        "Sortie au musée.pdf",
        "application/pdf",
        len(samples.PDF),
        sophie,
    )
    assert file.sha256 == hashlib.sha256(samples.PDF).hexdigest()
    with in_schema(SCHEMA):
        entry = Entry.objects.get(action="files.stored")
    assert entry.actor_id == sophie.pk and "musée" not in str(entry.facts)


@pytest.mark.parametrize(
    ("content", "mime_type"),
    [
        (samples.PDF, "application/pdf"),
        (samples.PNG, "image/png"),
        (samples.JPEG, "image/jpeg"),
        (samples.WEBP, "image/webp"),
        (samples.GIF, "image/gif"),
        (samples.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (samples.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (samples.ODT, "application/vnd.oasis.opendocument.text"),
        (samples.ODS, "application/vnd.oasis.opendocument.spreadsheet"),
        ("Nom;Prénom\r\nFerrer;Inès\r\n".encode(), "text/plain"),
        ("Élève;Né le\n".encode("cp1252"), "text/plain"),
    ],
)
def test_the_type_is_told_by_the_bytes_whatever_the_browser_says(keep, content, mime_type):
    assert keep(upload(content, "fichier.bin", said="text/html")).mime_type == mime_type


@pytest.mark.parametrize(
    "content",
    [
        samples.SVG,
        samples.HTML,
        b"\xef\xbb\xbf  \n<html>",
        b"#!/bin/sh\nrm -rf /",
        b"%!PS-Adobe-3.0",
        samples.EXE,
        b"\x7fELF\x02\x01\x01\x00" + b"\0" * 60,
        b"Texte puis\x00binaire",
        samples.archive(page_0html=samples.HTML),
        samples.archive(mimetype=b"application/epub+zip"),
        samples.office("word/document.xml", word__vbaProject_0bin=b"macro"),
        samples.DOCX[:60],
        samples.damaged_inside(samples.open_document("application/vnd.oasis.opendocument.text"), "mimetype"),
        b"bonjour %PDF-1.4 \x01",
    ],
)
def test_what_is_not_in_the_table_is_refused_in_french_and_leaves_nothing(keep, media, content):
    with pytest.raises(DomainError) as refusal:
        keep(upload(content, "photo.png", said="image/png"))
    assert refusal.value.code == "unknown_kind"
    assert "n’est pas accepté" in refusal.value.message
    assert on_disk(media) == []
    with in_schema(SCHEMA):
        assert not StoredFile.objects.exists()


def test_a_feature_may_accept_less(keep):
    with pytest.raises(DomainError, match=r"Ici, déposez un fichier de ce type : JPEG, PDF\."):
        keep(upload(samples.DOCX), kinds={kinds.PDF, kinds.JPEG})
    assert keep(upload(samples.PDF), kinds={kinds.PDF, kinds.JPEG})


def test_a_small_archive_that_unpacks_to_gigabytes_is_refused_without_unpacking(keep, tmp_path):
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        with made.open("word/document.xml", "w", force_zip64=True) as part:
            for _turn in range(kinds.UNPACKED // (1024 * 1024) + 1):
                part.write(bytes(1024 * 1024))
    with pytest.raises(DomainError) as refusal:
        keep(upload(bomb.read_bytes(), "bomb.docx"))
    assert refusal.value.code == "too_dense"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Claire\\sortie.pdf", "sortie.pdf"),
        ("sor\x00tie.pdf", "sortie.pdf"),
        ("mot\u202efdp.exe", "motfdp.exe.pdf"),
        ("  sortie\n au   musée.PDF ", "sortie au musée.pdf"),
        ("e\u0301cole.pdf", "\u00e9cole.pdf"),
        ("photo.html", "photo.html.pdf"),
        (".pdf", "pdf.pdf"),
        ("...", "fichier.pdf"),
        ("", "fichier.pdf"),
        ("🦆 canard.pdf", "🦆 canard.pdf"),
    ],
)
def test_names_are_made_harmless(keep, typed, kept):
    given = upload()
    given._name = typed  # Django cleans some of it at the door; a service may be called by other ways
    assert keep(given).name == kept


@pytest.mark.parametrize("letter", ["a", "é", "🦆"])
def test_a_name_is_never_longer_than_a_disk_accepts(keep, letter):
    given = upload()
    given._name = letter * 300 + ".pdf"
    name = keep(given).name
    assert len(name.encode()) <= 255 and name.endswith(f"{letter}.pdf")


def test_an_empty_file_and_one_too_big_are_refused(keep, settings):
    settings.ENT_FILE_MAX = 2_000_000
    with pytest.raises(DomainError, match="Ce fichier est vide"):
        keep(upload(b""))
    with pytest.raises(DomainError, match="Ce fichier dépasse 2\u00a0Mo"):
        keep(upload(samples.PDF + b"x" * 2_000_000))
    assert keep(upload(samples.PDF + b"x" * (2_000_000 - len(samples.PDF))))


def test_a_commune_has_its_quota_to_the_byte_and_its_own(keep, settings, lezignan, media):
    settings.ENT_FILE_QUOTA = 2 * len(samples.PDF)
    first = keep(upload())
    keep(upload())
    with pytest.raises(DomainError, match="L’espace de fichiers de la commune est plein"):
        keep(upload())
    assert len(on_disk(media)) == 2
    keep(upload(), host="lezignan-corbieres.localhost", actor=None)
    with in_schema(SCHEMA), transaction.atomic():
        services.delete(actor=None, file=first)
    assert keep(upload())


def test_a_purpose_that_nobody_answers_for_stores_nothing(keep, media):
    with pytest.raises(LookupError):
        keep(upload(), purpose="inconnu")
    assert on_disk(media) == []


def test_when_the_row_is_refused_the_bytes_go_away(keep, media, monkeypatch):
    def refused(*args, **kwargs):
        raise RuntimeError("the database says no")

    monkeypatch.setattr(StoredFile, "save", refused)
    with pytest.raises(RuntimeError):
        keep(upload())
    assert on_disk(media) == []


class HalfAnUpload:
    """A disk that fills up after the first half."""

    size = 10

    def chunks(self):
        yield b"%PDF-"
        raise OSError(28, "No space left on device")


def test_a_write_that_fails_half_way_leaves_no_file(in_narbonne, media):
    with pytest.raises(OSError):
        storage.storage()._save(storage.path_of("x"), HalfAnUpload())
    assert on_disk(media) == []


def test_deleting_takes_the_bytes_away_once_the_transaction_ends(keep, media, django_capture_on_commit_callbacks):
    file = keep(upload())
    with in_schema(SCHEMA):
        with django_capture_on_commit_callbacks(execute=True):
            services.delete(actor=None, file=file)
            assert not StoredFile.objects.exists()
            assert on_disk(media) != []
        assert on_disk(media) == []
        assert Entry.objects.filter(action="files.deleted").exists()


def test_bytes_left_by_an_undone_transaction_are_swept_after_a_day(keep, media):
    import os
    import time

    kept = keep(upload())
    orphan, recent = media / SCHEMA / "orphan", media / SCHEMA / "recent"
    for path in (orphan, recent):
        path.write_bytes(b"x")
    two_days_ago = time.time() - 2 * 86_400
    os.utime(orphan, (two_days_ago, two_days_ago))
    os.utime(media / SCHEMA / str(kept.pk), (two_days_ago, two_days_ago))
    with in_schema(SCHEMA):
        assert services.sweep() == 1
    assert on_disk(media) == sorted([f"{SCHEMA}/{kept.pk}", f"{SCHEMA}/recent"])

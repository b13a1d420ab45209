"""A note carries one file, read by who sees the note."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from shared_apps.files.models import StoredFile
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.people.models import Guardianship
from tests.shared_apps.files import samples
from tests.shared_apps.files.samples import upload
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def typed(room, **more):
    return {"classes": [room.school_class.pk], "title": "Musée", "category": "outing", "body": "Bonjour"} | {
        "answer": "none",
        **more,
    }


def write(browser, room, note=None, **more):
    url = reverse("liaison:change", args=[note.pk]) if note else reverse("liaison:write")
    return browser.post(url, typed(room, **more))


def page(browser, note, name: str = "note"):
    return browser.get(reverse(f"liaison:{name}", args=[note.pk]))


def read(browser, file) -> int:
    """The status of the file itself, followed through its signed link."""
    answer = browser.get(reverse("files:open", args=[file.pk]))
    if answer.status_code != 302:
        return answer.status_code
    served = Client(headers={"host": "fichiers.localhost"}).get(urlsplit(answer.url).path)
    assert b"".join(served.streaming_content) == samples.PDF
    return served.status_code


@pytest.fixture
def sent(room, browser_of):
    """A sent note with its file."""
    browser = browser_of(HOST, room.teacher)
    write(browser, room, attachment=upload(samples.PDF, "Programme de la journée.pdf"))
    note = LiaisonNote.objects.get()
    browser.post(reverse("liaison:publish", args=[note.pk]))
    return note


def test_the_teacher_joins_a_file_and_sees_it_before_sending(room, browser_of):
    browser = browser_of(HOST, room.teacher)
    answer = write(browser, room, attachment=upload(samples.PDF, "Programme.pdf"))
    shown = browser.get(answer.url).content.decode()
    file = StoredFile.objects.get()
    assert f'href="{reverse("files:open", args=[file.pk])}">Programme.pdf</a>' in shown
    assert (file.purpose, file.object_id, file.owner) == ("liaison.note", LiaisonNote.objects.get().pk, room.teacher)


def test_each_addressee_reads_it_and_nobody_else(room, sent, browser_of):
    file = sent.attachment
    other = factories.classroom(uai="0110358E", label="CM2", prefix="b")
    for user in (room.guardians["Sophie"], room.guardians["Laure"], room.teacher, room.head):
        assert read(browser_of(HOST, user), file) == 200, user
    assert "Programme de la journée.pdf" in page(browser_of(HOST, room.guardians["Sophie"]), sent).content.decode()
    assert "Programme de la journée.pdf" in page(browser_of(HOST, room.head), sent, "follow").content.decode()
    for user in (other.teacher, other.head, other.guardians["Sophie"]):
        assert read(browser_of(HOST, user), file) == 404, user


def test_the_file_of_a_draft_is_its_author_s(room, browser_of):
    write(browser_of(HOST, room.teacher), room, attachment=upload())
    file = StoredFile.objects.get()
    assert read(browser_of(HOST, room.teacher), file) == 200
    assert read(browser_of(HOST, room.head), file) == 404
    assert read(browser_of(HOST, room.guardians["Sophie"]), file) == 404


def test_a_guardian_whose_authority_is_withdrawn_reads_it_no_more(room, sent, browser_of):
    browser = browser_of(HOST, room.guardians["Sophie"])
    url = browser.get(reverse("files:open", args=[sent.attachment.pk])).url
    Guardianship.objects.filter(guardian__account=room.guardians["Sophie"]).update(has_parental_authority=False)
    assert Client(headers={"host": "fichiers.localhost"}).get(urlsplit(url).path).status_code == 404
    assert read(browser, sent.attachment) == 404


def test_another_file_takes_the_place_of_the_first(room, browser_of, django_capture_on_commit_callbacks, media):
    browser = browser_of(HOST, room.teacher)
    write(browser, room, attachment=upload(samples.PDF, "un.pdf"))
    note = LiaisonNote.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        write(browser, room, note, attachment=upload(samples.PNG, "deux.png"))
    assert [file.name for file in StoredFile.objects.all()] == ["deux.png"]
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_a_draft_rewritten_keeps_its_file_until_it_is_taken_off(room, browser_of):
    browser = browser_of(HOST, room.teacher)
    write(browser, room, attachment=upload())
    note = LiaisonNote.objects.get()
    write(browser, room, note, title="Château")
    assert note.attachment is not None
    assert "Retirer la pièce jointe" in page(browser, note, "change").content.decode()
    write(browser, room, note, drops_attachment="on")
    assert note.attachment is None


def test_a_deleted_draft_takes_its_file_along(room, browser_of):
    browser = browser_of(HOST, room.teacher)
    write(browser, room, attachment=upload())
    browser.post(reverse("liaison:delete", args=[LiaisonNote.objects.get().pk]))
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (samples.HTML, "n’est pas accepté"),
        (samples.DOCX, "Ici, déposez un fichier de ce type"),
        (samples.PDF + b"x" * 2_000_000, "Ce fichier dépasse"),
    ],
)
def test_a_file_that_is_refused_says_why_and_saves_nothing(room, browser_of, settings, content, why):
    settings.ENT_FILE_MAX = 2_000_000
    answer = write(browser_of(HOST, room.teacher), room, attachment=upload(content, "programme.pdf"))
    assert why in answer.content.decode()
    assert not LiaisonNote.objects.exists() and not StoredFile.objects.exists()


def test_when_the_commune_has_no_room_left_the_note_is_not_half_written(room, browser_of, settings):
    settings.ENT_FILE_QUOTA = 10
    answer = write(browser_of(HOST, room.teacher), room, attachment=upload())
    assert "L’espace de fichiers de la commune est plein." in answer.content.decode()
    assert not LiaisonNote.objects.exists()

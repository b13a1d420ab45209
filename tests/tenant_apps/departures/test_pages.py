"""The page of who leaves, the archive of a pupil, what the head and the town follow."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from shared_apps.files import links
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification
from tenant_apps.departures import archives, follow
from tenant_apps.departures.models import Archive
from tenant_apps.liaison import services as liaison
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.people.models import Enrollment, Guardianship
from tests.tenant_apps.departures.test_follow import at, leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def noted(made, media):
    """A note with a file, sent to the class of Inès."""
    claire = made.user("Claire")
    draft = LiaisonNote(title="Sortie au musée", body="Nous travaillons sur les Romains.", category="outing")
    note = liaison.save_draft(
        actor=claire,
        note=draft,
        classes=[made.classes["CE2"]],
        upload=ContentFile(b"%PDF-1.4 programme", name="programme.pdf"),
    )
    return liaison.publish_note(actor=claire, note=note)


def ask(browse, made, name="Sophie", child="Inès"):
    return browse(name).post(f"/depart/{made.people[child].pk}/archive/", follow=True)


def test_an_archive_is_made_by_a_worker_and_its_link_is_told(made, noted, browse):
    assert "L’archive se prépare" in ask(browse, made).text
    outbox.deliver_due()
    assert Notification.objects.filter(user=made.user("Sophie"), title="Inès · Son archive est prête").exists()
    archive = Archive.objects.get()
    assert f"/depart/archives/{archive.pk}/" in browse("Sophie").get("/depart/").text
    answer = browse("Sophie").get(f"/depart/archives/{archive.pk}/")
    assert answer.status_code == 302 and "//fichiers.localhost" in answer.url
    archive.refresh_from_db()
    assert archive.downloaded_at is not None


def test_the_archive_holds_the_notes_their_files_and_no_other_family(made, noted, browse):
    ask(browse, made)
    outbox.deliver_due()
    with storage().open(path_of(Archive.objects.get().file_id)) as content:
        archive = zipfile.ZipFile(io.BytesIO(content.read()))
    page = archive.read("archive.html").decode()
    assert "Sortie au musée" in page and "les Romains" in page
    assert archive.read("fichiers/001-programme.pdf") == b"%PDF-1.4 programme"
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "Cabanel" not in everything and "Noé" not in everything


def test_asked_twice_it_is_made_once(made, noted, browse):
    ask(browse, made)
    assert "déjà en préparation" in ask(browse, made).text


@pytest.mark.parametrize("name", ["Karim", "Laure", "Claire"], ids=["no authority", "another family", "the teacher"])
def test_nobody_else_asks_for_it(made, noted, browse, name):
    assert browse(name).post(f"/depart/{made.people['Inès'].pk}/archive/").status_code == 404


def test_a_parental_authority_withdrawn_closes_it(made, noted, browse):
    ask(browse, made)
    outbox.deliver_due()
    archive = Archive.objects.get()
    file = StoredFile.objects.get(pk=archive.file_id)
    assert links.services.may_read(made.user("Sophie"), file)
    Guardianship.objects.filter(guardian=made.people["Sophie"]).update(has_parental_authority=False)
    assert not links.services.may_read(made.user("Sophie"), file)
    assert browse("Sophie").get(f"/depart/archives/{archive.pk}/").status_code == 404


def test_it_expires_and_its_file_goes(made, noted, browse, clock):
    ask(browse, made)
    outbox.deliver_due()
    at(clock, date(2027, 3, 15) + timedelta(days=15))
    follow.follow_all()
    archive = Archive.objects.get()
    assert archive.file_id is None and not StoredFile.objects.filter(purpose=archives.PURPOSE).exists()
    page = browse("Sophie").get(f"/depart/archives/{archive.pk}/", follow=True).text
    assert "Cette archive n’est plus disponible." in page and "Préparer l’archive" in page


def test_a_pupil_asks_for_its_own(made, noted, browse):
    assert "L’archive se prépare" in ask(browse, made, "Inès").text


def test_who_has_no_right_left_sees_that_page_and_no_other(made, browse):
    leave(made, "Noé", date(2027, 3, 15))
    follow.follow_all()
    browser = browse("Laure")
    for path in ("/ma-classe/", "/mots/", "/imports/", f"/eleves/{made.pupils['Noé'].pk}/", "/annee-prochaine/"):
        answer = browser.get(path)
        assert (answer.status_code, answer.url) == (302, "/depart/"), path
    page = browser.get("/depart/").text
    assert "Votre compte sera effacé" in page and "8 juin" in page and "Noé" in page
    assert browser.get("/mon-compte/").status_code == 200
    assert "Emporter mes données" in browser.get("/").text


def test_a_pupil_who_left_reads_that_page_too(made, browse):
    leave(made, "Noé", date(2027, 3, 15))
    assert browse("Noé").get("/ma-classe-et-moi/").status_code == 302
    assert browse("Noé").get("/depart/").status_code == 200


def test_a_guardian_with_another_child_keeps_every_page(made, browse):
    leave(made, "Tom", date(2027, 3, 15))
    assert browse("Sophie").get("/mots/").status_code == 200


def test_the_head_follows_who_leaves_and_who_took_the_archive(made, noted, browse):
    leave(made, "Noé", date(2027, 3, 15))
    Enrollment.objects.filter(pupil=made.pupils["Inès"]).update(grade="CM2")
    follow.follow_all()
    page = browse("Martine").get("/departs/").text
    assert "Noé Cabanel" in page and "Laure Cabanel" in page and "jour 0" in page and "pas emportée" in page
    ask(browse, made)
    outbox.deliver_due()
    browse("Sophie").get(f"/depart/archives/{Archive.objects.get().pk}/")
    assert "Emportée" in browse("Martine").get("/departs/").text
    assert "Noé" not in browse("Solange").get("/departs/").text


def test_the_town_reads_numbers_only(made, browse):
    leave(made, "Noé", date(2027, 3, 15))
    follow.follow_all()
    page = browse("Jean").get("/departs/").text
    assert "Noé" not in page and "Cabanel" not in page


def test_in_june_the_families_of_who_leaves_are_told_once(made, clock):
    Enrollment.objects.filter(pupil=made.pupils["Tom"]).update(grade="CM2")
    at(clock, date(2027, 6, 14))
    assert archives.announce_leavers() == 0
    at(clock, date(2027, 6, 15))
    assert archives.announce_leavers() == 1
    at(clock, date(2027, 8, 20))
    assert archives.announce_leavers() == 0
    assert Notification.objects.get(kind="departures.works").title.startswith("Tom · Quitte l’école")

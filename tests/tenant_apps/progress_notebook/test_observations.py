"""What a child succeeds in: noted in a gesture, shown to its family and to no other, taken back."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.ids import uuid7
from shared_apps.files.models import StoredFile
from shared_apps.files.services import may_read
from shared_apps.files.storage import path_of, storage
from shared_apps.notifications.models import Notification
from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.progress_notebook.models import Observation
from tests.support.pages import said
from tests.tenant_apps.liaison import factories as people
from tests.tenant_apps.progress_notebook.factories import long_ago, observed, photo, sound

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


def page(name: str, *args) -> str:
    return reverse(f"progress_notebook:{name}", args=args)


def typed(nursery, *children: str, **facts) -> dict[str, object]:
    keys = {"domain": "LANGUAGE", "seen_on": str(timezone.localdate()), "milestone": "Raconte une histoire entendue"}
    return {"pupils": [str(nursery.pupils[name].pk) for name in children]} | keys | facts


def notebook_of(nursery, child: str) -> str:
    return page("pupil", nursery.pupils[child].pk)


@pytest.fixture
def noting(nursery, teacher):
    """Types on the page « Noter une réussite »."""
    return lambda *children, **facts: teacher.post(
        page("observe", nursery.school_class.pk), typed(nursery, *children, **facts)
    )


def test_a_success_is_noted_and_shown_to_the_family(nursery, noting, sophie):
    assert noting("Inès", share="1").status_code == 302
    shown = said(sophie.get(notebook_of(nursery, "Inès")))
    assert "Raconte une histoire entendue" in shown
    assert "Mobiliser le langage dans toutes ses dimensions" in shown


def test_a_draft_is_the_teacher_s_until_it_is_shown(nursery, noting, teacher, sophie):
    noting("Inès")
    assert "Raconte une histoire" not in said(sophie.get(notebook_of(nursery, "Inès")))
    assert "brouillon" in said(teacher.get(notebook_of(nursery, "Inès")))
    teacher.post(page("share", Observation.objects.get().pk))
    assert "Raconte une histoire" in said(sophie.get(notebook_of(nursery, "Inès")))
    teacher.post(page("share", Observation.objects.get().pk), {"draft": "1"})
    assert "Raconte une histoire" not in said(sophie.get(notebook_of(nursery, "Inès")))


def test_what_several_children_did_is_one_row_each_without_the_others(nursery, noting, sophie):
    noting("Inès", "Noé", share="1")
    assert Observation.objects.count() == 2
    assert Observation.objects.values("lot").distinct().count() == 1
    shown = said(sophie.get(notebook_of(nursery, "Inès")))
    assert "Raconte une histoire" in shown
    assert "Noé" not in shown and "Cabanel" not in shown
    assert sophie.get(notebook_of(nursery, "Noé")).status_code == 404


def test_a_photo_is_of_one_child_only(nursery, noting):
    answer = noting("Inès", "Noé", photo=photo())
    assert answer.status_code == 422
    assert "Une photo ou un son est d’un seul enfant" in said(answer)
    assert not Observation.objects.exists()


def test_a_gesture_is_undone(nursery, noting, teacher):
    answer = noting("Inès", "Noé", share="1")
    shown = said(teacher.get(answer.url))
    assert "C’est noté. Noé, Inès" in shown or "C’est noté. Inès, Noé" in shown
    teacher.post(page("undo", nursery.school_class.pk, Observation.objects.first().lot))
    assert not Observation.objects.standing().exists()


def test_what_is_removed_is_put_back(nursery, teacher, sophie):
    one = observed(nursery, "Inès")
    teacher.post(page("remove", one.pk))
    assert "Compte jusqu’à dix." not in said(sophie.get(notebook_of(nursery, "Inès")))
    assert "Remettre" in said(teacher.get(notebook_of(nursery, "Inès")))
    teacher.post(page("restore", one.pk))
    assert "Compte jusqu’à dix." in said(sophie.get(notebook_of(nursery, "Inès")))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"milestone": ""}, "Écrivez quelques mots, ou ajoutez une photo ou un son."),
        ({"domain": ""}, "Ce champ est obligatoire."),
        ({"pupils": []}, "Choisissez au moins un enfant."),
        ({"seen_on": str(timezone.localdate() + timedelta(days=2))}, "Ce jour n’est pas encore venu."),
    ],
)
def test_what_is_missing_is_said(nursery, noting, facts, words):
    answer = noting("Inès", **facts)
    assert answer.status_code == 422
    assert words in said(answer)


def test_a_child_of_another_class_is_not_noted(nursery, noting):
    other = people.next_class(nursery)
    assert noting("Inès", pupils=[str(other.pupils["Noé"].pk)]).status_code == 422
    assert not Observation.objects.exists()


@pytest.mark.parametrize("facts", [{"domain": "COOKING"}, {"words": ""}])
def test_the_database_refuses_what_says_nothing_or_another_domain(nursery, facts):
    row = {"domain": "MATHS", "words": "Compte", "seen_on": timezone.localdate()} | facts
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(pupil=nursery.pupils["Inès"], school_class=nursery.school_class, **row)


def test_what_is_sent_twice_is_noted_once(nursery, noting):
    several, alone = str(uuid7()), str(uuid7())
    first = noting("Inès", "Noé", gesture=several)
    assert noting("Inès", "Noé", gesture=several).url == first.url
    first = noting("Inès", gesture=alone, photo=photo(), sound=sound())
    assert noting("Inès", gesture=alone, photo=photo(), sound=sound()).url == first.url
    assert (Observation.objects.count(), StoredFile.objects.count()) == (3, 2)


def test_what_is_typed_over_a_page_one_came_back_to_is_noted_too(nursery, noting):
    key = str(uuid7())
    noting("Inès", gesture=key)
    noting("Noé", gesture=key)
    noting("Inès", gesture=key, words="Et avec le ton.")
    noting("Inès", gesture=key, photo=photo())
    assert Observation.objects.values("lot").distinct().count() == 4


# --- photos and sounds


def test_a_photo_keeps_nothing_of_where_it_was_taken_and_is_turned(nursery, noting):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "TabletteDeClaire"
    exif.get_ifd(0x8825)[1] = "N"
    noting("Inès", photo=photo(width=3200, height=1600, exif=exif), share="1")
    with storage().open(path_of(StoredFile.objects.get().pk)) as file:
        kept = file.read()
    picture = Image.open(io.BytesIO(kept))
    assert picture.size == (800, 1600)
    assert not picture.getexif() and b"TabletteDeClaire" not in kept


def test_what_is_no_photo_is_refused(nursery, noting):
    broken = photo()
    broken.file = io.BytesIO(b"\xff\xd8\xff\xe0" + b"\x00" * 40)
    answer = noting("Inès", photo=broken)
    assert answer.status_code == 422
    assert not StoredFile.objects.exists()


HEIC = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 60
LONG_SOUND = b"RIFF\x00\x00\x00\x00WAVEfmt " + b"\x00" * 5_000_000


@pytest.mark.parametrize(
    ("field", "name", "content", "words"),
    [
        ("photo", "IMG_0042.HEIC", HEIC, "Enregistrez-la en JPEG."),
        ("photo", "photo.jpg", b"Une liste de courses", "Enregistrez-la en JPEG."),
        ("photo", "vide.jpg", b"", "vide"),
        ("sound", "son.mp3", HEIC, "Choisissez un son en MP3."),
        ("sound", "son.wav", LONG_SOUND, "Ce son dépasse"),
    ],
)
def test_a_file_that_does_not_do_is_refused_in_plain_words(nursery, noting, field, name, content, words):
    answer = noting("Inès", **{field: SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert words in said(answer)
    assert not Observation.objects.exists() and not StoredFile.objects.exists()


def test_a_drawing_without_paper_is_kept_on_white(nursery, noting):
    content = io.BytesIO()
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(content, "PNG")
    noting("Inès", photo=SimpleUploadedFile("dessin.png", content.getvalue()))
    with storage().open(path_of(StoredFile.objects.get().pk)) as file:
        assert Image.open(file).convert("RGB").getpixel((15, 15)) == (255, 255, 255)


def test_a_photo_and_a_sound_are_read_by_the_family_alone(nursery, noting, sophie):
    noting("Inès", photo=photo(), sound=sound(), share="1", milestone="")
    shown = sophie.get(notebook_of(nursery, "Inès")).content.decode()
    for file in StoredFile.objects.all():
        assert file.get_absolute_url() in shown
        assert may_read(nursery.guardians["Sophie"], file)
        assert may_read(nursery.teacher, file)
        assert not may_read(nursery.guardians["Laure"], file)


def test_the_photo_of_a_draft_is_not_read_by_the_family(nursery, noting):
    noting("Inès", photo=photo())
    assert not may_read(nursery.guardians["Sophie"], StoredFile.objects.get())


def test_a_photo_is_taken_out_for_good(nursery, teacher):
    one = observed(nursery, "Inès", uploads={"progress_notebook.photo": photo()})
    facts = typed(nursery, domain="ARTS", drops_photo="on")
    assert teacher.post(page("change", one.pk), facts).status_code == 302
    one.refresh_from_db()
    assert (one.domain, one.has_photo) == ("ARTS", False)
    assert not StoredFile.objects.exists()


def test_the_microphone_is_allowed_where_one_notes_and_nowhere_else(nursery, teacher):
    one = observed(nursery, "Inès")
    for address in (page("observe", nursery.school_class.pk), page("change", one.pk)):
        assert "microphone=(self)" in teacher.get(address).headers["Permissions-Policy"]
    for address in (page("class", nursery.school_class.pk), notebook_of(nursery, "Inès")):
        assert "microphone=()" in teacher.get(address).headers["Permissions-Policy"]


def test_who_said_no_to_photos_is_told_apart(nursery, teacher):
    child = nursery.pupils["Inès"]
    child.has_photo_consent = False
    child.save()
    assert "Inès Ferrer (pas de photo)" in said(teacher.get(page("observe", nursery.school_class.pk)))


# --- who reads and follows


def test_a_guardian_without_the_authority_reads_nothing(nursery, sophie):
    observed(nursery, "Inès")
    nursery.pupils["Inès"].guardianships.update(has_parental_authority=False)
    assert sophie.get(notebook_of(nursery, "Inès")).status_code == 404


def test_families_are_told_once_a_day_and_of_their_child(nursery):
    observed(nursery, "Inès", "Noé")
    observed(nursery, "Inès", domain="ARTS")
    told = Notification.objects.filter(kind="progress_notebook.shared", user=nursery.guardians["Sophie"])
    assert [one.title for one in told] == ["Inès · Du nouveau dans le carnet de suivi"]


def test_all_drafts_of_a_class_are_shown_at_once(nursery, teacher):
    observed(nursery, "Inès", shared=False)
    observed(nursery, "Noé", shared=False)
    assert "2 observations ne sont pas encore montrées" in said(teacher.get(page("class", nursery.school_class.pk)))
    shown = said(teacher.post(page("share_class", nursery.school_class.pk), follow=True))
    assert "2 observations sont montrées." in shown
    assert Observation.objects.shared().count() == 2


def test_the_class_at_a_glance_says_who_has_been_forgotten(nursery, teacher):
    observed(nursery, "Inès")
    observed(nursery, "Noé", seen_on=long_ago())
    shown = said(teacher.get(page("class", nursery.school_class.pk)))
    assert "2 enfants sans rien de noté depuis trois semaines" in shown  # Noé, and Aya of whom nothing is noted
    assert "rien encore" in shown


def test_a_child_who_changes_class_takes_its_notebook_and_leaves_it_to_nobody(nursery, teacher, browser_of):
    one = observed(nursery, "Inès", shared=False)
    other = people.next_class(nursery)
    Enrollment.objects.filter(pupil=one.pupil).update(school_class=other.school_class)
    assert teacher.get(notebook_of(nursery, "Inès")).status_code == 404
    assert teacher.post(page("change", one.pk), typed(nursery)).status_code == 404
    new = browser_of(HOST, other.teacher)
    assert "Compte jusqu’à dix." in said(new.get(notebook_of(nursery, "Inès")))


def test_a_teacher_who_changes_class_leaves_the_notebooks_to_the_class(nursery, teacher, browser_of):
    observed(nursery, "Inès")
    other = people.next_class(nursery)
    StaffAssignment.objects.filter(person__account=nursery.teacher).update(school_class=other.school_class)
    StaffAssignment.objects.filter(person__account=other.teacher).update(school_class=nursery.school_class)
    assert teacher.get(notebook_of(nursery, "Inès")).status_code == 404
    assert "Compte jusqu’à dix." in said(browser_of(HOST, other.teacher).get(notebook_of(nursery, "Inès")))


def test_at_the_elementary_school_the_notebook_is_the_family_s_only(nursery, teacher, sophie):
    observed(nursery, "Inès")
    Enrollment.objects.filter(pupil=nursery.pupils["Inès"]).update(grade="CP")
    assert teacher.get(notebook_of(nursery, "Inès")).status_code == 404
    assert "Compte jusqu’à dix." in said(sophie.get(notebook_of(nursery, "Inès")))


def test_the_entry_is_for_classes_and_families_of_cycle_1_only(room, teacher, sophie):
    assert page("index") not in teacher.get("/").content.decode()
    assert page("index") not in sophie.get("/").content.decode()
    Enrollment.objects.filter(pupil=room.pupils["Inès"]).update(grade="PS")
    assert page("index") in teacher.get("/").content.decode()
    assert page("index") in sophie.get("/").content.decode()


def test_one_child_or_one_class_opens_at_once(nursery, teacher, sophie):
    assert sophie.get(page("index")).url == notebook_of(nursery, "Inès")
    assert teacher.get(page("index")).url == page("class", nursery.school_class.pk)


def test_a_long_list_asks_as_much_as_a_short_one(nursery, teacher, sophie):
    observed(nursery, "Inès", uploads={"progress_notebook.photo": photo()})
    observed(nursery, "Inès", shared=False)
    pages = {
        "class": (teacher, page("class", nursery.school_class.pk)),
        "note": (teacher, page("observe", nursery.school_class.pk)),
        "child": (teacher, notebook_of(nursery, "Inès")),
        "family": (sophie, notebook_of(nursery, "Inès")),
    }

    def counts() -> dict[str, int]:
        found = {}
        for name, (browser, address) in pages.items():
            browser.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(address).status_code == 200
            found[name] = len(asked)
        return found

    few = counts()
    for name in ("Zoé", "Léo", "Mia"):
        people.add_family(nursery, name, "Robert", [])
    Enrollment.objects.update(grade="GS")
    for domain in ("LANGUAGE", "ARTS", "WORLD"):
        observed(nursery, "Inès", domain=domain, uploads={"progress_notebook.photo": photo()})
        observed(nursery, "Inès", "Zoé", "Léo", "Mia", domain=domain)
    assert counts() == few
    assert max(few.values()) <= 12, few

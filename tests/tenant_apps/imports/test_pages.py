"""The pages, through the door people use."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.tenancy import in_schema
from tenant_apps.imports import reading
from tenant_apps.imports.models import ImportPlan
from tenant_apps.imports.samples import make_onde
from tenant_apps.people.models import Guardianship, Pupil, StaffAssignment
from tenant_apps.schools.models import School
from tests.tenant_apps.imports import files
from tests.tenant_apps.imports.test_services import load, plan
from tests.tenant_apps.liaison.factories import account, person

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
EMMA = files.INES | {"INE": "", "Prénom élève": "Emma", "Nom élève": "MARTIN"}


@pytest.fixture
def browser(browser_of, head):
    return browser_of(HOST, user=head)


def drop(browser, school, data: bytes, name: str = "CSVExtraction.csv"):
    upload = SimpleUploadedFile(name, data, content_type="text/csv")
    return browser.post("/imports/", {"school": str(school.pk), "file": upload})


def text_of(response) -> str:
    """The words of the page, spaces made plain."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body.replace("&#x27;", "'"))


def test_a_head_drops_a_file_reads_what_changes_then_applies_it(browser, school):
    answer = drop(browser, school, make_onde(files.SMALL_SCHOOL, seed=2).pupils)
    made = ImportPlan.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    page = text_of(browser.get(made.get_absolute_url()))
    assert "Rien n’est enregistré pour l’instant." in page
    assert "37 fiches créées, avec leur compte" in page
    assert "2 classes ouvertes : CE1-CE2 Mme Vidal, CM2 M. Pujol" in page
    assert not Pupil.objects.exists()
    done = browser.post(f"{made.get_absolute_url()}appliquer/", follow=True)
    assert Pupil.objects.count() == 37
    assert "C’est enregistré." in text_of(done)
    assert "Importer les responsables" in text_of(done)


def test_one_form_takes_both_kinds_of_file_and_the_next_act_is_to_print(browser, school):
    sample = make_onde(files.SMALL_SCHOOL, seed=2)
    for data in (sample.pupils, sample.guardians):
        drop(browser, school, data)
        done = browser.post(f"{ImportPlan.objects.first().get_absolute_url()}appliquer/", follow=True)
    assert {made.kind for made in ImportPlan.objects.all()} == {"onde_pupils", "onde_guardians"}
    assert Guardianship.objects.exists()
    assert "Imprimer les fiches de connexion" in text_of(done)
    assert "Importer les responsables" not in text_of(done)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            b"Nom;Pr\xe9nom;Classe\r\nFERRER;In\xe8s;CE2\r\n",
            "Ce fichier n’est pas un export ONDE : la colonne “Nom élève” manque. Rien n’a été modifié.",
        ),
        (b"PK\x03\x04 workbook", "cette archive ou ce tableur est abîmé"),
        (b"\xff\xfeN\0o\0m\0", "ce n’est pas un fichier texte"),
        (b"", "Ce fichier est vide"),
        (b"x" * (reading.MAX_BYTES + 1), "il dépasse 5 Mo"),
    ],
)
def test_a_file_that_is_not_one_says_why_and_changes_nothing(browser, school, data, words):
    answer = drop(browser, school, data)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not ImportPlan.objects.exists()


def test_no_file_chosen_is_said_in_words(browser, school):
    answer = browser.post("/imports/", {"school": str(school.pk)})
    assert answer.status_code == 422
    assert "Choisissez le fichier que ONDE vous a donné." in text_of(answer)


def test_the_file_itself_is_not_kept(browser, school, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    drop(browser, school, files.pupils(files.INES))
    browser.post(f"{ImportPlan.objects.get().get_absolute_url()}appliquer/")
    assert not list(tmp_path.rglob("*"))


def test_a_homonym_is_shown_side_by_side_and_decided_by_the_head(browser, head, school):
    load(head, school, files.pupils(EMMA))
    made = plan(head, school, files.pupils(EMMA | {"Date naissance": "2018-05-14", "Adresse1": "4 quai Vallière"}))
    page = text_of(browser.get(made.get_absolute_url()))
    assert "Est-ce la même enfant ?" in page
    assert "14 mai 2018" in page
    assert "14 mars 2018" in page
    assert "4 quai Vallière" in page
    assert "12 rue de Blida" in page
    line = made.lines.get(number=2)
    answer = browser.post(f"{made.get_absolute_url()}decider/{line.pk}/", {"decision": "new"}, follow=True)
    assert "1 fiche créée, avec son compte" in text_of(answer)
    browser.post(f"{made.get_absolute_url()}appliquer/")
    assert Pupil.objects.count() == 2


def test_a_decision_without_an_answer_changes_nothing(browser, head, school):
    load(head, school, files.pupils(EMMA))
    made = plan(head, school, files.pupils(EMMA | {"Date naissance": "2018-05-14"}))
    line = made.lines.get(number=2)
    answer = browser.post(f"{made.get_absolute_url()}decider/{line.pk}/", follow=True)
    assert "Choisissez une des trois réponses." in text_of(answer)
    line.refresh_from_db()
    assert line.decision == ""


def test_undecided_lines_wait_and_are_decided_afterwards(browser, head, school):
    load(head, school, files.pupils(EMMA))
    tom = files.INES | {"Prénom élève": "Tom", "INE": "000000002AB", "Sexe": "M"}
    made = plan(head, school, files.pupils(EMMA | {"Date naissance": "2018-05-14"}, tom))
    page = browser.post(f"{made.get_absolute_url()}appliquer/", follow=True)
    assert Pupil.objects.count() == 2
    assert "1 ligne attend encore votre décision." in text_of(page)
    assert "Import : 1 ligne à décider" in text_of(browser.get("/"))
    browser.post(f"{made.get_absolute_url()}decider/{made.lines.get(number=2).pk}/", {"decision": "new"})
    page = browser.post(f"{made.get_absolute_url()}appliquer/", follow=True)
    assert Pupil.objects.count() == 3
    assert "C’est enregistré." in text_of(page)
    assert "Import :" not in text_of(browser.get("/"))


def test_the_address_of_a_child_of_another_school_is_not_shown(browser, head, school):
    load(head, school, files.pupils(files.INES | {"Adresse1": "3 rue Secrète"}))
    load(head, school, files.guardians(files.SOPHIE | {"Téléphone portable": "0600000099"}))
    other = _another_school(head)
    made = plan(head, other, files.pupils(files.INES))
    page = text_of(browser.get(made.get_absolute_url()))
    assert "Lakanal" in page
    assert "3 rue Secrète" not in page
    assert "Sophie" not in page
    load(head, other, files.pupils(files.INES | {"Prénom élève": "Tom", "INE": "000000002AB"}))
    families = plan(head, other, files.guardians(files.SOPHIE | {"Courriel": "", "Prénom enfant": "Tom"}))
    page = text_of(browser.get(families.get_absolute_url()))
    assert "Est-ce la même personne ?" in page
    assert "autre, masqué" in page
    assert "06 00 00 00 99" not in page
    assert "sophie@example.org" not in page


def test_the_ine_is_told_and_never_shown(browser, head, school):
    load(head, school, files.pupils(EMMA))
    with_ine = plan(head, school, files.pupils(EMMA | {"INE": "123456789ZZ"}))
    page = browser.get(f"{with_ine.get_absolute_url()}?voir=updated")
    assert "connu, masqué" in text_of(page)
    assert "123456789ZZ" not in page.content.decode()


def test_changed_and_rejected_and_absent_lines_have_their_page(browser, head, school):
    tom = files.INES | {"Prénom élève": "Tom", "INE": "000000002AB"}
    load(head, school, files.pupils(files.INES, tom))
    changed = files.INES | {"Adresse1": "18 bis rue Arago", "Autorisation photo": "Non"}
    made = plan(head, school, files.pupils(changed, files.INES | {"INE": "", "Date naissance": "32/01/2018"}))
    url = made.get_absolute_url()
    updated = text_of(browser.get(f"{url}?voir=updated"))
    assert "12 rue de Blida" in updated
    assert "18 bis rue Arago" in updated
    assert "Droit à l’image" in updated
    rejected = text_of(browser.get(f"{url}?voir=rejected"))
    assert "Date naissance" in rejected
    assert "JJ/MM/AAAA" in rejected
    left = text_of(browser.get(f"{url}?voir=left"))
    assert "Tom Ferrer" in left
    assert "1 ligne refusée" in left and "1 absent du fichier" in left and "0 inchangé " in left


def test_cancelling_says_that_nothing_changed_and_forgets_what_was_read(browser, head, school):
    made = plan(head, school, files.pupils(files.INES))
    page = browser.post(f"{made.get_absolute_url()}annuler/", follow=True)
    assert "L’import est annulé. Rien n’a été modifié." in text_of(page)
    assert not made.lines.exists()
    assert "Cet import est annulé." in text_of(browser.get(made.get_absolute_url()))


def test_a_stale_plan_says_to_verify_again(browser, head, school):
    stale = plan(head, school, files.pupils(files.INES))
    load(head, school, files.pupils(files.INES))
    page = browser.post(f"{stale.get_absolute_url()}appliquer/", follow=True)
    assert "refaites la vérification" in text_of(page)
    assert Pupil.objects.count() == 1


@pytest.mark.parametrize("role", ["teacher", "elected"])
def test_only_heads_and_the_school_service_import(browser_of, school, role):
    user = account("Autre", "Personne")
    StaffAssignment.objects.create(
        person=person("Autre", "Personne", user=user),
        role=role,
        school=school if role == "teacher" else None,
        starts_on=timezone.localdate() - timedelta(days=1),
    )
    browser = browser_of(HOST, user=user)
    assert browser.get("/imports/").status_code == 403
    assert drop(browser, school, files.pupils(files.INES)).status_code == 403
    assert not ImportPlan.objects.exists()


def test_the_plan_of_another_school_does_not_exist_for_this_head(browser_of, head, school):
    made = plan(head, school, files.pupils(files.INES))
    stranger = account("Paul", "Loin")
    other = School.objects.create(uai="0110429G", name="Arago", kind=School.Kind.ELEMENTARY)
    _heads(stranger, other)
    browser = browser_of(HOST, user=stranger)
    url = made.get_absolute_url()
    assert browser.get(url).status_code == 404
    for act in ("appliquer/", "annuler/", f"decider/{made.lines.get().pk}/"):
        assert browser.post(f"{url}{act}").status_code == 404
    answer = drop(browser, school, files.pupils(files.INES))  # a school one does not head is not offered
    assert answer.status_code == 422
    made.refresh_from_db()
    assert made.is_ready


def test_a_line_of_another_plan_is_not_decided_through_this_one(browser, head, school):
    load(head, school, files.pupils(EMMA))
    one = plan(head, school, files.pupils(EMMA | {"Date naissance": "2018-05-14"}))
    two = plan(head, school, files.pupils(EMMA | {"Date naissance": "2018-06-14"}))
    answer = browser.post(f"{two.get_absolute_url()}decider/{one.lines.get(number=2).pk}/", {"decision": "same"})
    assert answer.status_code == 404


def test_a_plan_of_another_commune_does_not_exist_here(browser_of, lezignan, browser):
    with in_schema(lezignan.schema_name):
        there = School.objects.create(uai="0110357D", name="Mistral", kind=School.Kind.ELEMENTARY)
        made = ImportPlan.objects.create(
            kind="onde_pupils", school=there, file_name="x.csv", created_by=account("Luc", "Ailleurs")
        )
    assert browser.get(f"/imports/{made.pk}/").status_code == 404


def test_visitors_are_sent_to_the_sign_in_page(browser_of, school):
    assert browser_of(HOST).get("/imports/").status_code == 302


def test_the_review_costs_the_same_however_many_lines(browser, head, school):
    def queries(made, status: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            browser.get(f"{made.get_absolute_url()}?voir={status}")
        return len(seen)

    names = ["Emma", "Aya", "Tom", "Noé", "Zoé", "Léa"]
    children = [EMMA | {"Prénom élève": name} for name in names]
    load(head, school, files.pupils(*children))
    moved = [child | {"Date naissance": "2018-05-14"} for child in children]
    few, many = plan(head, school, files.pupils(*moved[:2])), plan(head, school, files.pupils(*moved))
    queries(few, "to_decide")
    assert queries(many, "to_decide") == queries(few, "to_decide")


def _another_school(head) -> School:
    other = School.objects.create(uai="0110429G", name="Arago", kind=School.Kind.ELEMENTARY)
    StaffAssignment.objects.create(person=head.person, role="head", school=other, starts_on=timezone.localdate())
    return other


def _heads(user, school) -> None:
    who = person(user.first_name, user.last_name, user=user)
    StaffAssignment.objects.create(person=who, role="head", school=school, starts_on=timezone.localdate())

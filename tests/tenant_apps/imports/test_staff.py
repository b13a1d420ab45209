"""The teachers of a school and the agents of the town, from their lists."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from core.errors import DomainError
from shared_apps.accounts.models import User
from tenant_apps.imports import services
from tenant_apps.imports.models import ImportPlan
from tenant_apps.people.models import Person, StaffAssignment
from tests.tenant_apps.imports import books, files
from tests.tenant_apps.imports.books import AGENT, VIDAL
from tests.tenant_apps.imports.test_services import load, plan
from tests.tenant_apps.liaison.factories import account, person

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


@pytest.fixture
def classes(head, school):
    load(
        head, school, files.pupils(files.INES, files.INES | {"Prénom élève": "Tom", "INE": "", "Libellé classe": "CM2"})
    )
    return school


@pytest.fixture
def officer(school):
    user = account("Jean", "Mairie")
    StaffAssignment.objects.create(
        person=person("Jean", "Mairie", user=user), role="school_service", starts_on=date(2020, 1, 1)
    )
    return user


def load_town(officer, data: bytes) -> ImportPlan:
    made = services.make_plan(actor=officer, school=None, file_name="agents.csv", data=data)
    services.apply_plan(actor=officer, plan=made)
    return made


def functions(last: str) -> set[tuple[str, str]]:
    rows = StaffAssignment.objects.filter(person__birth_name=last).select_related("school", "school_class")
    return {(row.role, str(row.school_class or row.school or "")) for row in rows}


def test_a_teacher_gets_an_account_and_the_class_of_the_list(head, classes):
    made = load(head, classes, books.teachers(VIDAL))
    assert made.counts["created"] == 1
    assert functions("Vidal") == {("teacher", "CE2 Mme Vidal")}
    teacher = Person.objects.get(birth_name="Vidal")
    assert (teacher.civility, teacher.email, teacher.account.activated_at) == ("Mme", "claire.vidal@example.org", None)


@pytest.mark.parametrize("shape", ["two lines", "two columns", "two lines without mail"])
def test_a_teacher_with_two_classes_is_one_person(head, classes, shape):
    rows = [VIDAL, VIDAL | {"Classe": "CM2"}]
    if shape == "two columns":
        text = books.teachers(VIDAL).decode().replace("Directeur;Classe", "Directeur;Classe;Classe")
        data = text.replace("CE2 Mme Vidal", "CE2 Mme Vidal;CM2").encode()
    else:
        data = books.teachers(*(row | ({"Courriel": ""} if "without" in shape else {}) for row in rows))
    load(head, classes, data)
    assert functions("Vidal") == {("teacher", "CE2 Mme Vidal"), ("teacher", "CM2")}
    assert Person.objects.filter(birth_name="Vidal").count() == 1
    assert User.objects.filter(last_name="Vidal").count() == 1


def test_the_same_list_again_changes_nothing(head, classes):
    data = books.teachers(VIDAL, VIDAL | {"Classe": "CM2"}, VIDAL | {"Nom": "ROUX", "Courriel": "", "Classe": ""})
    load(head, classes, data)
    before = list(StaffAssignment.objects.order_by("pk").values()), list(Person.objects.order_by("pk").values())
    again = load(head, classes, data)
    assert again.counts["unchanged"] == 3
    assert before == (
        list(StaffAssignment.objects.order_by("pk").values()),
        list(Person.objects.order_by("pk").values()),
    )


def test_where_a_teacher_lives_is_not_kept(head, classes):
    made = plan(head, classes, books.teachers(VIDAL | {"Adresse": "3 rue Secrète", "Téléphone portable": "0600000009"}))
    services.apply_plan(actor=head, plan=made)
    teacher = Person.objects.get(birth_name="Vidal")
    assert (teacher.address, teacher.phone) == ("", "")
    assert "Secrète" not in str(list(made.lines.values()))


def test_a_parent_of_the_same_name_is_never_taken_for_the_teacher_alone(head, classes):
    load(head, classes, files.guardians(files.SOPHIE))
    made = plan(head, classes, books.teachers(VIDAL | {"Nom": "FERRER", "Prénom": "Sophie"}))
    line = made.lines.get()
    assert (line.status, line.match_id) == ("to_decide", Person.objects.get(first_name="Sophie").pk)
    services.decide(actor=head, line=line, decision="same")
    services.apply_plan(actor=head, plan=made)
    assert functions("Ferrer") == {("teacher", "CE2 Mme Vidal")}
    assert Person.objects.filter(first_name="Sophie").count() == 1


def test_a_class_that_the_school_has_not_is_said_and_gives_nothing(head, classes):
    made = load(head, classes, books.teachers(VIDAL | {"Classe": "CP Mme Inconnue"}))
    assert "« CP Mme Inconnue » n’est pas dans l’école" in made.lines.get().reason
    assert functions("Vidal") == {("teacher", "Lakanal")}


def test_the_list_never_gives_the_direction(head, classes):
    made = load(head, classes, books.teachers(VIDAL | {"Directeur": "oui"}))
    assert "elle est donnée par l’académie" in made.lines.get().reason
    assert ("head", "Lakanal") not in functions("Vidal")


def test_the_head_who_teaches_is_recognised_in_the_list(head, classes):
    made = load(head, classes, books.teachers(VIDAL | {"Nom": "CALAS", "Prénom": "Martine", "Directeur": "oui"}))
    assert made.counts["updated"] == 1
    assert functions("Calas") == {("head", "Lakanal"), ("teacher", "CE2 Mme Vidal")}


def test_the_list_costs_the_same_whatever_its_length(head, classes, django_assert_max_num_queries):
    rows = [
        VIDAL | {"Nom": f"VIDAL-{letter}", "Courriel": f"{letter}@example.org"} for letter in "ABCDEFGHIJKLMNOPQRST"
    ]
    load(head, classes, books.teachers(VIDAL))
    with django_assert_max_num_queries(60):
        load(head, classes, books.teachers(*rows))
    assert StaffAssignment.objects.filter(role="teacher").count() == 21


def test_the_school_service_drops_the_list_of_the_agents(browser_of, officer):
    browser = browser_of(HOST, user=officer)
    upload = SimpleUploadedFile("agents.csv", books.town(AGENT), content_type="text/csv")
    made = browser.post("/imports/", {"file": upload}, follow=True)
    assert "ATSEM, Lakanal" in made.content.decode()
    browser.post(f"{ImportPlan.objects.get().get_absolute_url()}appliquer/")
    assert functions("Pujol") == {("nursery_assistant", "Lakanal")}


@pytest.mark.parametrize(
    ("service", "role"),
    [
        ("ATSEM", "nursery_assistant"), ("Restauration scolaire", "canteen_agent"), ("Cantine", "canteen_agent"),
        ("Périscolaire", "activity_leader"), ("animation", "activity_leader"), ("Régie", "billing_officer"),
        ("Affaires scolaires", "school_service"), ("Élue aux écoles", "elected"),
    ],
)  # fmt: skip
def test_the_words_of_a_town_name_its_functions(officer, service, role):
    load_town(officer, books.town(AGENT | {"Service": service, "École": ""}))
    assert functions("Pujol") == {(role, "")}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"Service": "Voirie"}, "« Voirie » n’est pas connu"),
        ({"École": "Pasteur"}, "« Pasteur » n’est pas dans la commune"),
        ({"Depuis le": "01/09/2026", "Jusqu’au": "01/07/2026"}, "avant le début"),
        ({"Depuis le": "01/01/1900"}, "n’est pas celle d’un emploi"),
        ({"Jusqu’au": "31/12/2099"}, "n’est pas celle d’un emploi"),
        ({"Nom": ""}, "vide"),
    ],
)
def test_a_line_that_can_not_be_used_says_why(officer, changes, why):
    made = load_town(officer, books.town(AGENT | changes))
    line = made.lines.get()
    assert line.status == "rejected"
    assert why in line.reason
    assert functions("Pujol") == set()


def test_the_last_day_of_an_agent_is_still_worked(officer):
    last = timezone.localdate() + timedelta(days=30)
    load_town(officer, books.town(AGENT | {"Jusqu’au": last.strftime("%d/%m/%Y")}))
    assert StaffAssignment.objects.get(person__birth_name="Pujol").ends_on == last + timedelta(days=1)
    longer = last + timedelta(days=10)
    made = load_town(officer, books.town(AGENT | {"Jusqu’au": longer.strftime("%d/%m/%Y")}))
    assert made.counts["updated"] == 1
    assert StaffAssignment.objects.get(person__birth_name="Pujol").ends_on == longer + timedelta(days=1)


def test_each_drops_only_the_files_of_their_own_place(head, school, officer):
    with pytest.raises(DomainError, match="le service scolaire le dépose"):
        plan(head, school, books.town(AGENT))
    with pytest.raises(DomainError, match="sa direction le dépose"):
        services.make_plan(actor=officer, school=None, file_name="x.csv", data=files.pupils(files.INES))


def test_a_head_does_not_see_the_plan_of_the_town(browser_of, head, officer):
    made = load_town(officer, books.town(AGENT))
    assert browser_of(HOST, user=head).get(made.get_absolute_url()).status_code == 404
    assert browser_of(HOST, user=officer).get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_filled_in_is_read_back(browser_of, officer, form):
    answer = browser_of(HOST, user=officer).get(f"/imports/modele-agents.{form}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="agents-de-la-commune.{form}"'
    load_town(officer, answer.content)
    assert functions("Exemple") == {("nursery_assistant", "Lakanal")}


def test_the_template_holds_no_formula(browser_of, officer, school):
    school.name = "=HYPERLINK(1)"
    school.save()
    browser = browser_of(HOST, user=officer)
    assert "'=HYPERLINK(1)" in browser.get("/imports/modele-agents.csv").content.decode("utf-8-sig")
    sheet = load_workbook(BytesIO(browser.get("/imports/modele-agents.xlsx").content)).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}

"""The pages of the school, by requests: what each person reads there, and what the head does."""

import pytest
from django.urls import reverse

from shared_apps.accounts.codes import code_of
from shared_apps.audit.models import Entry
from tenant_apps.people import services
from tenant_apps.people.models import Guardianship, Pupil, StaffAssignment
from tenant_apps.people.roles import Role
from tenant_apps.schools.models import School, SchoolClass
from tests.support.names import names
from tests.tenant_apps.people.factories import add_guardian, add_pupil, assign, person, school_year

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


# --- the school


def test_a_head_finds_classes_teachers_and_numbers(made, browse):
    page = browse("Martine").get("/ecole/").text
    for words in ("Lakanal", "CE2", "Mme Vidal", "CM1", "M. Pujol", "(remplacement)", "1 élève", "Codes et fiches"):
        assert words in page
    assert "Arago" not in page


def test_classes_go_from_the_youngest_to_the_oldest(made, browse):
    SchoolClass.objects.create(school=made.schools["Lakanal"], label="Une classe vide", year=school_year())
    made.pupils["Noé"].enrollments.update(grade="CP")
    page = browse("Martine").get("/ecole/").text
    assert page.index(">CM1<") < page.index(">CE2<") < page.index("Une classe vide")


def test_a_head_of_two_schools_has_both(made, browse):
    assign(made, "Martine", Role.HEAD, "Arago")
    page = browse("Martine").get("/ecole/").text
    assert "Mes écoles" in page
    assert "Mme Teisseire" in page


def test_a_school_without_class_says_the_first_act(made, browse):
    made.classes["CM2"].enrollments.all().delete()
    StaffAssignment.objects.filter(school_class=made.classes["CM2"]).delete()
    made.classes["CM2"].delete()
    assert "Importer un fichier ONDE" in browse("Solange").get("/ecole/").text


def test_a_search_finds_a_child_of_the_school_and_no_other(made, browse):
    page = browse("Martine").get("/ecole/", {"q": "ferrer"}).text
    assert "Inès Ferrer" in page
    assert not names(page, "Tom")
    assert "Aucun élève ne s’appelle « xyz »" in browse("Martine").get("/ecole/", {"q": "xyz"}).text


def test_the_town_reads_schools_and_classes_and_opens_no_child(made, browse):
    browser = browse("Rachid")
    page = browser.get("/ecole/", {"q": "ferrer"}).text
    assert "Inès Ferrer" in page
    assert "Codes et fiches" not in page
    page = browser.get(f"/classes/{made.classes['CE2'].pk}/").text
    assert "Inès" in page
    for hidden in ("Sophie", "Karim", "Code à remettre", "Connecté"):
        assert hidden not in page
    assert browser.get(f"/eleves/{made.pupils['Inès'].pk}/").status_code == 404
    assert browser.get(f"/classes/{made.classes['CM2'].pk}/").status_code == 404


def test_an_elected_member_reads_no_name(made, browse):
    assert browse("Élu").get(f"/classes/{made.classes['CE2'].pk}/").status_code == 404
    assert "Inès" not in browse("Élu").get("/ecole/", {"q": "ferrer"}).text


# --- the class


def test_a_teacher_goes_straight_to_the_only_class(made, browse):
    assert browse("Claire").get("/ma-classe/").url == f"/classes/{made.classes['CE2'].pk}/"


def test_a_teacher_of_two_classes_chooses(made, browse):
    assign(made, "Claire", Role.TEACHER, "Lakanal", "CM1")
    page = browse("Claire").get("/ma-classe/").text
    assert "CE2" in page
    assert "CM1" in page


def test_a_class_shows_children_guardians_and_what_waits(made, browse):
    add_guardian(made, "Nadia", "Ferrer", ("Inès",), activated=False)
    page = browse("Claire").get(f"/classes/{made.classes['CE2'].pk}/").text
    for words in (
        "Ferrer",
        "Sophie Ferrer",
        "Nadia Ferrer",
        "Code à remettre",
        "1 code à remettre",
        "sans autorité parentale",
    ):
        assert words in page
    assert "Connecté" not in page  # what is as it should be says nothing
    assert "Imprimer les fiches" not in page
    assert "Imprimer les fiches" in browse("Martine").get(f"/classes/{made.classes['CE2'].pk}/").text


def test_an_aesh_reads_the_names_and_not_the_families(made, browse):
    page = browse("Paul").get(f"/classes/{made.classes['CE2'].pk}/").text
    assert "Inès" in page
    assert "Sophie" not in page


@pytest.mark.parametrize("path", ["/ecole/", "/ecole/?q=a", "/classes/{ce2}/"])
def test_pages_cost_the_same_with_more_children(made, browse, path, django_assert_max_num_queries):
    for number in range(12):
        add_pupil(made, f"A{number}", "Nombreux", "CE2")
        add_guardian(made, f"B{number}", "Nombreux", (f"A{number}",))
    browser, page = browse("Martine"), path.format(ce2=made.classes["CE2"].pk)
    browser.get(page)  # what a process learns once
    with django_assert_max_num_queries(14):
        assert browser.get(page).status_code == 200


# --- the family


def test_a_childs_page_tells_the_family_to_its_school(made, browse):
    made.pupils["Inès"].has_pai = True
    made.pupils["Inès"].save()
    page = browse("Claire").get(f"/eleves/{made.pupils['Inès'].pk}/").text
    for words in ("Sophie Ferrer", "Karim Ferrer", "ne reçoit rien de l’école", "voir le document papier"):
        assert words in page
    assert "Modifier" not in page


def test_a_head_gives_the_authority_back_with_immediate_effect(made, browse):
    link = made.link("Inès", "Karim")
    browser = browse("Martine")
    assert "Exerce l’autorité parentale" in browser.get(f"/responsabilites/{link.pk}/").text
    typed = {"kinship": "father", "has_parental_authority": "on", "is_home": "on", "contact_order": "2"}
    browser.post(f"/responsabilites/{link.pk}/", typed)
    link.refresh_from_db()
    assert (link.kinship, link.has_parental_authority, link.may_collect, link.contact_order) == (
        "father",
        True,
        False,
        2,
    )
    assert Pupil.objects.informing(made.user("Karim")).exists()


def test_a_form_with_a_mistake_changes_nothing(made, browse):
    link = made.link("Inès", "Karim")
    answer = browse("Martine").post(f"/responsabilites/{link.pk}/", {"kinship": "cousin", "contact_order": "0"})
    assert answer.status_code == 422
    link.refresh_from_db()
    assert link.kinship == "unknown"


def test_a_head_ends_a_link(made, browse):
    link = made.link("Inès", "Karim")
    page = browse("Martine").post(f"/responsabilites/{link.pk}/fin/", follow=True).text
    assert "Karim Ferrer n’est plus responsable de Inès" in page
    assert not Guardianship.objects.current().filter(pk=link.pk).exists()


def test_the_child_to_whom_the_link_leads_cannot_be_changed_by_the_form(made, browse):
    link = made.link("Inès", "Karim")
    typed = {"kinship": "father", "contact_order": "1", "pupil": made.pupils["Noé"].pk, "ended_on": "2020-01-01"}
    browse("Martine").post(f"/responsabilites/{link.pk}/", typed)
    link.refresh_from_db()
    assert (link.pupil_id, link.ended_on) == (made.pupils["Inès"].pk, None)


# --- the team


NEWCOMER = {"civility": "Mme", "first_name": "Lise", "last_name": "Alary", "role": "teacher"}


def staff_path(made, school="Lakanal"):
    return f"/ecole/{made.schools[school].pk}/equipe/"


def test_a_head_adds_a_teacher_to_a_class(made, browse):
    typed = NEWCOMER | {"school_class": made.classes["CM1"].pk}
    page = browse("Martine").post(staff_path(made), typed, follow=True).text
    assert "Lise Alary fait partie de l’équipe" in page
    added = StaffAssignment.objects.get(person__birth_name="Alary")
    assert (added.role, added.school_class) == ("teacher", made.classes["CM1"])
    assert not added.person.account.is_activated


def test_a_name_already_known_is_shown_before_anybody_is_added(made, browse):
    typed = {"civility": "Mme", "first_name": "laure", "last_name": "CABANEL", "role": "support_assistant"}
    browser = browse("Martine")
    page = browser.post(staff_path(made), typed)
    assert page.status_code == 422
    assert "Est-ce la même" in page.text
    assert not StaffAssignment.objects.filter(person__birth_name__iexact="cabanel").exists()
    browser.post(staff_path(made), typed | {"who": made.people["Laure"].pk})
    assert made.people["Laure"].assignments.get().role == "support_assistant"


def test_a_namesake_may_be_another_person(made, browse):
    typed = NEWCOMER | {"first_name": "Laure", "last_name": "Cabanel", "who": "new"}
    browse("Martine").post(staff_path(made), typed)
    assert not made.people["Laure"].assignments.exists()
    assert StaffAssignment.objects.get(person__birth_name="Cabanel").person.account.identifier == "laure.cabanel2"


@pytest.mark.parametrize(
    "strange", [{"role": "head"}, {"role": "school_service"}, {"school_class": "CM2"}, {"who": "x"}]
)
def test_a_form_of_ones_own_making_adds_nobody(made, browse, strange):
    if "school_class" in strange:
        strange = {"school_class": made.classes["CM2"].pk}
    typed = NEWCOMER | {"first_name": "Laure", "last_name": "Cabanel", "who": "new"} | strange
    assert browse("Martine").post(staff_path(made), typed).status_code == 422
    assert StaffAssignment.objects.filter(person__birth_name="Cabanel").count() == 0


def test_a_head_ends_a_replacement(made, browse):
    assignment = StaffAssignment.objects.get(person=made.people["Agnès"])
    page = browse("Martine").post(f"/affectations/{assignment.pk}/fin/", follow=True).text
    assert "C’est terminé pour Agnès Roux" in page
    assert not Pupil.objects.visible_to(made.user("Agnès")).exists()


def test_a_head_touches_no_team_but_ones_own(made, browse):
    assignment = StaffAssignment.objects.get(person=made.people["Odile"])
    assert browse("Martine").post(f"/affectations/{assignment.pk}/fin/").status_code == 404
    assert browse("Martine").post(staff_path(made, "Arago"), NEWCOMER).status_code == 404
    assert browse("Claire").post(staff_path(made), NEWCOMER).status_code == 403


# --- codes and sheets


@pytest.fixture
def waiting(made):
    """Inès's grandmother and the child Léa have not come in yet."""
    add_guardian(made, "Nadia", "Ferrer", ("Inès", "Tom"), activated=False)
    add_pupil(made, "Léa", "Sicre", "CM1", activated=False)
    return made


def sheets_path(made, end="/"):
    return f"/ecole/{made.schools['Lakanal'].pk}/fiches{end}"


def test_the_page_of_sheets_says_who_waits(waiting, browse):
    page = browse("Martine").get(sheets_path(waiting)).text
    assert "1 fiche à remettre, sur 3 personnes" in page


def test_sheets_come_out_as_a_pdf_and_the_audit_says_who_printed(waiting, browse):
    answer = browse("Martine").post(sheets_path(waiting, ".pdf"), {"qui": "responsables"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    entry = Entry.objects.filter(action="people.sheets_printed").get()
    assert entry.actor_id == waiting.user("Martine").pk
    assert entry.facts == {"group": "responsables", "sheets": 1}


def test_a_sheet_names_the_children_of_this_school_alone(waiting):
    (sheet,) = services.print_sheets(
        actor=waiting.user("Martine"), school=waiting.schools["Lakanal"], group="responsables"
    )
    assert (sheet.name, sheet.detail) == ("Nadia Ferrer", "pour Inès, CE2")
    assert sheet.code == code_of(waiting.user("Nadia"))


def test_sheets_of_a_class_are_in_the_order_in_which_they_are_handed_out(waiting):
    for first, last in (("Zoé", "Alary"), ("Adam", "Zidane")):
        add_pupil(waiting, first, last, "CE2", activated=False)
    found = services.print_sheets(actor=waiting.user("Martine"), school=waiting.schools["Lakanal"], group="eleves")
    assert [(sheet.detail, sheet.name) for sheet in found] == [
        ("CE2", "Zoé Alary"),
        ("CE2", "Adam Zidane"),
        ("CM1", "Léa Sicre"),
    ]


def test_printing_again_gives_the_same_code(waiting):
    def printed():
        return services.print_sheets(
            actor=waiting.user("Martine"), school=waiting.schools["Lakanal"], group="responsables"
        )[0].code

    assert printed() == printed()


def test_a_class_of_which_everybody_came_in_prints_nothing(made, browse):
    page = browse("Martine").post(sheets_path(made, ".pdf"), {"qui": "equipe"}, follow=True).text
    assert "Rien à imprimer" in page


def test_the_code_of_one_person_is_told_and_the_audit_knows(waiting, browse):
    page = browse("Martine").get(f"/personnes/{waiting.people['Nadia'].pk}/code/")
    assert code_of(waiting.user("Nadia")) in page.text
    assert "no-store" in page["Cache-Control"]
    assert Entry.objects.filter(action="people.code_shown").exists()


def test_a_new_code_takes_the_place_of_the_password(made, browse):
    user = made.user("Sophie")
    page = browse("Martine").get(f"/personnes/{made.people['Sophie'].pk}/code/").text
    assert "déjà activé" in page
    page = browse("Martine").post(f"/personnes/{made.people['Sophie'].pk}/code/", follow=True).text
    user.refresh_from_db()
    assert code_of(user) in page
    assert not user.is_activated
    assert not user.has_usable_password()


def test_the_sheet_of_one_person_comes_out_as_a_pdf(waiting, browse):
    answer = browse("Martine").post(f"/personnes/{waiting.people['Nadia'].pk}/fiche.pdf")
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("name", ["Martine", "Jean", "Odile"])
def test_a_head_gives_no_code_to_oneself_nor_to_whom_another_place_gives_it(made, browse, name):
    assign(made, "Odile", Role.TEACHER, "Lakanal", "CM1")
    assign(made, "Jean", Role.NURSERY_ASSISTANT, "Lakanal")
    before = made.user(name).code_generation
    assert browse("Martine").post(f"/personnes/{made.people[name].pk}/code/").status_code == 403
    made.people[name].account.refresh_from_db()
    assert made.people[name].account.code_generation == before


def test_a_person_of_another_school_does_not_exist_for_this_head(made, browse):
    assert browse("Martine").get(f"/personnes/{made.people['Odile'].pk}/code/").status_code == 404
    nobody = person("Per", "Sona")
    assert browse("Martine").get(f"/personnes/{nobody.pk}/code/").status_code == 404


def test_the_pages_of_a_commune_do_not_open_on_another_host(made, browser_of, lezignan):
    browser = browser_of(HOST, made.user("Martine"))
    answer = browser.get("/ecole/", headers={"host": "lezignan-corbieres.localhost"})
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:sign_in"))


def test_the_school_service_reads_every_school_those_without_class_at_the_end(made, browse):
    School.objects.create(uai="0110430H", name="Aaa sans classe", kind=School.Kind.NURSERY)
    page = browse("Jean").get("/ecole/").text
    assert page.index("Lakanal") < page.index("Pas encore d’élève") < page.index("Aaa sans classe")

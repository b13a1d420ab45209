"""By hand: pupils, adults, who comes at the gate, the town's agents. Through the pages that people use."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import DomainError
from shared_apps.audit.models import Entry
from tenant_apps.people import services
from tenant_apps.people.models import Enrollment, Guardianship, Person, PickupPerson, Pupil, Service, StaffAssignment
from tenant_apps.people.roles import Role
from tests.support.names import names
from tests.tenant_apps.people.factories import add_guardian, add_pupil, assign, days_ago

pytestmark = pytest.mark.django_db


def pupil_path(made, name="Inès", rest=""):
    return f"/eleves/{made.pupils[name].pk}/{rest}"


# --- pupils by hand

NEW = {
    "first_name": "Ambre",
    "birth_name": "Soler",
    "sex": "F",
    "birth_date": "2018-05-02",
    "grade": "CE2",
    "unit": "ulis",
    "has_photo_consent": "true",
    "has_insurance": "unknown",
}


def test_a_head_enrols_a_pupil_with_a_unit(made, browse):
    typed = NEW | {"school_class": made.classes["CE2"].pk}
    page = browse("Martine").post(f"/ecole/{made.schools['Lakanal'].pk}/eleves/ajouter/", typed, follow=True).text
    assert "Ambre Soler" in page
    assert "ULIS" in page
    pupil = Pupil.objects.get(person__birth_name="Soler")
    assert (pupil.has_photo_consent, pupil.has_insurance, pupil.person.account.is_activated) == (True, None, False)


def test_neither_the_class_nor_the_grade_of_a_new_pupil_is_chosen_in_advance(made, browse):
    browser, path = browse("Martine"), f"/ecole/{made.schools['Lakanal'].pk}/eleves/ajouter/"
    page = browser.get(path)
    assert [page.context["place_form"][name].value() for name in ("school_class", "grade")] == [None, None]
    assert str(made.schools["Lakanal"]) in page.text.partition("<main")[0]
    answer = browser.post(path, NEW | {"grade": ""})
    assert answer.status_code == 422
    assert set(answer.context["place_form"].errors) == {"school_class", "grade"}
    assert not Person.objects.filter(birth_name="Soler").exists()


def test_a_class_of_another_school_is_refused(made, browse):
    typed = NEW | {"school_class": made.classes["CM2"].pk}
    answer = browse("Martine").post(f"/ecole/{made.schools['Lakanal'].pk}/eleves/ajouter/", typed)
    assert answer.status_code == 422
    assert not Person.objects.filter(birth_name="Soler").exists()


def test_a_move_keeps_the_class_that_was_left_in_the_history(made, browse):
    typed = {"school_class": made.classes["CM1"].pk, "grade": "CM1", "unit": ""}
    page = browse("Martine").post(pupil_path(made, rest="classe/"), typed, follow=True).text
    assert "Inès est en CM1" in page
    assert "CE2, Lakanal" in page
    assert list(made.pupils["Inès"].enrollments.order_by("starts_on").values_list("grade", flat=True)) == ["CE2", "CM1"]


def test_a_departure_closes_the_page_and_can_be_undone(made, browse):
    browser = browse("Martine")
    page = browser.post(pupil_path(made, rest="depart/"), follow=True).text
    assert "Vous pouvez annuler ce départ" in page
    assert browser.get(pupil_path(made)).status_code == 404
    assert not Pupil.objects.informing(made.user("Sophie")).enrolled().filter(pk=made.pupils["Inès"].pk).exists()
    left = made.pupils["Inès"].enrollments.get()
    page = browser.post(f"/ecole/{made.schools['Lakanal'].pk}/departs/{left.pk}/annuler/", follow=True).text
    assert "Inès Ferrer a retrouvé sa classe" in page
    made.pupils["Inès"].refresh_from_db()
    assert made.pupils["Inès"].withdrawn_on is None
    assert made.pupils["Inès"].enrollments.get().ends_on is None


def test_after_thirty_days_a_departure_stays(made, browse):
    Enrollment.objects.filter(pupil=made.pupils["Inès"]).update(ends_on=days_ago(31))
    with pytest.raises(DomainError, match="trop ancien"):
        services.undo_departure(actor=made.user("Martine"), pupil=made.pupils["Inès"])
    assert "Inès" not in browse("Martine").get(f"/ecole/{made.schools['Lakanal'].pk}/departs/").text


def test_who_went_to_another_school_is_not_taken_back(made, browse):
    left = made.pupils["Inès"].enrollments.get()
    services.change_class(
        actor=made.user("Solange"), pupil=made.pupils["Inès"], school_class=made.classes["CM2"], grade="CM2"
    )
    path = f"/ecole/{made.schools['Lakanal'].pk}/departs/{left.pk}/annuler/"
    assert browse("Martine").post(path).status_code == 404


def test_a_head_corrects_a_childs_civil_status(made, browse):
    typed = NEW | {"first_name": "Inès", "birth_name": "Ferrer", "usage_name": "Ferrer-Roig", "has_pai": "on"}
    browse("Martine").post(pupil_path(made, rest="modifier/"), typed)
    pupil = Pupil.objects.select_related("person").get(pk=made.pupils["Inès"].pk)
    assert (pupil.person.usage_name, pupil.person.sort_name, pupil.has_pai) == (
        "Ferrer-Roig",
        "ferrer roig ines",
        True,
    )
    entry = Entry.objects.filter(action="people.pupil_changed").get()
    assert "Roig" not in str(entry.facts)


# --- PAI: named roles only


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("Martine", True),  # head
        ("Claire", True),  # teacher of the class
        ("Rachid", True),  # canteen of the school
        ("Nora", True),  # childcare of the school
        ("Joan", False),  # another class
        ("Agnès", False),  # substitute of another class
        ("Solange", False),  # another school
        ("Paul", False),  # AESH
        ("Aline", False),  # ATSEM
        ("Jean", False),  # school service
        ("Élu", False),
        ("Sophie", False),
    ],
)
def test_the_pai_flag_is_for_named_roles(made, who, reads):
    add_guardian(made, "Nora", "Amar", ())
    assign(made, "Nora", Role.ACTIVITY_LEADER, "Lakanal")
    found = Pupil.objects.collected_from(made.user(who)).filter(pk=made.pupils["Inès"].pk)
    assert found.exists() is reads
    assert made.user(who).has_perm("people.view_pai", made.pupils["Inès"]) is reads


def test_a_substitute_reads_the_pai_flag_until_the_end(made):
    assert Pupil.objects.collected_from(made.user("Agnès")).get() == made.pupils["Noé"]
    StaffAssignment.objects.filter(person=made.people["Agnès"]).update(ends_on=timezone.localdate())
    assert not Pupil.objects.collected_from(made.user("Agnès")).exists()


def test_the_canteen_sees_the_paper_at_the_gate_and_no_phone_of_the_parents(made, browse):
    Pupil.objects.filter(pk=made.pupils["Inès"].pk).update(has_pai=True)
    Person.objects.filter(pk=made.people["Sophie"].pk).update(phone="0600000001")
    page = browse("Rachid").get(f"/classes/{made.classes['CE2'].pk}/sortie/").text
    assert "PAI : voir le document papier" in page
    assert "Sophie Ferrer" in page
    assert "0600000001" not in page
    assert browse("Paul").get(f"/classes/{made.classes['CE2'].pk}/sortie/").status_code == 403


# --- who comes at the gate

GRANNY = {"name": "Ginette Pradal", "relation": "grand-mère", "phone": "06 00 00 00 00"}


def test_a_guardian_with_the_authority_adds_a_person_whom_the_school_reads(made, browse):
    page = browse("Sophie").post(pupil_path(made, rest="personnes-autorisees/ajouter/"), GRANNY, follow=True).text
    assert "Ginette Pradal peut venir chercher Inès" in page
    assert "Ginette Pradal" in browse("Rachid").get(f"/classes/{made.classes['CE2'].pk}/sortie/").text
    assert "Ginette Pradal" in browse("Claire").get(pupil_path(made)).text


def test_without_the_authority_one_adds_nobody(made, browse):
    answer = browse("Karim").post(pupil_path(made, rest="personnes-autorisees/ajouter/"), GRANNY)
    assert answer.status_code == 403
    assert not PickupPerson.objects.exists()
    assert not PickupPerson.objects.visible_to(made.user("Karim")).exists()


def test_who_no_longer_comes_is_out_at_once(made, browse):
    pickup = services.add_pickup(actor=made.user("Sophie"), pupil=made.pupils["Inès"], **GRANNY)
    page = browse("Martine").post(f"/personnes-autorisees/{pickup.pk}/fin/", follow=True).text
    assert "ne vient plus chercher" in page
    assert "Ginette" not in browse("Rachid").get(f"/classes/{made.classes['CE2'].pk}/sortie/").text


def test_an_end_before_the_beginning_is_refused(made, browse):
    typed = GRANNY | {"ends_on": (timezone.localdate() - timedelta(days=1)).isoformat()}
    answer = browse("Sophie").post(pupil_path(made, rest="personnes-autorisees/ajouter/"), typed)
    assert answer.status_code == 422
    assert "La fin doit venir après le début" in answer.text


# --- families by hand

ADULT = {"civility": "Mme", "first_name": "Nadia", "last_name": "Roig", "phone": "0611", "kinship": "mother"}
LINK = {"has_parental_authority": "on", "is_payer": "on", "contact_order": "3"}


def test_a_head_adds_a_guardian_with_what_they_are_to_the_child(made, browse):
    page = browse("Martine").post(pupil_path(made, rest="responsables/ajouter/"), ADULT | LINK, follow=True).text
    assert "Nadia Roig est responsable de Inès" in page
    link = Guardianship.objects.get(guardian__birth_name="Roig")
    assert (link.kinship, link.has_parental_authority, link.is_payer, link.may_collect, link.is_home) == (
        "mother",
        True,
        True,
        False,
        False,
    )


def test_the_mother_of_another_pupil_keeps_one_account(made, browse):
    typed = ADULT | LINK | {"first_name": "laure", "last_name": "CABANEL"}
    browser = browse("Martine")
    answer = browser.post(pupil_path(made, rest="responsables/ajouter/"), typed)
    assert answer.status_code == 422
    assert "Est-ce la même" in answer.text
    browser.post(pupil_path(made, rest="responsables/ajouter/"), typed | {"who": made.people["Laure"].pk})
    assert Guardianship.objects.filter(guardian=made.people["Laure"]).count() == 2


def test_a_link_ended_by_mistake_is_restored(made, browse):
    link = made.link("Inès", "Sophie")
    browser = browse("Martine")
    page = browser.post(f"/responsabilites/{link.pk}/fin/", follow=True).text
    assert "Rétablir" in page
    browser.post(f"/responsabilites/{link.pk}/retablir/")
    assert Guardianship.objects.current().filter(pk=link.pk).exists()


def test_a_guardians_page_names_the_children_of_the_readers_school_only(made, browse):
    page = browse("Martine").get(f"/responsables/{made.people['Sophie'].pk}/").text
    assert "Inès" in page
    assert not names(page, "Tom")
    assert browse("Joan").get(f"/responsables/{made.people['Sophie'].pk}/").status_code == 404


def test_a_head_corrects_how_to_reach_a_parent_and_a_colleague_keeps_theirs(made, browse):
    path = f"/responsables/{made.people['Sophie'].pk}/modifier/"
    browse("Martine").post(path, {"civility": "Mme", "phone": "07 00", "email": "s@example.org"})
    made.people["Sophie"].refresh_from_db()
    assert made.people["Sophie"].phone == "07 00"
    assign(made, "Sophie", Role.TEACHER, "Arago", "CM2")
    assert browse("Martine").post(path, {"phone": "08"}).status_code == 403


def test_families_lists_tell_who_has_no_guardian_and_who_did_not_come_in(made, browse):
    add_pupil(made, "Seule", "Personne", "CE2")
    add_guardian(made, "Nadia", "Attente", ("Noé",), activated=False)
    path = f"/ecole/{made.schools['Lakanal'].pk}/familles/"
    page = browse("Martine").get(path, {"vue": "sans-responsable"}).text
    assert "Personne" in page
    assert "Ferrer" not in page
    page = browse("Martine").get(path, {"vue": "non-actives"}).text
    assert "Nadia Attente" in page
    assert "Ferrer" not in page


def test_the_list_to_print_gives_the_order_of_calls(made, browse):
    Guardianship.objects.filter(pk=made.link("Inès", "Karim").pk).update(contact_order=1)
    Guardianship.objects.filter(pk=made.link("Inès", "Sophie").pk).update(contact_order=2)
    page = browse("Claire").get(f"/classes/{made.classes['CE2'].pk}/liste/").text
    assert page.index("1. Karim Ferrer") < page.index("2. Sophie Ferrer")
    assert browse("Paul").get(f"/classes/{made.classes['CE2'].pk}/liste/").status_code == 403


# --- the team


def test_teachers_who_share_a_class_have_their_days(made, browse):
    typed = {"civility": "M.", "first_name": "Max", "last_name": "Barthès", "role": "teacher"}
    typed |= {"school_class": made.classes["CE2"].pk, "weekdays": ["5", "4"]}
    browse("Martine").post(f"/ecole/{made.schools['Lakanal'].pk}/equipe/", typed)
    assert StaffAssignment.objects.get(person__birth_name="Barthès").weekdays == "45"
    assert "jeudi, vendredi" in browse("Martine").get("/ecole/").text


def test_a_replacement_has_an_end(made, browse):
    typed = {"civility": "M.", "first_name": "Max", "last_name": "Barthès", "role": "substitute"}
    path = f"/ecole/{made.schools['Lakanal'].pk}/equipe/"
    answer = browse("Martine").post(path, typed)
    assert answer.status_code == 422
    assert "Un remplacement a une date de fin" in answer.text
    with pytest.raises(IntegrityError), transaction.atomic():
        assign(made, "Claire", Role.SUBSTITUTE, "Lakanal", "CM1")


def test_a_function_ended_by_mistake_is_restored(made, browse):
    row = StaffAssignment.objects.get(person=made.people["Claire"])
    browser = browse("Martine")
    page = browser.post(f"/affectations/{row.pk}/fin/", follow=True).text
    assert "Rétablir" in page
    page = browser.post(f"/ecole/{made.schools['Lakanal'].pk}/equipe/{row.pk}/retablir/", follow=True).text
    assert "C’est rétabli pour Claire Vidal" in page
    assert StaffAssignment.objects.on().filter(pk=row.pk, ends_on=None).exists()


# --- the town


AGENT = {"civility": "Mme", "first_name": "Jo", "last_name": "Puig", "role": "canteen_agent"}


def test_the_school_service_adds_a_service_then_an_agent_and_gives_the_code(made, browse):
    browser = browse("Jean")
    browser.post("/mairie/agents/", {"add_service": "1", "name": "Restauration", "kind": "canteen"})
    typed = AGENT | {"service": Service.objects.get().pk, "school": made.schools["Arago"].pk}
    page = browser.post("/mairie/agents/", typed, follow=True).text
    assert "Jo Puig fait partie des agents" in page
    person = Person.objects.get(birth_name="Puig")
    assert person.assignments.get().service.name == "Restauration"
    assert browser.get(f"/personnes/{person.pk}/code/").status_code == 200
    page = browser.post(f"/affectations/{person.assignments.get().pk}/fin/", follow=True).text
    assert "C’est terminé pour Jo Puig" in page


def test_the_town_does_not_enter_a_parents_account_by_making_them_an_agent(made):
    services.assign_staff(
        actor=made.user("Jean"), person=made.people["Laure"], role=Role.CANTEEN_AGENT, school=made.schools["Arago"]
    )
    assert not made.user("Jean").has_perm("people.renew_code", made.people["Laure"])
    made.pupils["Noé"].enrollments.update(ends_on=days_ago(1))  # nor when her child has left
    assert not made.user("Jean").has_perm("people.renew_code", made.people["Laure"])


@pytest.mark.parametrize("role", [Role.TEACHER, Role.HEAD])
def test_the_town_names_no_teacher_and_no_head(made, browse, role):
    assert browse("Jean").post("/mairie/agents/", AGENT | {"role": role}).status_code == 422


def test_an_agent_of_a_school_needs_one(made, browse):
    answer = browse("Jean").post("/mairie/agents/", AGENT)
    assert "Dites dans quelle école" in answer.text


def test_a_head_ends_no_agent_of_the_town(made, browse):
    row = StaffAssignment.objects.get(person=made.people["Rachid"])
    assert browse("Martine").post(f"/affectations/{row.pk}/fin/").status_code == 403


def test_numbers_by_school_class_and_grade_name_nobody(made, browse):
    page = browse("Jean").get("/mairie/effectifs/").text
    for words in ("Lakanal", "Arago", "3 élèves", "CE2"):
        assert words in page
    assert "Ferrer" not in page


# --- the person


def test_my_child_page_tells_nothing_of_the_other_guardian(made, browse):
    page = browse("Sophie").get(f"/mes-enfants/{made.pupils['Inès'].pk}/").text
    for words in ("CE2", "Mme Vidal", "Lakanal"):
        assert words in page
    assert "Karim" not in page
    assert browse("Laure").get(f"/mes-enfants/{made.pupils['Inès'].pk}/").status_code == 404


def test_without_the_authority_one_still_reads_the_class_of_the_child(made, browse):
    page = browse("Karim").get(f"/mes-enfants/{made.pupils['Inès'].pk}/").text
    assert "sans autorité parentale" in page
    assert "Ajouter une personne" not in page


def test_i_change_my_own_phone(made, browse):
    browse("Sophie").post("/mon-profil/", {"civility": "Mme", "phone": "06 11 22 33 44", "city": "Narbonne"})
    made.people["Sophie"].refresh_from_db()
    assert (made.people["Sophie"].phone, made.people["Sophie"].birth_name) == ("06 11 22 33 44", "Ferrer")


def test_two_roles_have_a_switch_on_every_page(made, browse):
    assert "Changer de profil" not in browse("Sophie").get("/").text
    assign(made, "Sophie", Role.TEACHER, "Arago", "CM2")
    browser = browse("Sophie")
    assert "Changer de profil" in browser.get("/").text
    browser.post("/profil/", {"profile": "guardian"})
    page = browser.get("/mes-enfants/").text
    assert "Parent" in page
    assert "Inès" in page


@pytest.mark.parametrize("path", ["/ecole/{school}/familles/", "/classes/{ce2}/liste/", "/classes/{ce2}/sortie/"])
def test_lists_cost_the_same_with_more_children(made, browse, path, django_assert_max_num_queries):
    for number in range(12):
        add_pupil(made, f"A{number}", "Nombreux", "CE2")
        add_guardian(made, f"B{number}", "Nombreux", (f"A{number}",))
    url = path.format(school=made.schools["Lakanal"].pk, ce2=made.classes["CE2"].pk)
    browser = browse("Martine")
    browser.get(url)  # what a first request learns for the next ones is not counted
    with django_assert_max_num_queries(14):
        assert browser.get(url).status_code == 200


# --- what the database refuses


def test_a_unit_and_a_day_that_do_not_exist_are_refused_by_the_database(made):
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffAssignment.objects.filter(person=made.people["Claire"]).update(weekdays="71")
    with pytest.raises(IntegrityError), transaction.atomic():
        PickupPerson.objects.create(
            pupil=made.pupils["Inès"], starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 1), **GRANNY
        )

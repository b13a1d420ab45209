"""Who is recognised, who is asked about, who is never linked: a wrong match shows a child's file to a stranger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import DomainError
from shared_apps.accounts.models import User
from tenant_apps.imports import services
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass, SchoolYear
from tests.tenant_apps.imports import files
from tests.tenant_apps.imports.test_services import load, plan
from tests.tenant_apps.liaison.factories import person

pytestmark = pytest.mark.django_db
TOM = files.INES | {"Prénom élève": "Tom", "INE": "000000002AB", "Sexe": "M"}
NO_INE = files.INES | {"INE": ""}
LATER = {"Date naissance": "2018-05-14"}


def line_of(made, number: int = 2):
    return made.lines.get(number=number)


@pytest.fixture
def arago(head):
    other = School.objects.create(uai="0110429G", name="Arago", kind=School.Kind.ELEMENTARY)
    StaffAssignment.objects.create(person=head.person, role="head", school=other, starts_on=timezone.localdate())
    return other


# Pupils


def test_a_child_without_ine_is_recognised_when_all_the_rest_agrees(head, school):
    load(head, school, files.pupils(NO_INE))
    made = load(head, school, files.pupils(files.INES))
    assert line_of(made).changes == {"ine": [None, "000000001AA"]}
    assert Pupil.objects.get().ine == "000000001AA"


def test_two_empty_addresses_prove_nothing(head, school):
    load(head, school, files.pupils(NO_INE | {"Adresse1": ""}))
    made = plan(head, school, files.pupils(NO_INE | {"Adresse1": "", "Libellé classe": "CE2 autre"}))
    assert line_of(made).status == "to_decide"


def test_homonyms_once_told_apart_are_not_asked_about_again(head, school):
    load(head, school, files.pupils(NO_INE))
    both = files.pupils(NO_INE, NO_INE | LATER)
    made = plan(head, school, both)
    services.decide(actor=head, line=line_of(made, 3), decision="new")
    services.apply_plan(actor=head, plan=made)
    again = plan(head, school, both)
    assert again.counts["unchanged"] == 2


def test_two_lines_that_lead_to_one_child_are_both_asked_about(head, school):
    load(head, school, files.pupils(NO_INE))
    made = plan(head, school, files.pupils(files.INES, files.INES | {"INE": "000000009ZZ"}))
    assert made.counts["to_decide"] == 2
    services.decide(actor=head, line=line_of(made, 2), decision="same")
    with pytest.raises(DomainError, match="déjà cet enfant"):
        services.decide(actor=head, line=line_of(made, 3), decision="same")


def test_one_ine_for_two_children_of_the_file_rejects_both(head, school):
    made = plan(head, school, files.pupils(files.INES, TOM | {"INE": files.INES["INE"]}))
    assert made.counts["rejected"] == 2
    assert "INE est aussi celui de la ligne 3" in line_of(made).reason


def test_the_same_child_with_and_without_ine_in_one_file_is_not_created_twice(head, school):
    made = load(head, school, files.pupils(files.INES, NO_INE))
    assert line_of(made, 3).status == "rejected"
    assert Pupil.objects.count() == 1


def test_an_ine_of_somebody_else_is_never_a_new_child(head, school):
    load(head, school, files.pupils(files.INES))
    made = plan(head, school, files.pupils(TOM | LATER | {"INE": files.INES["INE"]}))
    assert line_of(made).status == "to_decide"
    with pytest.raises(DomainError, match="jamais le même INE"):
        services.decide(actor=head, line=line_of(made), decision="new")


def test_a_child_who_comes_from_another_school_is_moved_by_a_decision(head, school, arago):
    load(head, school, files.pupils(files.INES))
    made = plan(head, arago, files.pupils(files.INES))
    services.decide(actor=head, line=line_of(made), decision="same")
    services.apply_plan(actor=head, plan=made)
    assert Enrollment.objects.get(ends_on=None).school_class.school == arago
    assert Pupil.objects.count() == 1


def test_a_child_who_left_and_comes_back_keeps_its_record(head, school):
    load(head, school, files.pupils(files.INES))
    Enrollment.objects.update(starts_on="2020-09-01", ends_on="2021-07-06")
    Pupil.objects.update(withdrawn_on="2021-07-06")
    made = load(head, school, files.pupils(files.INES))
    assert line_of(made).status == "updated"
    pupil = Pupil.objects.get()
    assert pupil.withdrawn_on is None
    assert pupil.enrollments.filter(ends_on=None).count() == 1


def test_a_class_of_last_year_with_the_same_label_is_another_class(head, school):
    load(head, school, files.pupils(files.INES))
    past = SchoolYear.objects.create(label="2001-2002", starts_on="2001-09-01", ends_on="2002-08-31")
    SchoolClass.objects.update(year=past)
    made = load(head, school, files.pupils(files.INES))
    assert line_of(made).changes == {"class_label": ["CE2 Mme Vidal", "CE2 Mme Vidal"]}
    assert Enrollment.objects.get(ends_on=None).school_class.year != past


def test_those_of_a_class_that_the_file_does_not_name_are_not_called_absent(head, school):
    elsewhere = TOM | {"Libellé classe": "CP M. Pujol", "Niveau": "CP"}
    load(head, school, files.pupils(files.INES, elsewhere))
    assert plan(head, school, files.pupils(files.INES)).counts["left"] == 0


def test_a_child_on_a_rejected_line_is_not_called_absent(head, school):
    load(head, school, files.pupils(files.INES, TOM))
    made = plan(head, school, files.pupils(files.INES, TOM | {"INE": "", "Niveau": "?"}))
    assert (made.counts["rejected"], made.counts["left"]) == (1, 0)


def test_an_empty_cell_erases_nothing(head, school):
    load(head, school, files.pupils(files.INES))
    made = load(head, school, files.pupils(files.INES | {"Adresse1": "", "Sexe": "", "Autorisation photo": ""}))
    assert line_of(made).status == "unchanged"


def test_capitals_without_accents_do_not_spoil_a_name(head, school):
    load(head, school, files.pupils(files.INES))
    made = load(head, school, files.pupils(files.INES | {"Prénom élève": "INES"}))
    assert line_of(made).status == "unchanged"


def test_accents_added_in_onde_come_here(head, school):
    load(head, school, files.pupils(files.INES | {"Prénom élève": "INES"}))
    load(head, school, files.pupils(files.INES))
    assert Person.objects.get(pupil__isnull=False).first_name == "Inès"


def test_a_corrected_name_reaches_the_account(head, school):
    load(head, school, files.pupils(files.INES))
    load(head, school, files.pupils(files.INES | {"Nom d'usage élève": "FERRER-PONS"}))
    account = Person.objects.get(pupil__isnull=False).account
    assert account.last_name == "Ferrer-Pons"


def test_a_class_is_recognised_by_its_id_and_renamed(head, school):
    numbered = files.INES | {"Identifiant classe": "900001"}
    load(head, school, files.pupils(numbered))
    load(head, school, files.pupils(numbered | {"Libellé classe": "CE2 Mme Roux"}))
    assert [row.label for row in SchoolClass.objects.all()] == ["CE2 Mme Roux"]
    assert Enrollment.objects.count() == 1


def test_two_spellings_of_a_label_are_one_class(head, school):
    load(head, school, files.pupils(files.INES, TOM | {"Libellé classe": "ce2  MME VIDAL"}))
    assert SchoolClass.objects.count() == 1


def test_one_id_for_all_the_classes_tells_nothing(head, school):
    rows = [row | {"Identifiant classe": "99999"} for row in (files.INES, TOM | {"Libellé classe": "CM1 M. Pujol"})]
    load(head, school, files.pupils(*rows))
    assert SchoolClass.objects.count() == 2


def test_brothers_and_sisters_of_one_address_have_different_covers(head, school):
    load(head, school, files.pupils(files.INES))
    more = [TOM | {"Prénom élève": name, "INE": f"00000000{n}ZZ"} for n, name in enumerate(["Tom", "Zoé", "Aya"], 4)]
    load(head, school, files.pupils(*more))
    covers = list(Pupil.objects.values_list("cover", flat=True))
    assert len(set(covers)) == len(covers) == 4


def test_a_commune_without_school_year_says_so(head, school):
    SchoolYear.objects.all().delete()
    with pytest.raises(DomainError, match="année scolaire"):
        plan(head, school, files.pupils(files.INES))


def test_a_child_written_meanwhile_by_another_school_makes_the_plan_stale(head, school, arago):
    made = plan(head, school, files.pupils(files.INES))
    load(head, arago, files.pupils(files.INES))
    with pytest.raises(DomainError, match="refaites la vérification"):
        services.apply_plan(actor=head, plan=made)
    assert Pupil.objects.count() == 1


def test_lines_are_forgotten_after_a_month_and_their_counts_stay(head, school):
    made = load(head, school, files.pupils(files.INES))
    type(made).objects.update(created_at=timezone.now() - timedelta(days=31))
    plan(head, school, files.pupils(files.INES))
    made.refresh_from_db()
    assert not made.lines.exists()
    assert made.counts["created"] == 1


# Guardians


@pytest.fixture
def ines(head, school):
    load(head, school, files.pupils(files.INES))
    return Pupil.objects.get()


@pytest.mark.parametrize("label", ["", "CM1 M. Pujol"])
def test_a_name_without_its_class_links_nobody(head, school, ines, label):
    made = load(head, school, files.guardians(files.SOPHIE | {"Classes enfants": label}))
    assert line_of(made).status == "rejected"
    assert "personne ne lui est rattaché" in line_of(made).reason
    assert not Guardianship.objects.exists()


def test_an_empty_class_is_made_up_for_by_the_same_home(head, school, ines):
    home = {"Classes enfants": "", "Adresse responsable": "12, rue de Blida", "CP responsable": "11100"}
    load(head, school, files.guardians(files.SOPHIE | home))
    assert Guardianship.objects.get().pupil == ines


def test_a_child_who_is_not_in_the_school_is_said_and_the_others_are_linked(head, school, ines):
    row = files.guardians(files.SOPHIE).decode("iso-8859-1").rstrip()
    more = ";Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants\r\n"
    data = row.replace("\r\n", more) + ";;FERRER;Luce;GS M. Patron\r\n"
    made = load(head, school, data.encode("iso-8859-1"))
    assert line_of(made).status == "created"
    assert "« Luce Ferrer » n’est pas dans l’école" in line_of(made).reason
    assert Guardianship.objects.count() == 1


def test_a_namesake_known_elsewhere_is_asked_about(head, school, ines, arago):
    load(head, arago, files.pupils(TOM))
    load(head, arago, files.guardians(files.SOPHIE | {"Prénom enfant": "Tom", "Courriel": ""}))
    made = load(head, school, files.guardians(files.SOPHIE))
    assert line_of(made).status == "to_decide"
    assert Guardianship.objects.filter(pupil=ines).count() == 0


def test_the_same_name_and_mail_is_the_same_adult(head, school, ines, arago):
    load(head, arago, files.pupils(TOM))
    load(head, arago, files.guardians(files.SOPHIE | {"Prénom enfant": "Tom"}))
    made = load(head, school, files.guardians(files.SOPHIE))
    assert line_of(made).changes == {"children": ["", "Inès Ferrer"]}
    assert Person.objects.filter(first_name="Sophie").count() == 1


def test_a_member_of_the_staff_of_the_same_name_is_asked_about(head, school, ines):
    made = plan(
        head, school, files.guardians(files.SOPHIE | {"Nom responsable": "CALAS", "Prénom responsable": "Martine"})
    )
    assert line_of(made).status == "to_decide"


@pytest.mark.parametrize(
    ("second", "adults", "undecided"),
    [
        ({"Téléphone portable": "0600000002"}, 1, 0),  # same mail
        ({"Courriel": ""}, 1, 0),  # same telephone
        ({"Courriel": "autre@example.org", "Téléphone portable": ""}, 2, 0),  # two mails: two persons
        ({"Courriel": "", "Téléphone portable": ""}, 1, 1),  # nothing tells
    ],
)
def test_one_name_on_two_lines_is_one_adult_only_when_reached_alike(head, school, ines, second, adults, undecided):
    load(head, school, files.pupils(TOM))
    made = load(head, school, files.guardians(files.SOPHIE, files.SOPHIE | {"Prénom enfant": "Tom"} | second))
    assert Person.objects.filter(first_name="Sophie").count() == adults
    assert made.lines.undecided().count() == undecided


@pytest.mark.parametrize(("decision", "adults"), [("same", 1), ("new", 2)])
def test_a_line_that_waited_joins_the_adult_of_the_other_line_or_not(head, school, ines, decision, adults):
    load(head, school, files.pupils(TOM))
    alone = {"Prénom enfant": "Tom", "Courriel": "", "Téléphone portable": ""}
    made = load(head, school, files.guardians(files.SOPHIE, files.SOPHIE | alone))
    services.decide(actor=head, line=line_of(made, 3), decision=decision)
    services.apply_plan(actor=head, plan=made)
    assert Person.objects.filter(first_name="Sophie").count() == adults
    assert Guardianship.objects.count() == 2


def test_a_link_that_the_head_ended_is_not_made_again(head, school, ines):
    load(head, school, files.guardians(files.SOPHIE))
    Guardianship.objects.update(ended_on=timezone.localdate())
    made = load(head, school, files.guardians(files.SOPHIE))
    assert line_of(made).status == "unchanged"
    assert not Guardianship.objects.current().exists()


@pytest.mark.parametrize(("is_activated", "expected"), [(False, "s.ferrer@example.org"), (True, "sophie@example.org")])
def test_a_new_mail_reaches_the_account_until_its_owner_has_it(head, school, ines, is_activated, expected):
    load(head, school, files.guardians(files.SOPHIE))
    User.objects.filter(first_name="Sophie").update(activated_at=timezone.now() if is_activated else None)
    load(head, school, files.guardians(files.SOPHIE | {"Courriel": "s.ferrer@example.org"}))
    adult = Person.objects.get(first_name="Sophie")
    assert adult.email == "s.ferrer@example.org"
    assert adult.account.email == expected


def test_children_of_one_adult_wear_different_covers(head, school, ines):
    load(head, school, files.pupils(TOM | {"Adresse1": "9 rue Arago"}))
    Pupil.objects.update(cover=3)
    load(head, school, files.guardians(files.SOPHIE, files.SOPHIE | {"Prénom enfant": "Tom"}))
    assert Pupil.objects.values("cover").distinct().count() == 2


def test_a_person_who_is_gone_makes_the_plan_stale(head, school, ines):
    load(head, school, files.guardians(files.SOPHIE))
    made = plan(head, school, files.guardians(files.SOPHIE | {"Téléphone portable": "0600000077"}))
    person("Luc", "Autre")
    Person.objects.filter(first_name="Sophie").delete()
    with pytest.raises(DomainError, match="refaites la vérification"):
        services.apply_plan(actor=head, plan=made)

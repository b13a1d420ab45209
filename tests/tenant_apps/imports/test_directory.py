"""The académie's directory: a whole delivery, then what changes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import DomainError
from tenant_apps.imports import services
from tenant_apps.imports.models import ImportPlan
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass
from tests.tenant_apps.imports import directory, files
from tests.tenant_apps.imports.directory import INES, MARC, SOPHIE, TOM, VIDAL, complete, delta, record
from tests.tenant_apps.imports.test_services import load, plan

pytestmark = pytest.mark.django_db
TABLES = (Person, Pupil, Enrollment, Guardianship, StaffAssignment, SchoolClass)


def state() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in TABLES]


def links() -> dict[tuple[str, str], bool]:
    rows = Guardianship.objects.select_related("guardian", "pupil__person")
    return {(row.guardian.first_name, row.pupil.person.first_name): row.has_parental_authority for row in rows}


def test_a_delivery_brings_pupils_guardians_and_staff_in_one_plan(head, school):
    made = load(head, school, complete())
    assert (made.kind, made.counts["created"], made.counts["rejected"]) == ("aaf", 5, 0)
    child = Pupil.objects.get(ine="000000001AA")
    assert (child.person.full_name, child.person.sex, str(child.person.birth_date)) == (
        "Inès Ferrer",
        "F",
        "2018-03-14",
    )
    assert str(child.enrollments.get().school_class) == "CE2 Mme Vidal"
    mother = Person.objects.get(first_name="Sophie")
    assert (mother.birth_name, mother.usage_name) == ("Cabanel", "Ferrer")
    assert mother.address == "1 rue Fictive, Bâtiment B"
    assert mother.account.activated_at is None
    assert StaffAssignment.objects.get(person__birth_name="Vidal").role == "teacher"
    assert set(Person.objects.exclude(aaf_key=None).values_list("aaf_key", flat=True)) == {
        "1",
        "2",
        "101",
        "102",
        "201",
    }


def test_who_exercises_the_parental_authority_comes_from_the_directory(head, school):
    load(head, school, complete())
    assert links() == {("Sophie", "Inès"): True, ("Marc", "Inès"): False, ("Sophie", "Tom"): True}
    both = {**INES, "ENTEleveAutoriteParentale": ["101", "102"]}
    made = load(head, school, complete(pupils=(both, TOM)))
    assert made.lines.get(status="updated").changes == {"authorities": ["Sophie Ferrer", "Sophie Ferrer, Marc Ferrer"]}
    assert links()[("Marc", "Inès")] is True


def test_the_same_delivery_again_changes_nothing(head, school):
    load(head, school, complete())
    before = state()
    again = load(head, school, complete())
    assert again.counts["unchanged"] == 5
    assert sum(again.counts.values()) == 5
    assert state() == before


def test_those_whom_onde_brought_are_recognised_and_get_the_key(head, school):
    load(head, school, files.pupils(files.INES))
    load(head, school, files.guardians(files.SOPHIE))
    before = Person.objects.count()
    load(head, school, complete(pupils=(INES,), guardians=({**SOPHIE, "ENTPersonNomPatro": ""},), staff=()))
    assert Person.objects.count() == before
    assert set(Person.objects.exclude(aaf_key=None).values_list("aaf_key", flat=True)) == {"1", "101"}


def test_the_key_recognises_a_person_whatever_the_names_become(head, school):
    load(head, school, complete())
    renamed = {**TOM, "ENTPersonNom": "CABANEL", "ENTPersonPrenom": "Thomas"}
    married = {**SOPHIE, "ENTPersonNom": "ROUX", "ENTPersonMail": "s.roux@example.org"}
    made = load(head, school, complete(pupils=(INES, renamed), guardians=(married, MARC)))
    assert (made.counts["updated"], made.counts["created"], made.counts["to_decide"]) == (2, 0, 0)
    assert Person.objects.get(aaf_key="2").full_name == "Thomas Cabanel"
    assert Person.objects.get(aaf_key="101").full_name == "Sophie Roux"


def test_a_head_gets_only_the_part_of_her_school(head, school):
    other = {**TOM, "ENTPersonStructRattach": "901", "ENTPersonClasses": "901$CLASSE$-$9$CP"}
    stranger = {**MARC, "ENTPersRelEleveEleve": ["2"]}
    colleague = {**VIDAL, "ENTPersonStructRattach": "901", "ENTPersonFonctions": "901$ENS$A$B$C"}
    load(head, school, complete(pupils=(INES, other), guardians=(SOPHIE, stranger), staff=(colleague,)))
    assert set(Person.objects.exclude(aaf_key=None).values_list("first_name", flat=True)) == {"Inès", "Sophie"}


def test_a_delivery_that_does_not_name_the_school_is_refused(head, school):
    school.uai = "0110001A"
    school.save()
    with pytest.raises(DomainError, match="0110001A n’est pas dans ces fichiers"):
        plan(head, school, complete())


def test_without_the_schools_nobody_can_be_placed(head, school):
    with pytest.raises(DomainError, match="EtabEducNat"):
        plan(head, school, directory.page(record("Eleve", INES)))


def test_who_is_absent_from_a_complete_delivery_is_listed_and_kept(head, school):
    load(head, school, complete())
    made = load(head, school, complete(pupils=(INES,)))
    assert made.lines.get(status="left").name == "Tom Ferrer"
    assert Enrollment.objects.on().count() == 2


def test_a_delta_changes_only_what_it_says(head, school):
    load(head, school, complete())
    change = {"ENTPersonJointure": "2", "ENTPersonClasses": "900$CLASSE$-$9002$CM1 M. Pujol", "ENTEleveNiveau": "CM1"}
    mail = {"ENTPersonJointure": "101", "ENTPersonMail": "nouvelle@example.org"}
    made = load(
        head,
        school,
        delta(
            Eleve=[record("Eleve", change, request="modifyRequest")],
            PersRelEleve=[record("PersRelEleve", mail, request="modifyRequest")],
        ),
    )
    assert (made.counts["updated"], made.counts["left"]) == (2, 0)
    tom = Pupil.objects.get(person__aaf_key="2")
    assert tom.person.full_name == "Tom Ferrer"
    assert str(tom.enrollments.get(ends_on=None).school_class) == "CM1 M. Pujol"
    sophie = Person.objects.get(aaf_key="101")
    assert (sophie.email, sophie.address) == ("nouvelle@example.org", "1 rue Fictive, Bâtiment B")
    assert links()[("Sophie", "Tom")] is True


def test_a_delta_that_removes_proposes_and_removes_nobody_alone(head, school):
    load(head, school, complete())
    gone = {"ENTPersonJointure": "2"}
    parent = {"ENTPersonJointure": "102"}
    made = plan(
        head,
        school,
        delta(
            Eleve=[record("Eleve", gone, request="deleteRequest")],
            PersRelEleve=[record("PersRelEleve", parent, request="deleteRequest")],
        ),
    )
    assert made.lines.get(status="left").name == "Tom Ferrer"
    assert "terminez vous-même son lien" in made.lines.get(status="rejected").reason
    services.apply_plan(actor=head, plan=made)
    assert Enrollment.objects.on().count() == 2


def test_a_delta_about_somebody_unknown_is_said(head, school):
    load(head, school, complete())
    change = {"ENTPersonJointure": "77", "ENTPersonStructRattach": "900", "ENTEleveNiveau": "CM1"}
    made = plan(head, school, delta(Eleve=[record("Eleve", change, request="modifyRequest")]))
    assert "livraison complète" in made.lines.get(status="rejected").reason


def test_an_attribute_that_nobody_knows_is_listed_and_stops_nothing(head, school):
    made = load(head, school, complete(pupils=({**INES, "ENTEleveNouveaute": "X"},)))
    assert made.unread_columns == ["ENTEleveNouveaute"]
    assert Pupil.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "column", "why"),
    [
        ({"ENTPersonDateNaissance": "14/03/1900"}, "ENTPersonDateNaissance", "naissance d’un élève"),
        ({"ENTEleveNiveau": "6EME"}, "ENTEleveNiveau", "« 6EME »"),
        ({"ENTPersonClasses": ""}, "ENTPersonClasses", "vide"),
        ({"ENTPersonPrenom": "=1+1"}, "ENTPersonPrenom", "« = »"),
    ],
)
def test_a_record_that_can_not_be_used_names_its_attribute(head, school, changes, column, why):
    line = plan(head, school, complete(pupils=({**INES, **changes},), guardians=(), staff=())).lines.get()
    assert (line.status, line.column) == ("rejected", column)
    assert why in line.reason


def test_a_child_who_waits_gets_its_guardians_once_decided(head, school):
    load(head, school, files.pupils(files.INES | {"Prénom élève": "Tom", "INE": "", "Libellé classe": "CM2"}))
    made = plan(head, school, complete(pupils=(INES, TOM)))
    line = made.lines.get(status="to_decide")
    services.apply_plan(actor=head, plan=made)
    assert ("Sophie", "Tom") not in links()
    services.decide(actor=head, line=line, decision="new")
    services.apply_plan(actor=head, plan=made)
    assert links()[("Sophie", "Tom")] is True
    assert Pupil.objects.filter(person__first_name="Tom").count() == 2


def test_a_direction_is_never_given_by_the_directory(head, school):
    load(head, school, complete(staff=({**VIDAL, "ENTEnsFonctionDir": "900"},)))
    assert set(StaffAssignment.objects.filter(person__birth_name="Vidal").values_list("role", flat=True)) == {"teacher"}


def test_a_teacher_who_has_a_class_keeps_it_and_gets_nothing_more(head, school):
    load(head, school, complete())
    teacher = Person.objects.get(aaf_key="201")
    StaffAssignment.objects.filter(person=teacher).update(school_class=SchoolClass.objects.get())
    made = load(head, school, complete())
    assert made.counts["unchanged"] == 5
    assert StaffAssignment.objects.filter(person=teacher).count() == 1


def test_pages_dropped_together_are_one_delivery(browser_of, head, school):
    pages = directory.pages(
        EtabEducNat=[record("EtabEducNat", directory.SCHOOL)],
        Eleve=[record("Eleve", INES)],
        PersRelEleve=[record("PersRelEleve", SOPHIE)],
    )
    pages["ENT_0110427E_Complet_20260901_Eleve_0001.xml"] = directory.page(record("Eleve", TOM))
    uploads = [SimpleUploadedFile(name, data, content_type="text/xml") for name, data in pages.items()]
    browser = browser_of("narbonne.localhost", user=head)
    page = browser.post("/imports/", {"school": str(school.pk), "file": uploads}, follow=True).content.decode()
    assert "annuaire académique" in page.lower()
    assert ImportPlan.objects.get().counts["created"] == 3


def test_a_page_that_lacks_would_pass_for_departures_and_is_refused(head, school):
    pages = directory.pages(EtabEducNat=[record("EtabEducNat", directory.SCHOOL)])
    pages["ENT_X_Complet_20260901_Eleve_0001.xml"] = directory.page(record("Eleve", TOM))
    with pytest.raises(DomainError, match="la page 0000 de « Eleve » manque"):
        plan(head, school, directory.archive(pages))


def test_homonyms_of_the_directory_are_compared_as_their_kind(browser_of, head, school):
    load(head, school, files.pupils(files.INES))
    load(head, school, files.guardians(files.SOPHIE))
    namesake = {**SOPHIE, "ENTPersonJointure": "103", "ENTPersonNomPatro": "", "ENTPersonMail": "autre@example.org"}
    made = plan(head, school, complete(pupils=(INES, TOM), guardians=({**namesake, "ENTPersRelEleveEleve": ["2"]},)))
    page = browser_of("narbonne.localhost", user=head).get(f"{made.get_absolute_url()}?voir=to_decide").content.decode()
    assert "Est-ce la même personne ?" in page


def test_a_delivery_costs_the_same_whatever_the_school(head, school, django_assert_max_num_queries):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    pupils = tuple({**TOM, "ENTPersonJointure": f"p{x}", "ENTPersonPrenom": f"Tom-{x}"} for x in letters)
    with django_assert_max_num_queries(110):
        load(head, school, complete(pupils=pupils))
    assert Pupil.objects.count() == 26


def test_the_town_s_other_school_is_left_alone(head, school):
    other = School.objects.create(uai="0110429G", name="Arago", kind=School.Kind.ELEMENTARY)
    load(head, school, complete())
    assert not Enrollment.objects.filter(school_class__school=other).exists()


def test_two_records_are_never_the_same_child(head, school):
    load(head, school, files.pupils(files.INES | {"INE": ""}))
    twin = {**INES, "ENTEleveINE": "", "ENTPersonJointure": "3", "ENTPersonDateNaissance": "15/03/2018"}
    made = plan(head, school, complete(pupils=({**INES, "ENTEleveINE": ""}, twin), guardians=(), staff=()))
    first, second = made.lines.filter(status="to_decide").order_by("number")
    services.decide(actor=head, line=first, decision="same")
    with pytest.raises(DomainError, match="déjà cet enfant"):
        services.decide(actor=head, line=second, decision="same")

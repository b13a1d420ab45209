"""Groups of pupils: who reads which names, who makes and changes them, and how a child leaves them."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.models import Enrollment, PupilGroup, PupilGroupMember, StaffAssignment
from tenant_apps.people.personal_data import directory
from tests.support.names import names
from tests.support.pages import said
from tests.tenant_apps.people.factories import add_pupil, assign

pytestmark = pytest.mark.django_db


@pytest.fixture
def choir(made):
    """Inès (CE2) and Noé (CM1), led by Mme Vidal of the CE2."""
    pupils = [made.pupils["Inès"], made.pupils["Noé"]]
    leaders = [made.people["Claire"]]
    return services.make_group(
        actor=made.user("Martine"), school=made.schools["Lakanal"], name="Chorale", kind="choir",
        pupils=pupils, leaders=leaders,
    )  # fmt: skip


def typed(made, *names, **facts) -> dict:
    return {"name": "Anglais CM", "kind": "language", "pupils": [made.pupils[name].pk for name in names]} | facts


def members(group) -> set[str]:
    return set(group.members.on().values_list("pupil__person__first_name", flat=True))


# viewer: does one see the group, and which names of it
SEEN = {
    "Martine": (True, {"Inès", "Noé"}),  # head
    "Claire": (True, {"Inès", "Noé"}),  # in charge
    "Joan": (True, {"Noé"}),  # teaches Noé
    "Agnès": (True, {"Noé"}),  # replaces Joan
    "Paul": (False, set()),  # AESH
    "Aline": (False, set()),  # ATSEM
    "Rachid": (False, set()),  # the town
    "Jean": (False, set()),
    "Solange": (False, set()),  # another school
    "Odile": (False, set()),
    "Sophie": (True, {"Inès"}),  # mother of Inès
    "Karim": (True, {"Inès"}),
    "Laure": (True, {"Noé"}),
    "Inès": (True, {"Inès"}),
    "Tom": (False, set()),
}


@pytest.mark.parametrize("viewer", SEEN)
def test_who_sees_a_group_and_which_names(made, choir, viewer):
    user = made.user(viewer)
    seen = PupilGroup.objects.visible_to(user).filter(pk=choir.pk).exists()
    rows = PupilGroupMember.objects.on().visible_to(user).filter(group=choir)
    assert (seen, set(rows.values_list("pupil__person__first_name", flat=True))) == SEEN[viewer]


def test_a_teacher_makes_a_group_of_children_of_several_classes_and_is_in_charge(made, browse):
    browser = browse("Claire")
    assert "Noé Cabanel" in said(browser.get(f"/ecole/{made.schools['Lakanal'].pk}/groupes/nouveau/"))
    answer = browser.post(f"/ecole/{made.schools['Lakanal'].pk}/groupes/nouveau/", typed(made, "Inès", "Noé"))
    group = PupilGroup.objects.get(name="Anglais CM")
    assert answer.url == f"/groupes/{group.pk}/"
    page = said(browser.get(answer.url))
    for words in ("Anglais CM", "Inès Ferrer", "Noé Cabanel", "Mme Vidal", "CM1"):
        assert words in page
    assert "2 élèves" in said(browser.get("/groupes/"))


def test_children_and_adults_of_another_school_are_refused(made, browse):
    path = f"/ecole/{made.schools['Lakanal'].pk}/groupes/nouveau/"
    assert browse("Claire").post(path, typed(made, "Tom")).status_code == 422
    assert browse("Claire").post(path, typed(made, "Inès", leaders=[made.people["Odile"].pk])).status_code == 422
    assert not names(said(browse("Claire").get(path)), "Tom")
    for pupil, leader in (("Tom", "Claire"), ("Inès", "Odile")):
        with pytest.raises(DomainError):
            services.make_group(
                actor=made.user("Martine"), school=made.schools["Lakanal"], name="X",
                pupils=[made.pupils[pupil]], leaders=[made.people[leader]],
            )  # fmt: skip
    assert not PupilGroup.objects.exists()


@pytest.mark.parametrize("name", ["Paul", "Aline", "Rachid", "Sophie", "Inès"])
def test_who_does_not_teach_makes_no_group(made, browse, name):
    path = f"/ecole/{made.schools['Lakanal'].pk}/groupes/nouveau/"
    assert browse(name).post(path, typed(made, "Inès")).status_code == 403
    assert browse(name).get("/groupes/").status_code == 403
    with pytest.raises(PermissionDenied):
        services.make_group(
            actor=made.user(name), school=made.schools["Lakanal"], name="X", pupils=[made.pupils["Inès"]]
        )


def test_the_teacher_of_a_child_reads_that_child_and_changes_nothing(made, choir, browse):
    page = said(browse("Joan").get(f"/groupes/{choir.pk}/"))
    assert "Noé Cabanel" in page
    assert "Inès" not in page
    assert "Inès" not in said(browse("Joan").get(f"/groupes/{choir.pk}/liste/"))
    assert "1 élève de votre classe" in said(browse("Joan").get("/groupes/"))
    assert browse("Joan").get(f"/groupes/{choir.pk}/modifier/").status_code == 403
    assert browse("Joan").post(f"/groupes/{choir.pk}/fin/").status_code == 403


def test_who_was_in_charge_keeps_nothing_once_they_left_the_school(made, choir, browse):
    StaffAssignment.objects.filter(person=made.people["Claire"]).update(ends_on=timezone.localdate())
    assign(made, "Claire", "teacher", "Arago", "CM2")
    assert browse("Claire").get(f"/groupes/{choir.pk}/").status_code == 404


def test_unticked_children_leave_and_ticked_ones_come_with_their_dates(made, choir, browse):
    yesterday = timezone.localdate() - timedelta(days=1)
    choir.members.update(starts_on=yesterday)
    add_pupil(made, "Lila", "Roca", "CE2")
    path, leaders = f"/groupes/{choir.pk}/modifier/", [made.people["Claire"].pk]
    answer = browse("Claire").post(path, typed(made, "Inès", "Lila", name="Chorale", leaders=leaders))
    assert answer.status_code == 302
    assert members(choir) == {"Inès", "Lila"}
    left = choir.members.get(pupil=made.pupils["Noé"])
    assert (left.starts_on, left.ends_on) == (yesterday, timezone.localdate())
    browse("Claire").post(path, typed(made, "Inès", "Noé", name="Chorale", leaders=leaders))
    assert members(choir) == {"Inès", "Noé"}
    assert choir.members.get(pupil=made.pupils["Noé"]).ends_on is None  # who comes back the same day never left
    assert not choir.members.filter(pupil=made.pupils["Lila"]).exists()  # and who came for no day leaves no trace


def test_looking_for_a_child_keeps_what_was_typed_and_writes_nothing(made, choir, browse):
    path = f"/groupes/{choir.pk}/modifier/"
    found = typed(made, "Inès", name="Petit chœur", go="find", q="caba")
    page = browse("Claire").post(path, found)
    assert page.status_code == 200
    assert 'value="Petit chœur"' in page.text
    assert "Noé Cabanel" in page.text  # found
    assert "Inès Ferrer" in page.text  # ticked
    assert members(choir) == {"Inès", "Noé"}
    nobody = browse("Claire").post(f"/ecole/{made.schools['Lakanal'].pk}/groupes/nouveau/", {"go": "find", "q": "xyz"})
    assert "Aucun enfant de l’école ne s’appelle « xyz »" in said(nobody)


def test_an_ended_group_can_be_taken_back_for_a_month(made, choir, browse):
    browser = browse("Claire")
    browser.post(f"/groupes/{choir.pk}/fin/")
    assert not PupilGroup.objects.on().filter(pk=choir.pk).exists()
    assert not PupilGroup.objects.visible_to(made.user("Sophie")).exists()
    assert "Terminés depuis peu" in said(browser.get("/groupes/"))
    browser.post(f"/groupes/{choir.pk}/retablir/")
    assert members(choir) == {"Inès", "Noé"}
    browser.post(f"/groupes/{choir.pk}/fin/")
    PupilGroup.objects.update(ended_on=timezone.localdate() - timedelta(days=31))
    with pytest.raises(DomainError, match="trop longtemps"):
        services.undo_end_of_group(actor=made.user("Martine"), group=choir)


def test_two_groups_of_a_school_have_two_names(made, choir, browse):
    path = f"/ecole/{made.schools['Lakanal'].pk}/groupes/nouveau/"
    page = browse("Claire").post(path, typed(made, "Inès", name="  chorale "))
    assert page.status_code == 422
    assert "déjà un groupe de ce nom" in said(page)
    services.end_group(actor=made.user("Martine"), group=choir)
    assert browse("Claire").post(path, typed(made, "Inès", name="Chorale")).status_code == 302
    with pytest.raises(DomainError, match="déjà un groupe"):
        services.undo_end_of_group(actor=made.user("Martine"), group=choir)


def test_the_database_keeps_one_open_row_for_a_child(made, choir):
    for facts in ({"starts_on": timezone.localdate()},):
        with pytest.raises(IntegrityError), transaction.atomic():
            choir.members.create(pupil=made.pupils["Inès"], **facts)


def test_a_child_who_leaves_the_school_leaves_its_groups_and_comes_back_with_an_undone_departure(made, choir):
    services.end_enrollment(actor=made.user("Martine"), pupil=made.pupils["Noé"])
    assert members(choir) == {"Inès"}
    assert not Enrollment.objects.on().of_groups([choir]).filter(pupil=made.pupils["Noé"]).exists()
    services.undo_departure(actor=made.user("Martine"), pupil=made.pupils["Noé"])
    assert members(choir) == {"Inès", "Noé"}
    services.change_class(
        actor=made.user("Solange"), pupil=made.pupils["Noé"], school_class=made.classes["CM2"], grade="CM2"
    )
    assert members(choir) == {"Inès"}


def test_groups_end_with_their_year(made, choir):
    with time_machine.travel(choir.year.ends_on + timedelta(days=1, hours=12)):
        assert not PupilGroup.objects.on().exists()
        assert not PupilGroup.objects.visible_to(made.user("Sophie")).exists()


def test_a_family_reads_the_names_of_its_childs_groups(made, choir, browse):
    page = said(browse("Sophie").get(f"/mes-enfants/{made.pupils['Inès'].pk}/"))
    assert "Groupes Chorale" in page
    assert "Chorale" not in said(browse("Sophie").get(f"/mes-enfants/{made.pupils['Tom'].pk}/"))
    assert "Chorale" in said(browse("Joan").get(f"/eleves/{made.pupils['Noé'].pk}/"))
    assert directory(made.people["Inès"].pk)["groupes"][0]["groupe"] == "Chorale"
    assert directory(made.people["Claire"].pk)["groupes"][0]["groupe"] == "Chorale"


@pytest.mark.parametrize("path", ["/groupes/", "/groupes/{group}/", "/groupes/{group}/modifier/"])
def test_pages_cost_the_same_with_more_children_and_groups(made, choir, browse, path, django_assert_max_num_queries):
    browser, path = browse("Claire"), path.format(group=choir.pk)
    for number in range(12):
        pupil = add_pupil(made, f"A{number}", "Nombreux", "CE2")
        choir.members.create(pupil=pupil, starts_on=timezone.localdate())
        services.make_group(
            actor=made.user("Claire"), school=made.schools["Lakanal"], name=f"Groupe {number}", pupils=[pupil]
        )
    browser.get(path)  # what a process learns once
    with django_assert_max_num_queries(12):
        assert browser.get(path).status_code == 200

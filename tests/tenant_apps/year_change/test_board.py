"""Preparing next year, by requests: the head's board, and who never sees it."""

import pytest
import time_machine

from tenant_apps.people.models import Guardianship
from tenant_apps.schools.models import SchoolClass, SchoolYear
from tenant_apps.year_change import services
from tenant_apps.year_change.models import Placement, YearDraft
from tests.tenant_apps.people.factories import add_pupil

pytestmark = pytest.mark.django_db


def place(draft, name):
    return draft.placements.get(pupil__person__first_name=name)


def room(draft, label):
    return draft.classes.get(label=label)


def test_a_head_prepares_next_year_from_the_classes_of_today(made, browse):
    page = browse("Martine").post("/annee-prochaine/", {"school": made.schools["Lakanal"].pk}, follow=True)
    draft = YearDraft.objects.get()
    assert draft.year == SchoolYear.objects.get(label="2027-2028")
    for words in ("Année 2027-2028", "Mme Vidal", "Inès Ferrer", "Noé Cabanel", "À placer", "Quittent l’école"):
        assert words in page.text
    assert {one.label: one.grades for one in draft.classes.all()} == {"CE2": ["CE2"], "CM1": ["CM1"]}


def test_each_pupil_passes_to_the_next_grade_and_is_proposed_where_there_is_no_choice(made, draft):
    assert place(draft, "Inès").grade == "CM1"
    assert place(draft, "Inès").draft_class == room(draft, "CM1")
    assert (place(draft, "Noé").grade, place(draft, "Noé").draft_class) == ("CM2", None)


def test_cm2_pupils_leave(made):
    draft = services.prepare(actor=made.user("Solange"), school=made.schools["Arago"])
    tom = place(draft, "Tom")
    assert (tom.leaves, tom.grade, tom.draft_class) == (True, "", None)


def test_pupils_of_the_last_grade_of_a_nursery_leave_for_a_school_of_choice(made, browse):
    arago = made.schools["Arago"]
    arago.kind = "nursery"
    arago.save()
    made.pupils["Tom"].enrollments.update(grade="GS")
    draft = services.prepare(actor=made.user("Solange"), school=arago)
    services.move(
        actor=made.user("Solange"), draft=draft, placements=[place(draft, "Tom").pk], to=f"leaves:{lakanal(made).pk}"
    )
    assert (place(draft, "Tom").grade, place(draft, "Tom").destination) == ("CP", lakanal(made))


def lakanal(made):
    return made.schools["Lakanal"]


def test_before_june_it_says_when_it_opens(made, browse):
    with time_machine.travel("2027-05-20 09:00:00+02:00", tick=False):
        browser = browse("Martine")
        assert "La préparation s’ouvre mardi 1er juin" in browser.get("/annee-prochaine/").text
        refused = browser.post("/annee-prochaine/", {"school": lakanal(made).pk}, follow=True)
        assert "à partir du 1 juin" in refused.text.replace("1er", "1")
    assert not YearDraft.objects.exists()


def test_ticked_pupils_are_moved_and_the_last_move_is_taken_back(made, draft, browse):
    browser = browse("Martine")
    path = draft.get_absolute_url()
    chosen = [place(draft, name).pk for name in ("Inès", "Noé")]
    browser.post(f"{path}deplacer/", {"placement": chosen, "to": str(room(draft, "CE2").pk)})
    assert set(room(draft, "CE2").placements.values_list("pk", flat=True)) == set(chosen)
    page = browser.post(f"{path}annuler/", follow=True)
    assert "2 élèves remis à leur place." in page.text
    assert place(draft, "Inès").draft_class == room(draft, "CM1")
    assert place(draft, "Noé").draft_class is None


def test_dragging_gets_the_board_alone_and_is_saved(made, draft, browse):
    chosen = {"placement": [place(draft, "Noé").pk], "to": "leaves"}
    answer = browse("Martine").post(f"{draft.get_absolute_url()}deplacer/", chosen, headers={"HX-Request": "true"})
    assert "<html" not in answer.text and "Annuler le dernier déplacement" in answer.text
    assert place(draft, "Noé").leaves


@pytest.mark.parametrize("to", ["une-classe", "leaves:nulle-part"])
def test_a_place_that_is_not_on_the_board_is_refused(made, draft, browse, to):
    chosen = {"placement": [place(draft, "Noé").pk], "to": to}
    page = browse("Martine").post(f"{draft.get_absolute_url()}deplacer/", chosen, follow=True)
    assert "n’existe plus" in page.text
    assert not place(draft, "Noé").leaves


def test_nobody_ticked_is_said(made, draft, browse):
    page = browse("Martine").post(f"{draft.get_absolute_url()}deplacer/", {"to": ""}, follow=True)
    assert "Choisissez d’abord des élèves." in page.text


def test_classes_are_added_changed_and_removed(made, draft, browse):
    browser, path = browse("Martine"), draft.get_absolute_url()
    claire = made.people["Claire"].pk
    browser.post(f"{path}classes/", {"label": "CM1-CM2 Mme Vidal", "grades": ["CM1", "CM2"], "staff": [claire]})
    one = room(draft, "CM1-CM2 Mme Vidal")
    assert (one.grades, [person.pk for person in one.staff.all()]) == (["CM1", "CM2"], [claire])
    refused = browser.post(f"{path}classes/{one.pk}/", {"label": "CE2", "grades": ["CM1"]})
    assert refused.status_code == 422 and "Une classe porte déjà ce nom." in refused.text
    browser.post(f"{path}classes/{one.pk}/", {"label": "CM2", "grades": ["CM2"]})
    services.move(actor=made.user("Martine"), draft=draft, placements=[place(draft, "Noé").pk], to=str(one.pk))
    browser.post(f"{path}classes/{one.pk}/supprimer/")
    assert place(draft, "Noé").draft_class is None


def test_pupils_who_came_since_are_added(made, draft, browse):
    add_pupil(made, "Aya", "Khelifi", "CE2")
    browser = browse("Martine")
    assert "1 arrivé dans l’école depuis." in browser.get(draft.get_absolute_url()).text
    browser.post(f"{draft.get_absolute_url()}completer/")
    assert place(draft, "Aya").draft_class == room(draft, "CM1")


def test_brothers_and_sisters_of_one_class_are_told(made, draft, browse):
    Guardianship.objects.create(pupil=made.pupils["Noé"], guardian=made.people["Sophie"])
    both = [place(draft, name).pk for name in ("Inès", "Noé")]
    services.move(actor=made.user("Martine"), draft=draft, placements=both, to=str(room(draft, "CM1").pk))
    page = browse("Martine").get(draft.get_absolute_url()).text
    assert "fratrie dans la même classe : Noé" in page and "niveau non prévu : CM2" in page


def test_numbers_are_told_by_grade_and_sex(made, draft, browse):
    made.people["Inès"].sex = "F"
    made.people["Inès"].save()
    assert "1 élève · 1 CM1 · 1 fille" in browse("Martine").get(draft.get_absolute_url()).text


def test_the_team_reads_what_the_head_shares_and_changes_nothing(made, draft, browse):
    path = draft.get_absolute_url()
    assert browse("Claire").get(path).status_code == 404
    browse("Martine").post(f"{path}partager/", {"is_shared": "1"})
    page = browse("Claire").get(path)
    assert page.status_code == 200 and "Déplacer les élèves cochés" not in page.text
    assert browse("Claire").post(f"{path}annuler/").status_code == 403


@pytest.mark.parametrize("name", ["Sophie", "Solange"])
def test_a_family_and_another_head_never_see_a_draft(made, draft, browse, name):
    draft.is_shared = True
    draft.save()
    assert browse(name).get(draft.get_absolute_url()).status_code == 404
    assert not YearDraft.objects.visible_to(made.user(name)).exists()


def test_a_draft_makes_no_class_and_no_enrolment(made, draft):
    assert not SchoolClass.objects.filter(year__label="2027-2028").exists()
    assert made.pupils["Inès"].enrollments.count() == 1


def test_a_family_reads_nothing_of_a_draft(made, draft, browse):
    assert not Placement.objects.visible_to(made.user("Sophie")).exists()
    assert "2027-2028" not in browse("Sophie").get("/annee-prochaine/classes/").text
    assert "2027-2028" not in browse("Sophie").get("/").text


def test_the_board_costs_the_same_with_more_pupils(made, draft, browse, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = browse("Martine")
    browser.get(draft.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        browser.get(draft.get_absolute_url())
    for n in range(6):
        add_pupil(made, f"Élève{n}".replace("É", "e"), "Test", "CE2")
    services.complete(actor=None, draft=draft)
    with django_assert_num_queries(len(few)):
        browser.get(draft.get_absolute_url())


def test_the_paper_has_the_classes(made, draft, browse):
    page = browse("Martine").get(f"{draft.get_absolute_url()}imprimer/").text
    assert "Ferrer Inès (CM1)" in page

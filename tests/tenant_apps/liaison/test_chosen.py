"""A note to some children of the class: their families read it, and nobody learns who else did."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from shared_apps.notifications.models import Notification
from shared_apps.signatures.models import Slot
from tenant_apps.liaison import services
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.people.services import make_group
from tests.support.pages import said
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
TYPED = {"title": "Lunettes", "category": "other", "body": "Bonjour", "answer": "none", "audience": "chosen"}


def page(name: str, *args) -> str:
    return reverse(f"liaison:{name}", args=args)


def write(browser, room, **more):
    return browser.post(page("write"), TYPED | {"classes": [room.school_class.pk]} | more)


def choose(browser, room, *names: str):
    note = LiaisonNote.objects.get()
    ticked = {f"class-{room.school_class.pk}": [room.pupils[name].pk for name in names]}
    return browser.post(page("children", note.pk), ticked)


@pytest.fixture
def sent(room, teacher):
    """Sent for Inès and Aya."""
    write(teacher, room)
    answer = choose(teacher, room, "Inès", "Aya")
    teacher.post(answer.url)
    return LiaisonNote.objects.get()


def test_the_children_are_chosen_then_named_before_it_leaves(room, teacher):
    answer = write(teacher, room)
    note = LiaisonNote.objects.get()
    assert answer.url == page("children", note.pk)
    assert "Noé Cabanel" in said(teacher.get(answer.url))
    answer = choose(teacher, room, "Inès")
    assert answer.url == page("publish", note.pk)
    shown = said(teacher.get(answer.url))
    assert "1 enfant et 2 parents" in shown
    assert "Pour Inès Ferrer." in shown


def test_only_the_families_of_these_children_receive_it(room, sent, browser_of):
    told = set(Notification.objects.filter(url=sent.get_absolute_url()).values_list("user", flat=True))
    assert told == {room.guardians[name].pk for name in ("Sophie", "Karim", "Samia")}
    assert set(Slot.objects.values_list("subject_id", flat=True)) == {room.pupils[n].pk for n in ("Inès", "Aya")}
    laure = browser_of("narbonne.localhost", room.guardians["Laure"])
    assert laure.get(sent.get_absolute_url()).status_code == 404
    assert "Lunettes" not in said(laure.get(page("notes")))


def test_a_family_learns_neither_who_else_received_it_nor_that_it_was_for_some(sent, sophie, teacher):
    for shown in [said(sophie.get(where)) for where in ("/", page("notes"), sent.get_absolute_url())]:
        assert "Lunettes" in shown
        assert "Aya" not in shown
        assert "Khelifi" not in shown
        assert "certains enfants" not in shown
    assert "pour certains enfants" in said(teacher.get(page("follow", sent.pk)))


def test_the_follow_up_and_the_coupons_are_of_these_children(sent, teacher):
    for shown in (said(teacher.get(page("follow", sent.pk))), said(teacher.get(page("coupons", sent.pk)))):
        assert "Aya Khelifi" in shown
        assert "Noé Cabanel" not in shown


def test_nobody_chosen_is_said_and_nothing_leaves(room, teacher):
    write(teacher, room)
    assert "Choisissez au moins un enfant." in said(choose(teacher, room))
    note = LiaisonNote.objects.get()
    assert "Personne ne recevrait ce mot" in said(teacher.post(page("publish", note.pk)))
    note.refresh_from_db()
    assert note.is_draft


def test_a_child_of_another_class_is_not_chosen(room, teacher):
    other = factories.next_class(room)
    write(teacher, room)
    note = LiaisonNote.objects.get()
    field = f"class-{room.school_class.pk}"
    teacher.post(page("children", note.pk), {field: [other.pupils["Noé"].pk]})
    assert not note.pupils.exists()


def test_what_was_for_one_child_does_not_become_everybody_s_when_that_child_leaves(room, teacher):
    write(teacher, room)
    choose(teacher, room, "Inès")
    yesterday = timezone.localdate() - timedelta(days=1)
    room.pupils["Inès"].enrollments.update(ends_on=yesterday)
    note = LiaisonNote.objects.get()
    assert services.audience_of(note).children == 0


def test_a_class_left_out_takes_its_children_with_it(room, head):
    other = factories.next_class(room)
    write(head, room, classes=[room.school_class.pk, other.school_class.pk])
    note = LiaisonNote.objects.get()
    both = {f"class-{one.school_class.pk}": [one.pupils["Inès"].pk] for one in (room, other)}
    head.post(page("children", note.pk), both)
    assert note.pupils.count() == 2
    head.post(page("change", note.pk), TYPED | {"classes": [other.school_class.pk]})
    assert list(note.pupils.all()) == [other.pupils["Inès"]]


def test_a_note_given_back_to_the_whole_class_names_nobody(room, teacher):
    write(teacher, room)
    choose(teacher, room, "Inès")
    note = LiaisonNote.objects.get()
    teacher.post(page("change", note.pk), TYPED | {"classes": [room.school_class.pk], "audience": "all"})
    assert not note.pupils.exists()
    note.refresh_from_db()
    assert services.audience_of(note).children == 3


def test_the_list_of_children_costs_the_same_with_more_of_them(room, teacher, django_assert_max_num_queries):
    for n in range(10):
        factories.add_family(room, f"Enfant{n}", "Fabre", ["Aurélie"], prefix=f"plus{n}-")
    write(teacher, room)
    where = page("children", LiaisonNote.objects.get().pk)
    teacher.get(where)
    with django_assert_max_num_queries(12):
        teacher.get(where)


def choir(room, *pupils, led_by=None):
    """A group of the school, made by its head."""
    facts = {"school": room.school, "name": "Chorale", "kind": "choir", "leaders": [(led_by or room.head).person]}
    return make_group(actor=room.head, pupils=pupils, **facts)


def write_to(browser, group, **more):
    typed = TYPED | {"audience": "group", "group": group.pk} | more
    return browser.post(page("write"), typed)


def test_a_group_is_written_to_and_its_families_alone_receive_it(room, head, sophie, browser_of):
    group = choir(room, room.pupils["Inès"])
    answer = write_to(head, group)
    note = LiaisonNote.objects.get()
    assert answer.url == page("publish", note.pk)
    assert "Pour le groupe Chorale" in said(head.get(answer.url))
    head.post(answer.url)
    assert list(note.classes.all()) == [room.school_class]
    assert {slot.subject_id for slot in Slot.objects.all()} == {room.pupils["Inès"].pk}
    shown = said(sophie.get(note.get_absolute_url()))
    assert "Chorale" not in shown
    laure = browser_of("narbonne.localhost", room.guardians["Laure"])
    assert laure.get(note.get_absolute_url()).status_code == 404


def test_leading_a_group_opens_no_family_of_another_class(room, browser_of):
    other = factories.next_class(room)
    group = choir(room, room.pupils["Inès"], other.pupils["Noé"], led_by=room.teacher)
    teacher = browser_of("narbonne.localhost", room.teacher)
    teacher.post(write_to(teacher, group).url)
    assert {slot.subject_id for slot in Slot.objects.all()} == {room.pupils["Inès"].pk}


def test_a_group_with_no_child_of_one_s_classes_is_not_offered(room, teacher):
    other = factories.next_class(room)
    assert "Un groupe d’élèves" not in said(teacher.get(page("write")))
    group = choir(room, other.pupils["Noé"], led_by=room.teacher)
    assert "Chorale" not in said(teacher.get(page("write")))
    write_to(teacher, group)
    assert not LiaisonNote.objects.exists()


def test_a_note_to_a_group_says_which(room, head):
    choir(room, room.pupils["Inès"])
    shown = said(head.post(page("write"), TYPED | {"audience": "group", "classes": [room.school_class.pk]}))
    assert "Choisissez le groupe." in shown
    assert not LiaisonNote.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        LiaisonNote.objects.create(school=room.school, author=room.head, title="Chorale", body="Non", audience="group")


def test_a_child_who_left_the_group_since_does_not_receive_it(room, head):
    group = choir(room, room.pupils["Inès"], room.pupils["Aya"])
    answer = write_to(head, group)
    today = timezone.localdate()
    group.members.filter(pupil=room.pupils["Aya"]).update(starts_on=today - timedelta(days=2), ends_on=today)
    head.post(answer.url)
    assert {slot.subject_id for slot in Slot.objects.all()} == {room.pupils["Inès"].pk}

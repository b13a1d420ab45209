"""A child is unreached when none of its adults is reached, and one who is suffices."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from shared_apps.accounts.models import Device
from shared_apps.notifications import returns
from shared_apps.notifications.models import Notification, PushSubscription
from shared_apps.notifications.services import notify
from tenant_apps.people.models import Guardianship
from tenant_apps.reach.unreached import Reason, children_of
from tests.support.pages import said
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
PAGE = "/familles-non-touchees/"


def unreached(room) -> dict[str, list]:
    found = [child for child in children_of([room.school_class]) if child.is_unreached]
    return {one.enrollment.pupil.person.first_name: [adult.reason for adult in one.adults] for one in found}


def came(user, *, ago=timedelta(0)):
    seen = timezone.now() - ago
    return Device.objects.create(user=user, token_digest=f"{user.pk.hex:0<64}", session_key="s", last_seen_at=seen)


def told(room, name, *, ago, kind="liaison.to_read", child="Inès", title="Piscine"):
    with travel(timezone.now() - ago):
        notify(
            user=room.guardians[name],
            kind=kind,
            title=f"{child} · À lire : {title}",
            path=f"/mots/{title}/",
            subject_ids=[room.pupils[child].pk],
            key=f"{title}:{name}:{child}",
        )
    Notification.objects.update(digest="")


def test_a_child_whose_adult_has_no_account_in_use_is_unreached(room):
    assert unreached(room) == {"Aya": [Reason.NO_ACCOUNT]}


def test_one_adult_who_is_reached_suffices_for_the_child(room):
    Guardianship.objects.create(pupil=room.pupils["Aya"], guardian=room.guardians["Sophie"].person)
    assert unreached(room) == {}


def test_an_adult_without_the_authority_does_not_count(room):
    facts = {"guardian": room.guardians["Sophie"].person, "has_parental_authority": False}
    Guardianship.objects.create(pupil=room.pupils["Aya"], **facts)
    assert unreached(room) == {"Aya": [Reason.NO_ACCOUNT]}


def test_a_child_without_any_known_adult_is_unreached(room):
    room.pupils["Aya"].guardianships.all().delete()
    assert unreached(room) == {"Aya": []}


def test_without_address_nor_called_browser_one_is_not_reached_unless_one_comes(room):
    for name in ("Sophie", "Karim"):
        room.guardians[name].email = ""
        room.guardians[name].save()
    assert unreached(room)["Inès"] == [Reason.NO_ADDRESS] * 2
    device = came(room.guardians["Sophie"], ago=timedelta(days=10))
    assert "Inès" in unreached(room)
    PushSubscription.objects.create(device=device, endpoint="https://x", endpoint_digest="x", p256dh="p", auth="a")
    assert "Inès" not in unreached(room)
    Device.objects.update(session_key="")
    assert "Inès" in unreached(room)
    Device.objects.update(last_seen_at=timezone.now())
    assert "Inès" not in unreached(room)


def test_what_both_leave_unread_for_days_makes_the_child_unreached(room):
    for name in ("Sophie", "Karim"):
        told(room, name, ago=timedelta(days=4))
    assert unreached(room)["Inès"] == [Reason.UNREAD] * 2
    Notification.objects.filter(user=room.guardians["Karim"]).update(read_at=timezone.now())
    assert "Inès" not in unreached(room)


@pytest.mark.parametrize(
    "facts",
    [{"ago": timedelta(days=2)}, {"ago": timedelta(days=4), "kind": "messaging.received"}],
    ids=["recent", "a person's own message"],
)
def test_what_is_recent_or_of_one_person_counts_for_nothing(room, facts):
    for name in ("Sophie", "Karim"):
        told(room, name, **facts)
    assert "Inès" not in unreached(room)


def test_who_came_after_it_was_sent_saw_it(room):
    for name in ("Sophie", "Karim"):
        told(room, name, ago=timedelta(days=9))
    came(room.guardians["Sophie"], ago=timedelta(days=5))
    assert "Inès" not in unreached(room)


def test_the_page_says_who_and_why_class_by_class(room, teacher):
    page = said(teacher.get(PAGE))
    assert "1 enfant sur 3" in page and "Aya Khelifi" in page and "compte pas encore activé" in page
    assert "Inès Ferrer" not in page


def test_a_teacher_reads_of_their_class_and_the_head_of_the_school(room, teacher, browser_of):
    factories.next_class(room)
    assert "CM1" not in said(teacher.get(PAGE))
    assert "2 enfants sur 6" in said(browser_of(HOST, room.head).get(PAGE))


def test_the_sheet_says_what_nobody_of_the_family_read_once_and_without_messages(room, teacher):
    for name in ("Sophie", "Karim"):
        told(room, name, ago=timedelta(days=5), title="Piscine")
        told(room, name, ago=timedelta(days=4), kind="messaging.received", title="Confidentiel")
    page = said(teacher.get(f"{PAGE}imprimer/?classe={room.school_class.pk}"))
    assert page.count("Piscine") == 1 and "Confidentiel" not in page
    assert "Aux responsables de Inès" in page and "code d’activation" in page
    assert "narbonne.localhost" in page


def test_the_sheets_of_another_class_are_not_printed(room, teacher):
    other = factories.next_class(room)
    assert "rien à imprimer" in said(teacher.get(f"{PAGE}imprimer/?classe={other.school_class.pk}"))


def test_the_page_asks_as_much_for_one_family_as_for_thirty(room, teacher):
    teacher.get(PAGE), teacher.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        teacher.get(PAGE)
    for number in range(8):
        factories.add_family(room, f"Zoé{number}", "Martin", ["Samia"], prefix=str(number))
    with CaptureQueriesContext(connection) as many:
        teacher.get(PAGE)
    assert len(many) == len(few) <= 12


def test_an_address_that_no_longer_exists_reaches_nobody(room):
    for name in ("Sophie", "Karim"):
        returns.note(room.guardians[name])
    assert unreached(room)["Inès"] == [Reason.RETURNED] * 2

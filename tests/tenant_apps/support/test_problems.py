"""« J’ai un problème »: a pupil tells the teacher, and nobody above."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.support.models import Ticket
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.support.conftest import SCHEMA, url


@pytest.fixture
def ines(lakanal):
    with in_schema(SCHEMA):
        user = factories.account("Ines", "Ferrer")
        person = lakanal.pupils["Inès"].person
        person.account = user
        person.save()
        return user


def press(device, what="device"):
    return device.post(url("/aide/un-probleme/"), {"what": what})


def test_one_press_tells_the_teacher_by_the_child_s_name(ines, lakanal, browser):
    page = press(browser(ines)).content.decode()
    assert "C’est dit." in page
    with in_schema(SCHEMA):
        notice = Notification.objects.get(kind="support.problem")
        assert (notice.user, notice.title) == (lakanal.teacher, "Inès · A un problème")
        assert Ticket.objects.get().level == "class"


def test_it_is_on_the_teacher_s_home_and_on_no_other(ines, lakanal, arago, browser):
    press(browser(ines))
    assert "Inès a un problème" in browser(lakanal.teacher).get(url("/")).content.decode()
    for user in (lakanal.head, arago.teacher):
        assert "Inès a un problème" not in browser(user).get(url("/")).content.decode()


def test_nothing_of_it_goes_up(ines, browser):
    press(browser(ines))
    with in_schema(SCHEMA):
        assert not OutboxEntry.objects.filter(kind="uplink").exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.update(readable_until=timezone.now())


def test_pressed_three_times_it_is_told_once(ines, browser):
    device = browser(ines)
    for _turn in range(3):
        press(device)
    with in_schema(SCHEMA):
        assert Ticket.objects.count() == 1


def test_the_teacher_says_that_it_is_settled(ines, lakanal, browser):
    press(browser(ines))
    with in_schema(SCHEMA):
        ticket = Ticket.objects.get()
    browser(lakanal.teacher).post(url(f"/aide/demandes/{ticket.pk}/resolue/"))
    assert "C’est dit." not in browser(ines).get(url("/aide/un-probleme/")).content.decode()


def test_help_leads_a_pupil_to_the_pictures(ines, browser):
    device = browser(ines)
    device.get(url("/aide/"))
    assert device.url == url("/aide/un-probleme/")

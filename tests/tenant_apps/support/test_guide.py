"""« Aide » says to each profile what it does most, and to a visitor how to come in."""

from datetime import date

import pytest

from core.tenancy import in_schema
from tenant_apps.people.models import StaffAssignment
from tenant_apps.support.guide import ENTRIES
from tests.support.pages import said
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.links.browser import Device
from tests.tenant_apps.support.conftest import SCHEMA, url


@pytest.fixture
def cook(lakanal):
    with in_schema(SCHEMA):
        user = factories.account("Rachid", "Amrani")
        facts = {"role": "canteen_agent", "school": lakanal.school, "starts_on": date(2020, 1, 1)}
        StaffAssignment.objects.create(person=factories.person("Rachid", "Amrani", user=user), **facts)
    return user


@pytest.fixture
def people(lakanal, officer):
    found = {"guardian": lakanal.guardians["Sophie"], "teacher": lakanal.teacher, "head": lakanal.head}
    return found | {"municipal": officer}


@pytest.mark.parametrize("profile", ["guardian", "teacher", "head", "municipal"])
def test_each_profile_reads_what_it_does_most_and_every_link_opens(profile, people, browser):
    device = browser(people[profile])
    page = device.get(url("/aide/"))
    found = page.context["guide"]
    assert len(found) == len(ENTRIES[profile])
    for entry in found:
        assert str(entry["title"]) in said(page)
        assert device.get(url(entry["url"])).status_code == 200, entry["url"]


def test_an_agent_is_not_led_to_a_page_that_refuses(cook, browser):
    device = browser(cook)
    found = device.get(url("/aide/")).context["guide"]
    assert {entry["url"] for entry in found} == {
        "/effectifs/",
        "/actualites/",
        "/agenda/",
        "/messages/",
        "/notifications/reglages/",
    }
    assert all(device.get(url(entry["url"])).status_code == 200 for entry in found)


def test_a_visitor_reads_how_to_come_in_and_asks_nothing(lakanal):
    device = Device()
    page = said(device.get(url("/aide/")))
    assert device.url == url("/aide/")
    assert "une fiche avec un code" in page
    assert "Mot de passe oublié" in page
    assert "Mes demandes" not in page

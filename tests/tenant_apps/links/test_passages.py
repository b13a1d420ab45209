"""From one commune to the other without a password: what opens, and what does not."""

import pytest
import time_machine
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.accounts.models import SecondFactor
from tenant_apps.links.models import AccountLink
from tenant_apps.people.models import Guardianship, StaffAssignment
from tenants.models import Commune
from tests.tenant_apps.links.browser import Device
from tests.tenant_apps.links.conftest import BASE, HERE, LEZIGNAN, NARBONNE, THERE

DOOR = f"{BASE[LEZIGNAN]}/passage/?depuis={HERE}"


def phone(family, linked):
    """The same link, on a device that is signed in at Narbonne only."""
    device = Device()
    device.sign_in(NARBONNE, family.sophie(HERE))
    return device


def is_in(device, host=LEZIGNAN):
    return device.on(host).get("/").status_code == 200


def opening(device, door=DOOR):
    """Stops at the letter that opens, before it is shown."""
    device._ask("get", door)
    asking = device.on(LEZIGNAN).get(door.removeprefix(BASE[LEZIGNAN])).headers["Location"]
    return device._ask("get", asking).headers["Location"]


def test_one_click_opens_the_linked_commune(family, linked):
    device = phone(family, linked)
    page = device.get(DOOR)
    assert device.url == f"{BASE[LEZIGNAN]}/"
    assert "Inès" in page.content.decode()


def test_an_opening_serves_once(family, linked):
    device = phone(family, linked)
    url = opening(device)
    assert device.get(url).status_code == 200
    device.on(LEZIGNAN).post("/deconnexion/")
    assert device.get(url).status_code == 410
    assert not is_in(device)


def test_an_opening_shown_in_another_browser_opens_nothing(family, linked):
    """Neither to a thief who got the address, nor to somebody led into the thief's account."""
    url = opening(phone(family, linked))
    other = Device()
    assert other.get(url).status_code == 410
    assert not is_in(other)


def test_an_opening_lasts_a_minute(family, linked):
    device = phone(family, linked)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        url = opening(device)
        clock.shift(61)
        assert device.get(url).status_code == 410
    assert not is_in(device)


def test_an_opening_is_for_one_host(family, linked):
    device = phone(family, linked)
    url = opening(device).replace(BASE[LEZIGNAN], BASE[NARBONNE])
    assert device.get(url).status_code == 410


def test_a_forged_opening_opens_nothing(family, linked):
    device = phone(family, linked)
    url = opening(device)
    assert device.get(url[:-2] + "xx").status_code == 410
    assert device.get(f"{BASE[LEZIGNAN]}/passage/arrivee/?lettre=c_11262").status_code == 410
    assert not is_in(device)


def test_two_tabs_may_ask_at_once(family, linked):
    device = phone(family, linked)
    first, second = opening(device), opening(device)
    assert device.get(first).status_code == 200
    device.on(LEZIGNAN).post("/deconnexion/")
    # Signing in gives the session a new life: what the other tab asked is gone with the old one.
    assert device.get(second).status_code == 410


def test_a_link_revoked_on_either_side_opens_nothing(family, linked):
    for schema in (HERE, THERE):
        device = phone(family, linked)
        with in_schema(schema):
            AccountLink.objects.update(revoked_at=timezone.now())
        assert device.get(DOOR).status_code == 410
        assert not is_in(device)
        with in_schema(schema):
            AccountLink.objects.update(revoked_at=None)


def test_a_session_opened_by_a_link_ends_with_it(family, linked):
    device = phone(family, linked)
    device.get(DOOR)
    assert is_in(device)
    with in_schema(THERE):
        AccountLink.objects.update(revoked_at=timezone.now())
    assert not is_in(device)


def test_an_account_that_is_not_linked_opens_nothing(family, linked):
    device = Device()
    device.sign_in(NARBONNE, family.rooms[HERE].guardians["Laure"])
    assert device.get(DOOR).status_code == 410


def test_a_guardian_who_left_is_told_so(family, linked):
    with in_schema(THERE):
        Guardianship.objects.filter(guardian__account=family.sophie(THERE)).update(ended_on=timezone.localdate())
    page = phone(family, linked).get(DOOR)
    assert page.status_code == 410
    assert "plus d’enfant" in page.content.decode()


def test_a_closed_account_is_not_opened(family, linked):
    with in_schema(THERE):
        user = family.sophie(THERE)
        user.is_active = False
        user.save()
    assert phone(family, linked).get(DOOR).status_code == 410


def test_a_password_of_elsewhere_never_opens_a_function(family, linked):
    with in_schema(THERE):
        person = family.sophie(THERE).person
        school = family.rooms[THERE].school
        StaffAssignment.objects.create(person=person, role="head", school=school, starts_on=timezone.localdate())
    page = phone(family, linked).get(DOOR)
    assert page.status_code == 410
    assert "mot de passe" in page.content.decode()


def test_a_password_of_elsewhere_never_stands_in_for_a_second_factor(family, linked):
    with in_schema(THERE):
        SecondFactor.objects.create(user=family.sophie(THERE), secret=b"-", confirmed_at=timezone.now())
    assert phone(family, linked).get(DOOR).status_code == 410


def test_a_suspended_commune_says_why_and_the_other_goes_on(family, linked, lezignan):
    lezignan.state = Commune.State.SUSPENDED
    lezignan.save()
    from tenants.hosts import hosts

    hosts.clear()
    device = phone(family, linked)
    assert device.get(DOOR).status_code == 503
    page = device.get(f"{BASE[NARBONNE]}/")
    assert page.status_code == 200
    assert "data-elsewhere" not in page.content.decode()


def test_whoever_is_signed_in_here_is_not_replaced_without_a_word(family, linked):
    device = phone(family, linked)
    device.sign_in(LEZIGNAN, family.rooms[THERE].guardians["Laure"])
    page = device.get(DOOR)
    assert "Laure" in page.content.decode()
    assert page.templates[0].name == "links/already_in.html"
    page = device.post(DOOR)
    assert "Bonjour Sophie" in page.content.decode()


def test_a_visitor_signs_in_first_and_goes_on(family, linked):
    page = Device().get(DOOR)
    assert page.templates[0].name == "accounts/sign_in.html"


def test_a_session_opened_by_a_link_opens_nothing_further(family, linked):
    device = phone(family, linked)
    device.get(DOOR)
    assert device.get(f"{BASE[LEZIGNAN]}/communes-liees/").status_code == 403
    assert "data-elsewhere" not in device.get(f"{BASE[LEZIGNAN]}/").content.decode()
    # Back to Narbonne on a device that is signed out there: the link of the link is refused.
    device.on(NARBONNE).post("/deconnexion/")
    assert device.get(f"{BASE[NARBONNE]}/passage/?depuis={THERE}").status_code == 410


@pytest.mark.parametrize(
    "page", ["mon-compte/mot-de-passe/", "mon-compte/adresse/", "second-facteur/installer/", "mon-compte/cles/"]
)
def test_a_session_opened_by_a_link_leaves_no_other_way_in_behind(family, linked, page):
    device = phone(family, linked)
    device.get(DOOR)
    assert device.get(f"{BASE[LEZIGNAN]}/{page}").status_code == 403
    assert device.get(f"{BASE[LEZIGNAN]}/mon-compte/").status_code == 200


def test_the_door_knows_open_communes_only(family, linked):
    device = phone(family, linked)
    for wrong in ("", THERE, "c_99999", "https://evil.example", "//evil.example"):
        assert device.get(f"{BASE[LEZIGNAN]}/passage/?depuis={wrong}").status_code == 404

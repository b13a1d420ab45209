"""Messages in a browser: a pupil who can't reach another class, the academy's switch; on a phone and a tablet."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.steps import BOTH, enter, no_violation, page_of, person

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-peopled")]
TOWNS = {"narbonne": "c_11262", "lezignan-corbieres": "c_11203"}
REASON = "Essai de coupure en plusieurs communes"
LEAVES = 150  # seconds: a worker looks each minute at what was held


def shown(page: Page, site: Site, path: str, town: str = "narbonne") -> None:
    page.goto(site.url(town, path))
    no_violation(page)


def write(page: Page, site: Site, town: str, subject: str) -> None:
    shown(page, site, "/messages/ecrire/", town)
    page.locator('[name="to"][value^="guardians:"]').first.check()
    page.get_by_label("objet").fill(subject)
    page.get_by_label("texte").fill("Bonjour à tous")
    page.get_by_role("button", name="Relire avant d’envoyer").click()


@pytest.mark.parametrize("size", BOTH)
def test_a_pupil_writes_to_her_teacher_and_reaches_no_other_class(browser: Browser, peopled: Site, size: str) -> None:
    head = person(browser, peopled, "head", "pc")
    shown(head, peopled, "/messages/ecrire/")
    other_class = head.locator('[name="to"][value^="guardians:"]').first.get_attribute("value")
    pupil = person(browser, peopled, "reader", size)
    shown(pupil, peopled, "/messages/")
    shown(pupil, peopled, "/messages/ecrire/")
    expect(pupil.locator(f'[value="{other_class}"]')).to_have_count(0)
    pupil.locator('[name="to"]').first.evaluate("(box, code) => { box.value = code }", other_class)
    pupil.locator('[name="to"]').first.check()
    pupil.get_by_label("Ton message").fill("Bonjour")
    pupil.get_by_role("button", name="Relire").click()
    expect(pupil.get_by_text("Personne ne le recevrait")).to_be_visible()
    no_violation(pupil)
    pupil.get_by_role("button", name="Envoyer").click()
    expect(pupil.get_by_text("choisissez à qui vous écrivez")).to_be_visible()
    no_violation(pupil)


@pytest.mark.parametrize("size", BOTH)
def test_the_academy_throws_the_switch_and_nothing_leaves_until_it_opens_again(
    browser: Browser, peopled: Site, size: str
) -> None:
    subject = f"Avant la coupure ({size})"
    teachers = {town: person(browser, peopled, "teacher", size, schema) for town, schema in TOWNS.items()}
    for town, page in teachers.items():
        write(page, peopled, town, subject)
        no_violation(page)
    admin = page_of(browser, size)
    enter(admin, peopled, "/entrer/public/role-administrator/")
    throw(admin, peopled)
    for page in teachers.values():
        page.get_by_role("button", name="Envoyer").click()
        expect(page.get_by_text("L’académie a suspendu l’envoi des messages")).to_be_visible()
        no_violation(page)
    for town, page in teachers.items():
        shown(page, peopled, "/messages/brouillons/", town)
        expect(page.get_by_text(subject)).to_be_visible()
    reopen(admin)
    page = teachers["narbonne"]
    page.get_by_role("link", name=subject).click()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    page.get_by_role("button", name="Envoyer").click()
    leaves(page, peopled, subject)


def leaves(page: Page, site: Site, subject: str) -> None:
    """The worker is another process."""
    for _turn in range(LEAVES):
        page.goto(site.url("narbonne", "/messages/?dossier=envoyes"))
        if page.get_by_text(subject).count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{subject} has not left.")


def throw(admin: Page, site: Site) -> None:
    shown(admin, site, "/urgence/", "academie")
    shown(admin, site, "/urgence/couper/", "academie")
    admin.get_by_label("Toute l’académie").check()
    admin.get_by_label("Pourquoi").fill(REASON)
    admin.get_by_role("button", name="Couper maintenant").click()
    expect(admin.get_by_text("Plus rien ne part")).to_be_visible()
    no_violation(admin)
    admin.get_by_role("link", name="Toute l’académie").first.click()
    admin.wait_for_load_state()
    no_violation(admin)


def reopen(admin: Page) -> None:
    for box in admin.locator('[name="parties"]').all():
        box.check()
    admin.get_by_label("Pourquoi").first.fill(REASON)
    admin.get_by_role("button", name="Rouvrir pour les profils cochés").click()
    expect(admin.get_by_text("Cette coupure est terminée")).to_be_visible()
    no_violation(admin)

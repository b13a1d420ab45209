"""One sitting: an officer takes a commune from prospect to open, the head signs in; an inspector sees theirs only."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.steps import enter, page_of
from tests.journeys.test_signatures import read_mail
from tests.journeys.test_story import activate_from_the_mail

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-sitting")]
MOST_PAGES, MOST_FIELDS = 12, 40
COURSAN = "/communes/11106/"


class Sitting:
    """A page that counts the documents it showed and the fields that were filled."""

    def __init__(self, page: Page) -> None:
        self.page, self.pages, self.fields = page, 0, 0
        page.on("framenavigated", self._count)

    def _count(self, frame: object) -> None:
        self.pages += frame == self.page.main_frame

    def fill(self, fields: dict[str, str]) -> None:
        for name, value in fields.items():
            self.page.locator(f'main [name="{name}"]').first.fill(value)
            self.fields += 1

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        expect(self.page.locator(".errors")).to_have_count(0)


def test_a_commune_opens_in_one_sitting_and_its_head_signs_in(browser: Browser, site: Site) -> None:
    page = page_of(browser, "pc")
    enter(page, site, "/entrer/public/role-deployment/")
    sitting = Sitting(page)
    meet_the_town(sitting, site)
    confirm_the_mandate(page_of(browser, "phone"), site)
    agree(sitting)
    open_it(sitting)
    assert sitting.pages <= MOST_PAGES, sitting.pages
    assert sitting.fields <= MOST_FIELDS, sitting.fields
    activate_from_the_mail(page_of(browser, "phone"), site, "Mireille")


def meet_the_town(sitting: Sitting, site: Site) -> None:
    page = sitting.page
    page.goto(site.url("academie", "/communes/?q=coursan"))
    page.get_by_role("link", name="Coursan", exact=True).click()
    sitting.press("Commencer le dossier")
    uai = (page.locator('main [name^="head-"]').first.get_attribute("name") or "")[: len("head-0110000A")]
    sitting.fill(
        {
            "official": "mairie@coursan.example",
            "mayor-first_name": "Édouard",
            "mayor-last_name": "Rocher",
            "delegate-first_name": "Nicole",
            "delegate-last_name": "Sire",
            "delegate-email": "n.sire@coursan.example",
            f"{uai}-first_name": "Mireille",
            f"{uai}-last_name": "Peyre",
            f"{uai}-email": "direction@example.org",
        }
    )
    sitting.press("Enregistrer les contacts")
    sitting.fill({"detail": "appel"})
    sitting.press("Noter le premier contact")
    sitting.press("Rédiger la convention")


def confirm_the_mandate(page: Page, site: Site) -> None:
    """At the town hall, on a telephone."""
    read_mail(page, site, "Qui représente Coursan")
    page.goto(page.locator('a[href*="/mandat/"]').first.get_attribute("href") or "")
    page.locator('main [name="answered_by"]').fill("Édouard Rocher, maire")
    page.get_by_role("button", name="Oui, Nicole Sire nous représente").click()
    expect(page.get_by_role("heading", name="Merci, c’est noté")).to_be_visible()


def agree(sitting: Sitting) -> None:
    sitting.fill({"number": "2026-31"})
    sitting.press("Enregistrer la délibération")
    sitting.page.get_by_text("La commune a signé sur papier").click()
    sitting.press("Enregistrer la signature de la commune")
    sitting.fill({"signer_name": "Sylvie Marchand"})
    sitting.press("Enregistrer la signature de l’académie")


def open_it(sitting: Sitting) -> None:
    page = sitting.page
    page.get_by_role("button", name="Ouvrir", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("Aller à coursan"))).to_be_visible(timeout=60_000)


def test_an_inspector_sees_their_circonscription_only(browser: Browser, site: Site) -> None:
    page = page_of(browser, "phone")
    enter(page, site, "/entrer/public/role-inspector/")
    page.goto(site.url("academie", "/communes/"))
    expect(page.get_by_role("link", name="Narbonne", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Lézignan-Corbières", exact=True)).to_have_count(0)
    answer = page.goto(site.url("academie", "/communes/11203/"))
    assert answer is not None
    assert answer.status == 404

"""What each journey does: open a page of a size, enter as somebody, fill a form, find no axe violation."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.core.look.test_browser import SIZES
from tests.journeys.conftest import Site

BOTH = ("phone", "tablet")


def page_of(browser: Browser, size: str) -> Page:
    width, height = SIZES[size]
    return browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR").new_page()


def enter(page: Page, site: Site, action: str) -> None:
    """« Entrer comme… » on the front door."""
    page.goto(site.url(""))
    page.locator(f'form[action="{action}"] button').click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"))


def accept_the_charter(page: Page) -> None:
    page.get_by_label("J’ai lu ces règles").check(force=True)
    page.get_by_role("button", name="Continuer").click()


def send(page: Page, url: str, fields: dict[str, str]) -> None:
    """Fill the form of a page and press its one button."""
    page.goto(url)
    for name, value in fields.items():
        page.locator(f'main [name="{name}"]').first.fill(value)
    page.locator("main form[method=post] button[type=submit]").first.click()
    expect(page.locator(".errors")).to_have_count(0)


def person(browser: Browser, site: Site, who: str, size: str, schema: str = "c_11262") -> Page:
    """Somebody of a commune, on a device of that size."""
    page = page_of(browser, size)
    enter(page, site, f"/entrer/{schema}/{who}/")
    return page


def no_violation(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, [(page.url, one["id"], one["nodes"][0]["html"]) for one in found]

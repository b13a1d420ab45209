"""The learning notebook in a browser: a child recorded on a tablet is heard by its parent on a phone, who signs."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.core.look.test_browser import OPTIONS
from tests.journeys.conftest import Site
from tests.journeys.test_story import enter, page_of

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-peopled")]
# A microphone that hears a test tone, and asks nobody.
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
SUCCESS = "Chante toute la chanson des jours"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=[*OPTIONS, *MICROPHONE])
        yield opened
        opened.close()


def person(browser: Browser, site: Site, who: str, size: str) -> Page:
    page = page_of(browser, size)
    enter(page, site, f"/entrer/c_11262/{who}/")
    return page


def look(page: Page) -> None:
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide), f"{page.url} scrolls sideways"


def test_a_success_is_recorded_on_a_tablet_and_heard_on_a_phone(browser: Browser, peopled: Site) -> None:
    parent = person(browser, peopled, "nursery-guardian", "phone")
    sign(parent)
    teacher = person(browser, peopled, "nursery-teacher", "tablet")
    note(teacher, peopled, child_of(parent, peopled))
    hear(parent)
    follow(teacher, peopled)


def sign(parent: Page) -> None:
    """The notebook that waits on the home page, among notes that may wait too."""
    waiting = parent.get_by_role("link", name="Lire et signer").and_(parent.locator('[href*="/carnet/"]'))
    expect(waiting.first).to_be_visible()
    before = waiting.count()
    waiting.first.click()
    look(parent)
    parent.get_by_role("button", name="Signer").click()
    expect(parent.get_by_text("C’est signé.").first).to_be_visible()
    look(parent)
    parent.goto(parent.url.split("/carnet/")[0])
    expect(waiting).to_have_count(before - 1)


def child_of(parent: Page, site: Site) -> str:
    """Opens the notebook of the first child, and tells its identifier."""
    parent.goto(site.url("narbonne", "/carnet/"))
    look(parent)
    covers = parent.locator("main .cover a")
    if covers.count():
        covers.first.click()
        look(parent)
    return parent.url.rstrip("/").rsplit("/", 1)[1]


def note(teacher: Page, site: Site, child: str) -> None:
    teacher.goto(site.url("narbonne", "/carnet/"))
    look(teacher)
    teacher.get_by_role("link", name="Noter une réussite").click()
    look(teacher)
    teacher.locator(f'[name="pupils"][value="{child}"]').check()
    teacher.get_by_label("Langage").check()
    expect(teacher.locator("#milestones option")).to_have_count(5)
    teacher.get_by_role("button", name="Enregistrer un son").click()
    expect(teacher.get_by_text("J’écoute")).to_be_visible()
    teacher.get_by_role("button", name="Arrêter").click()
    expect(teacher.get_by_text("Le son est prêt.")).to_be_visible()
    teacher.get_by_label("Ce que l’enfant réussit").fill(SUCCESS)
    look(teacher)
    teacher.get_by_role("button", name="Noter et montrer").click()
    expect(teacher.get_by_text("C’est noté.")).to_be_visible()
    look(teacher)


def hear(parent: Page) -> None:
    parent.reload()
    look(parent)
    trace = parent.locator(".trace", has=parent.get_by_role("heading", name=SUCCESS))
    expect(trace).to_have_count(1)
    sound = trace.locator("audio").element_handle()
    sound.evaluate("(audio) => { audio.preload = 'metadata'; audio.load(); }")
    parent.wait_for_function("(audio) => audio.duration > 0", arg=sound)


def follow(teacher: Page, site: Site) -> None:
    """Who signed what was given to the families."""
    teacher.goto(site.url("narbonne", "/carnet/"))
    teacher.get_by_role("link", name="Premier carnet de l’année").click()
    look(teacher)
    teacher.get_by_role("link", name="Les signatures").click()
    look(teacher)
    expect(teacher.get_by_text("Signé").first).to_be_visible()

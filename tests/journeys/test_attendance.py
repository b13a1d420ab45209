"""A call on a tablet without a network, and the canteen counts right. A parent announces for two, on a phone."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.core.look.test_browser import OPTIONS
from tests.journeys.conftest import Site
from tests.journeys.test_story import accept_the_charter, enter, page_of

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-attendance")]
NARBONNE = "c_11262"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield opened
        opened.close()


def without_violation(page: Page) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def test_a_call_made_offline_leaves_by_itself_and_the_canteen_counts_right(browser: Browser, peopled: Site) -> None:
    tablet = page_of(browser, "tablet")
    enter(tablet, peopled, f"/entrer/{NARBONNE}/teacher/")
    tablet.goto(peopled.url("narbonne", "/appel/"))
    if tablet.get_by_text("pas classe").count():
        pytest.skip("no school this half-day")
    label = tablet.get_by_role("heading", level=1).inner_text().removeprefix("Appel du ")
    without_violation(tablet)
    wait_until_kept(tablet)
    tablet.context.set_offline(True)
    tablet.reload()
    absent = [tile_of(tablet, "") for _turn in range(2)]
    tablet.get_by_role("button", name=re.compile("Valider|Corriger")).click()
    expect(tablet.get_by_text("Hors connexion.")).to_be_visible()
    expect(tablet.get_by_text("2 à envoyer")).to_be_visible()
    without_violation(tablet)
    tablet.reload()
    for name in absent:
        expect(tablet.get_by_role("checkbox", name=name)).to_be_checked()
    missing = tablet.locator(".tap__box:checked").count()
    expect(tablet.get_by_text("Hors connexion.")).to_be_visible(timeout=30_000)
    tablet.context.set_offline(False)
    # This browser says nothing when the network is back: the page tries again every eight seconds.
    expect(tablet.get_by_text("Hors connexion.")).to_be_hidden(timeout=30_000)
    expect(tablet.get_by_text(re.compile("Appel fait à"))).to_be_visible()
    agent = page_of(browser, "tablet")
    agent.goto(peopled.url(""))
    agent.locator(f'form[action="/entrer/{NARBONNE}/municipal/"] button').click()
    agent.wait_for_url(re.compile("charte"))
    accept_the_charter(agent)
    agent.goto(peopled.url("narbonne", "/effectifs/"))
    row = agent.get_by_role("row").filter(has=agent.get_by_role("rowheader", name=label, exact=True)).first
    expect(row.get_by_role("cell").nth(1)).to_have_text(str(missing))
    for name in absent:
        expect(row).to_contain_text(name)
    expect(agent.get_by_text("maladie")).to_have_count(0)
    without_violation(agent)


def wait_until_kept(page: Page) -> None:
    """The page and its files, by the worker that was just installed."""
    for _attempt in range(60):
        if page.evaluate("async () => (await (await caches.open('ent-call-assets')).keys()).length") > 5:
            return
        page.wait_for_timeout(500)
    raise AssertionError("nothing was kept")


def tile_of(page: Page, state: str) -> str:
    """Touch the first child of that state; their name."""
    tile = page.locator(f'[data-tap="{state}"]').first
    name = " ".join(tile.locator(".tap__words > *").all_inner_texts()[:2])
    tile.locator(".tap__label").click()
    return name


def test_a_parent_announces_for_two_children_on_a_phone(browser: Browser, peopled: Site) -> None:
    phone = page_of(browser, "phone")
    enter(phone, peopled, f"/entrer/{NARBONNE}/guardian/")
    phone.goto(peopled.url("narbonne", "/absences/"))
    announced = phone.get_by_role("list", name="Absences annoncées").get_by_role("listitem")
    before = announced.count()
    phone.get_by_role("link", name="Annoncer une absence").click()
    boxes = phone.get_by_role("group", name="Qui sera absent ?").get_by_role("checkbox")
    for n in range(2):
        boxes.nth(n).check(force=True)
    # The demo has announced some absences of these days already.
    phone.get_by_label("Quel jour ?").fill((timezone.localdate() + timedelta(days=60)).isoformat())
    phone.get_by_label("maladie de l’enfant").check(force=True)
    without_violation(phone)
    phone.get_by_role("button", name="Prévenir l’école").click()
    expect(phone.get_by_text("C’est noté. L’école est prévenue.")).to_be_visible()
    expect(announced).to_have_count(before + 2)
    without_violation(phone)

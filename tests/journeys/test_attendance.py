"""A call without a network, and the canteen counts right. A parent announces for two. On a phone and a tablet.

On whatever day these are run, a call is that of the last half-day of school: on a Sunday, of Friday afternoon.
"""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tenant_apps.attendance.half_days import Half, HalfDay
from tenant_apps.attendance.views.days import address
from tenant_apps.attendance.views.worker import SOURCE
from tests.journeys.conftest import Site
from tests.journeys.steps import BOTH, accept_the_charter, no_violation, page_of, person

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-peopled")]
NARBONNE = "c_11262"
WORKER = "**/appel/worker.js"
HALVES_OF_A_SUMMER = 140
KEPT = """async () => {
    const kept = await caches.open('ent-call-assets');
    const files = [...document.querySelectorAll('script[src], link[rel=stylesheet]')];
    return (await Promise.all(files.map((one) => kept.match(one.src || one.href)))).every(Boolean);
}"""


@pytest.mark.parametrize("size", BOTH)
def test_a_call_made_offline_leaves_by_itself_and_the_canteen_counts_right(
    browser: Browser, peopled: Site, size: str
) -> None:
    tablet = person(browser, peopled, "teacher", size)
    half_day = open_the_last_call(tablet, peopled)
    label = tablet.get_by_role("heading", level=1).inner_text().removeprefix("Appel du ")
    no_violation(tablet)
    wait_until_kept(tablet)
    tablet.context.set_offline(True)
    tablet.reload()
    absent = [tile_of(tablet, "") for _turn in range(2)]
    tablet.get_by_role("button", name=re.compile("Valider|Corriger")).click()
    expect(tablet.get_by_text("Hors connexion.")).to_be_visible()
    expect(tablet.get_by_text("2 à envoyer")).to_be_visible()
    no_violation(tablet)
    tablet.reload()
    for name in absent:
        expect(tablet.get_by_role("checkbox", name=name)).to_be_checked()
    missing = tablet.locator(".tap__box:checked").count()
    expect(tablet.get_by_text("Hors connexion.")).to_be_visible(timeout=30_000)
    tablet.context.set_offline(False)
    # This browser says nothing when the network is back: the page tries again every eight seconds.
    expect(tablet.get_by_text("Hors connexion.")).to_be_hidden(timeout=30_000)
    expect(tablet.get_by_text(re.compile("Appel fait à"))).to_be_visible()
    agent = municipal_agent(browser, peopled, size)
    agent.goto(peopled.url("narbonne", "/effectifs/" + address(half_day)))
    row = agent.get_by_role("row").filter(has=agent.get_by_role("rowheader", name=label, exact=True)).first
    expect(row.get_by_role("cell").nth(1)).to_have_text(str(missing))
    for name in absent:
        expect(row).to_contain_text(name)
    expect(agent.get_by_text("maladie")).to_have_count(0)
    no_violation(agent)


def open_the_last_call(page: Page, site: Site) -> HalfDay:
    """The page of the teacher's class, for the last half-day of school that has begun: this one, or back from it."""
    half_day = HalfDay.now()
    for _half in range(HALVES_OF_A_SUMMER):
        tell_the_worker(page, half_day.day)
        page.goto(site.url("narbonne", "/appel/" + address(half_day)))
        if page.locator("#call").count():
            return half_day
        half_day = before(half_day)
    raise AssertionError("no half-day of school")


def before(half_day: HalfDay) -> HalfDay:
    if half_day.half == Half.PM:
        return HalfDay(half_day.day, Half.AM)
    return HalfDay(half_day.day - timedelta(days=1), Half.PM)


def tell_the_worker(page: Page, day: date) -> None:
    """It keeps the pages of its own day, and no other: on a day without school it is told which one it is."""
    page.context.unroute(WORKER)
    if day != timezone.localdate():
        script = f"Date.prototype.toLocaleDateString = () => '{day}';\n{SOURCE.read_text()}"
        page.context.route(WORKER, lambda route: route.fulfill(body=script, content_type="text/javascript"))


def municipal_agent(browser: Browser, site: Site, size: str) -> Page:
    """Asked for the charter the first time only."""
    page = page_of(browser, size)
    page.goto(site.url(""))
    page.locator(f'form[action="/entrer/{NARBONNE}/municipal/"] button').click()
    page.wait_for_url(re.compile(r"charte|localhost:\d+/$"))
    if "charte" in page.url:
        no_violation(page)
        accept_the_charter(page)
    return page


def wait_until_kept(page: Page) -> None:
    """The page and all its files, by the worker that was just installed: without its script a call would leave as a
    form does, and be lost."""
    for _attempt in range(60):
        if page.evaluate(KEPT):
            return
        page.wait_for_timeout(500)
    raise AssertionError("not all was kept")


def tile_of(page: Page, state: str) -> str:
    """Touch the first child of that state; their name."""
    tile = page.locator(f'[data-tap="{state}"]').first
    name = " ".join(tile.locator(".tap__words > *").all_inner_texts()[:2])
    tile.locator(".tap__label").click()
    return name


def test_the_call_counts_with_the_words_of_one_and_of_two(browser: Browser, peopled: Site) -> None:
    phone = person(browser, peopled, "teacher", BOTH[0])
    open_the_last_call(phone, peopled)
    phone.get_by_role("button", name="Tous présents").click()
    for counted in ("0 absent", "1 absent", "2 absents"):
        expect(phone.locator(".dock__figure").nth(1)).to_have_text(counted)
        tile_of(phone, "")


@pytest.mark.parametrize("size", BOTH)
def test_a_parent_announces_for_two_children(browser: Browser, peopled: Site, size: str) -> None:
    phone = person(browser, peopled, "guardian", size)
    phone.goto(peopled.url("narbonne", "/absences/"))
    announced = phone.get_by_role("list", name="Absences annoncées").get_by_role("listitem")
    before = announced.count()
    phone.get_by_role("link", name="Annoncer une absence").click()
    boxes = phone.get_by_role("group", name="Qui sera absent ?").get_by_role("checkbox")
    for n in range(2):
        boxes.nth(n).check(force=True)
    # The demo has announced some absences of these days already; each size has its day.
    day = timezone.localdate() + timedelta(days=60 + BOTH.index(size))
    phone.get_by_label("Quel jour ?").fill(day.isoformat())
    phone.get_by_label("maladie de l’enfant").check(force=True)
    no_violation(phone)
    phone.get_by_role("button", name="Prévenir l’école").click()
    expect(phone.get_by_text("C’est noté. L’école est prévenue.")).to_be_visible()
    expect(announced).to_have_count(before + 2)
    no_violation(phone)

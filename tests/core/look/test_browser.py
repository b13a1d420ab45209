"""What only a browser knows: the stylesheets are applied, nothing overflows, pages live without JavaScript."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = pytest.mark.journey

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"phone": (390, 844), "tablet": (820, 1180), "pc": (1366, 900)}
SAMPLES = ["parent", "direction", "suivi", "mot", "ouverture", "import", "connexion", "activation"]
PUBLIC = ["eleve", "cm2", "vitrine"]
PAGES = ["", "eleve/", "vitrine/", *(f"modele/{name}/" for name in [*SAMPLES, *PUBLIC])]


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`opened("phone")`: an empty page of that size, closed after the test."""
    contexts = []

    def _opened(size: str = "pc", **options: Any) -> Page:
        width, height = SIZES[size]
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR", **options))
        return contexts[-1].new_page()

    yield _opened
    for context in contexts:
        context.close()


def test_the_states_design_system_is_served_and_applied_under_our_colours(opened, address):
    page = opened()
    page.goto(f"{address}/galerie/")
    # A rule of the DSFR's core, and one of its variables that we map to ours.
    assert (
        page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--underline-thickness')")
        == "0.0625em"
    )
    colours = page.evaluate(
        "[getComputedStyle(document.documentElement).getPropertyValue('--blue-france-sun-113-625'),"
        " getComputedStyle(document.querySelector('.fr-btn')).backgroundColor]"
    )
    assert colours == ["#0f4f45", "rgb(15, 79, 69)"]


def test_a_state_service_gets_its_blue_back(opened, address):
    page = opened()
    page.goto(f"{address}/galerie/")
    page.evaluate("document.documentElement.dataset.theme = 'etat'")
    blue = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--blue-france-sun-113-625')")
    assert blue.strip() == "#000091"


@pytest.mark.parametrize("size", SIZES)
def test_no_page_scrolls_sideways_or_breaks_the_content_policy(opened, address, size):
    page = opened(size)
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    wide = []
    for path in PAGES:
        page.goto(f"{address}/galerie/{path}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert wide == []
    assert [text for text in refused if "favicon" not in text and "404" not in text] == []


def test_axe_finds_nothing_to_say(opened, address):
    page = opened("pc", bypass_csp=True)
    found = []
    for path in PAGES:
        page.goto(f"{address}/galerie/{path}")
        violations = Axe().run(page).response["violations"]
        found += [(path, violation["id"], violation["nodes"][0]["target"]) for violation in violations]
    assert found == []


@pytest.mark.parametrize("path", ["", "modele/parent/", "modele/direction/", "modele/connexion/"])
def test_everything_one_touches_is_large_enough(opened, address, path):
    page = opened("phone")
    page.goto(f"{address}/galerie/{path}")
    small = page.evaluate(
        """[...document.querySelectorAll(
            '.btn, .nav a, .fr-input:not([type=hidden]), .fr-select, .choice__label, .segmented a, .avatar')]
        .map((e) => [e.className, e.getBoundingClientRect()]).filter(([, box]) => box.height && box.height < 43.5)
        .map(([name, box]) => `${name} ${box.height}`)"""
    )
    assert small == []


def test_a_password_can_be_seen_while_typing(opened, address):
    page = opened()
    page.goto(f"{address}/galerie/modele/connexion/")
    page.get_by_role("button", name="Afficher le mot de passe").click()
    assert page.locator("#id_password").get_attribute("type") == "text"
    page.get_by_role("button", name="Masquer le mot de passe").click()
    assert page.locator("#id_password").get_attribute("type") == "password"


def test_an_activation_code_is_grouped_as_it_is_typed(opened, address):
    page = opened("phone")
    page.goto(f"{address}/galerie/modele/activation/")
    field = page.get_by_label("Code d’activation")
    field.fill("")
    field.press_sequentially("k7pm r4tw")
    assert field.input_value() == "K7PM-R4TW"


def test_a_draft_comes_back_after_a_reload(opened, address):
    page = opened()
    page.on("dialog", lambda dialog: dialog.accept())
    page.add_init_script("document.addEventListener('DOMContentLoaded', () => { document.body.dataset.viewer = 'MC' })")
    page.goto(f"{address}/galerie/")
    page.locator("#id_body").press_sequentially("Bonjour à tous")
    page.reload()
    assert page.locator("#id_body").input_value() == "Bonjour à tous"


def test_a_page_without_javascript_hides_what_would_not_work(opened, address):
    page = opened(java_script_enabled=False)
    page.goto(f"{address}/galerie/modele/connexion/")
    assert not page.locator(".field__show").is_visible()
    page.goto(f"{address}/galerie/modele/eleve/")
    assert not page.locator(".speak").first.is_visible()
    assert page.get_by_role("link", name="Mes photos").is_visible()


def test_the_same_entries_stand_at_the_top_or_at_the_bottom(opened, address):
    wide, narrow = opened(), opened("phone")
    for page in (wide, narrow):
        page.goto(f"{address}/galerie/modele/direction/")
    assert wide.locator(".nav").bounding_box()["y"] < 80
    assert narrow.locator(".nav").bounding_box()["y"] > 700
    assert wide.locator(".nav a").all_inner_texts() == narrow.locator(".nav a").all_inner_texts()

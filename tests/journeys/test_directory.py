"""From two ONDE files to a mother's phone and a child's tablet, on the real processes of the demo.

Twice, on two sizes of screen, each with its own children. No page on the way has an axe violation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.core.look.test_browser import OPTIONS, SIZES
from tests.journeys.conftest import Site
from tests.journeys.steps import accept_the_charter, enter, send
from tests.journeys.test_story import CASE, LAKANAL, open_the_commune
from tests.tenant_apps.imports.files import INES, SOPHIE, guardians, pupils

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
ARAGO = "0110429G"
HEADS = {LAKANAL: ("Martine", "direction.lakanal@example.org"), ARAGO: ("Solange", "direction.arago@example.org")}
PASSWORD = "la Robine coule à midi"
# A camera that films a test card, and asks nobody.
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
# This browser has no reader of QR pictures on this system: one that reads the address given in its place.
READER = """window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect() { return Promise.resolve([{ rawValue: "%s" }]); }
};"""
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


@dataclass(frozen=True)
class Family:
    """A mother, a child in CP at Lakanal, another in CM1 at Arago, and the teacher of the former."""

    name: str
    mother: str
    young: str
    old: str
    teacher: str
    initial: int  # sets the INE of the two children apart

    @property
    def young_class(self) -> str:
        return f"CP Mme {self.teacher}"

    def pupil(self, first: str, grade: str, label: str, born: str, rank: int) -> dict[str, str]:
        ine = f"00000{self.initial}{rank}00BB"
        names = {"Nom élève": self.name, "Prénom élève": first, "Date naissance": born, "INE": ine}
        return INES | names | {"Niveau": grade, "Libellé classe": label}

    def guardian(self, first: str, label: str, email: str) -> dict[str, str]:
        names = {"Nom responsable": self.name, "Prénom responsable": self.mother, "Courriel": email}
        phone = f"06000000{self.initial}0"
        child = {"Nom de famille enfant": self.name, "Prénom enfant": first, "Classes enfants": label}
        return SOPHIE | names | child | {"Téléphone portable": phone}


FAMILIES = {
    "tablet": Family("FERRER", "Sophie", "Lou", "Tom", "Lopez", 1),
    "phone": Family("CABANEL", "Laure", "Zoé", "Hugo", "Sabatier", 2),
}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=[*OPTIONS, *CAMERA])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def heads(browser: Browser, site: Site) -> dict[str, Any]:
    """Narbonne is online; each head came in by the mail: their cookies, by school."""
    officer = browser.new_page()
    enter(officer, site, "/entrer/public/role-deployment/")
    sign_for_two_schools(officer, site)
    open_the_commune(officer, site)
    return {uai: come_in_by_the_mail(browser, site, name, email) for uai, (name, email) in HEADS.items()}


def sign_for_two_schools(page: Page, site: Site) -> None:
    academy = site.url("academie")[:-1]
    page.goto(f"{academy}/communes/?q=narb")
    page.get_by_role("link", name="Narbonne", exact=True).click()
    page.get_by_role("button", name="Commencer le dossier").click()
    send(page, f"{academy}{CASE}contact/", {})
    mayor = {"first_name": "Hélène", "last_name": "Castan", "email": "maire@example.org"}
    send(page, f"{academy}{CASE}contacts/maire/", mayor)
    for uai, (first, email) in HEADS.items():
        send(page, f"{academy}{CASE}contacts/{uai}/", {"first_name": first, "last_name": "Calas", "email": email})
    send(page, f"{academy}{CASE}convention/", {})
    send(page, f"{academy}{CASE}deliberation/", {"number": "2026-118"})
    for party, name, quality, place in (
        ("commune", "Hélène Castan", "maire", "Narbonne"),
        ("academie", "Sylvie Marchand", "rectrice", "Montpellier"),
    ):
        send(
            page, f"{academy}{CASE}signature-{party}/", {"signer_name": name, "signer_quality": quality, "place": place}
        )


def come_in_by_the_mail(browser: Browser, site: Site, first_name: str, email: str) -> Any:
    page = browser.new_page()
    row = page.get_by_role("link", name="Votre espace ENT-école est ouvert")
    for _turn in range(30):
        page.goto(site.url("", "/courriers/"))
        if row.count() >= len(HEADS):
            break
        page.wait_for_timeout(1000)
    for n in range(row.count()):
        page.goto(site.url("", "/courriers/"))
        row.nth(n).click()
        if page.get_by_text(f"Bonjour {first_name}").count():
            break
    page.goto(page.get_by_role("link", name=re.compile("activer")).first.get_attribute("href") or "")
    page.locator("main form button[type=submit]").first.click()
    choose_a_password(page)
    expect(page.get_by_role("heading", name=f"Bonjour {first_name}")).to_be_visible()
    state = page.context.storage_state()
    page.context.close()
    return state


def choose_a_password(page: Page) -> None:
    fields = page.locator('main input[type="password"]')
    expect(fields.first).to_be_visible()  # `all` takes what is there, the page before included
    for field in fields.all():
        field.fill(PASSWORD)
    page.locator("main form[method=post] button[type=submit]").first.click()
    accept_the_charter(page)


class Screen:
    """One person's browser at one size; every page it is asked to look at is clean."""

    def __init__(self, browser: Browser, site: Site, size: str, state: Any = None) -> None:
        width, height = SIZES[size]
        # The checker is a script of its own, which our policy refuses.
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="fr-FR", storage_state=state, bypass_csp=True
        )
        self.page, self.site = context.new_page(), site

    def goto(self, path: str) -> Page:
        self.page.goto(self.site.url("narbonne", path))
        self.look()
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.look()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self.look()

    def look(self) -> None:
        found = Axe().run(self.page).response["violations"]
        said = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]
        assert said == [], f"{self.page.url}: {said}"
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.page.evaluate(wide), f"{self.page.url} scrolls sideways"


@pytest.mark.parametrize("size", FAMILIES)
def test_a_directory_is_imported_and_everybody_comes_in(
    browser: Browser, site: Site, heads: dict[str, Any], size: str
) -> None:
    family = FAMILIES[size]
    lakanal, arago = (Screen(browser, site, size, heads[uai]) for uai in (LAKANAL, ARAGO))
    young = [family.pupil(family.young, "CP", family.young_class, "2020-05-02", 1)]
    old = [family.pupil(family.old, "CM1", f"CM1 {family.teacher}", "2017-02-11", 2)]
    import_file(lakanal, pupils(*young))
    import_file(lakanal, guardians(family.guardian(family.young, family.young_class, f"{family.mother}@example.org")))
    import_file(arago, pupils(*old))
    # The other school's file says nothing of her address: who she is, is for a person to say.
    review_the_homonym(arago, guardians(family.guardian(family.old, f"CM1 {family.teacher}", "")))
    print_the_sheets(lakanal)
    activate_on_the_phone(Screen(browser, site, size), family, code_of_the_mother(lakanal, family))
    teacher = Screen(browser, site, size)
    come_in_as_teacher(teacher, name_a_teacher(lakanal, family))
    letters = open_the_class_for_cards(teacher, family)
    tablet = Screen(browser, site, size)
    come_in_with_the_card(tablet, family, letters)
    tablet.press("C’est fini")
    come_in_by_the_camera(tablet, family, letters)
    see_who_is_in(teacher, family)
    touch_the_pictures(Screen(browser, site, size), family, *open_the_class_for_pictures(teacher, family))


def put(screen: Screen, data: bytes) -> None:
    page = screen.goto("/imports/")
    page.locator('input[type="file"]').first.set_input_files(
        {"name": "CSVExtraction.csv", "mimeType": "text/csv", "buffer": data}
    )
    screen.press("Vérifier ce fichier")
    expect(page.get_by_text("Rien n’est enregistré pour l’instant.")).to_be_visible()


def import_file(screen: Screen, data: bytes) -> None:
    put(screen, data)
    screen.press("Appliquer")
    expect(screen.page.get_by_text("C’est enregistré.")).to_be_visible()


def review_the_homonym(screen: Screen, data: bytes) -> None:
    put(screen, data)
    page = screen.page
    expect(page.get_by_role("heading", name="Est-ce la même personne ?")).to_be_visible()
    page.get_by_role("radio", name=re.compile("C’est la même personne")).check(force=True)
    screen.press("Enregistrer mon choix")
    screen.press("Appliquer")
    expect(page.get_by_text("C’est enregistré.")).to_be_visible()


def print_the_sheets(screen: Screen) -> None:
    page = screen.goto("/ecole/")
    screen.follow(re.compile("Codes et fiches"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Imprimer les fiches").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def code_of_the_mother(screen: Screen, family: Family) -> str:
    """What her sheet says, read on the page of her child."""
    screen.goto("/ecole/")
    screen.follow(re.compile(family.young_class))
    screen.follow(re.compile(family.young))
    screen.follow("Code de connexion")
    return read_code(screen.page)


def read_code(page: Page) -> str:
    found = CODE.search(page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return found.group()


def activate_on_the_phone(screen: Screen, family: Family, code: str) -> None:
    page = screen.goto("/activer/")
    page.get_by_label("Code d’activation").fill(code)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text(family.young).first).to_be_visible()
    screen.look()
    choose_a_password(page)
    expect(page.get_by_role("heading", name=f"Bonjour {family.mother}")).to_be_visible()
    screen.look()
    children = page.locator("main").inner_text()
    for words in (family.young, "Lakanal", family.old, "Arago"):
        assert words in children


def name_a_teacher(screen: Screen, family: Family) -> str:
    """The head names her in the class, and hands her a code."""
    page = screen.goto("/ecole/")
    screen.follow(re.compile("Équipe"))
    for name, value in {"first_name": "Inês", "last_name": family.teacher}.items():
        page.locator(f'main [name="{name}"]').fill(value)
    page.locator('[name="role"]').select_option("teacher")
    page.locator('[name="school_class"]').select_option(label=family.young_class)
    screen.press("Ajouter à l’équipe")
    screen.follow(f"Code Inês {family.teacher}")
    return read_code(page)


def come_in_as_teacher(screen: Screen, code: str) -> None:
    page = screen.goto("/activer/")
    page.get_by_label("Code d’activation").fill(code)
    page.locator("main form button[type=submit]").first.click()
    choose_a_password(page)
    expect(page.get_by_role("heading", name="Bonjour Inês")).to_be_visible()


def open_the_class_for_cards(screen: Screen, family: Family) -> str:
    """She chooses the cards, opens for half an hour, prints; the letters of the child's card are on it."""
    page = screen.goto("/")
    screen.follow("L’entrée des élèves")
    page.get_by_role("radio", name=re.compile("^Carte")).check(force=True)
    screen.press("Enregistrer")
    page.get_by_role("radio", name=re.compile("^30 minutes")).check(force=True)
    screen.press("Ouvrir la classe")
    expect(page.get_by_text("Code de la classe")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Les cartes").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    screen.follow(re.compile(family.young))
    screen.press("Montrer")
    return read_code(page)


def come_in_with_the_card(screen: Screen, family: Family, letters: str) -> None:
    """The picture of the card holds this address: any reader opens it."""
    page = screen.goto(f"/entrer/carte/{letters}/")
    expect(page.get_by_role("heading", name="C’est toi ?")).to_be_visible()
    screen.press("Oui, c’est moi")
    expect(page.get_by_role("heading", name=f"Bonjour {family.young}")).to_be_visible()


def come_in_by_the_camera(screen: Screen, family: Family, letters: str) -> None:
    screen.page.add_init_script(READER % screen.site.url("narbonne", f"/entrer/carte/{letters}/"))
    page = screen.goto("/entrer/")
    page.get_by_role("button", name="Ouvrir l’appareil photo").click()
    page.wait_for_url(re.compile("/entrer/carte/"))
    screen.press("Oui, c’est moi")
    expect(page.get_by_role("heading", name=f"Bonjour {family.young}")).to_be_visible()


def open_the_class_for_pictures(screen: Screen, family: Family) -> tuple[str, list[str]]:
    """The code on the board, and the pictures that the teacher shows to the child."""
    page = screen.goto("/acces/")
    page.get_by_role("radio", name=re.compile("^Images")).check(force=True)
    screen.press("Enregistrer")
    page.get_by_role("radio", name=re.compile("^30 minutes")).check(force=True)
    screen.press("Ouvrir la classe")
    screen.follow("Montrer au tableau")
    code = page.locator(".board__code").inner_text()
    screen.follow("Retour")
    screen.follow(re.compile(family.young))
    screen.press("Montrer")
    return code, [text.split(". ")[1] for text in page.locator(".shown-pictures li").all_inner_texts()]


def touch_the_pictures(screen: Screen, family: Family, code: str, pictures: list[str]) -> None:
    page = screen.goto("/entrer/")
    page.get_by_label("Ou tape les lettres").fill(code.lower())
    screen.press("Entrer")
    screen.follow(re.compile(family.young))
    for name in reversed(pictures):
        page.get_by_role("button", name=name).click()
    expect(page.get_by_role("alert")).to_have_text("Ce n’est pas ça. Essaie encore.")
    screen.look()
    for name in pictures:  # by the keyboard
        page.get_by_role("button", name=name).press("Enter")
    expect(page.get_by_role("heading", name=f"Bonjour {family.young}")).to_be_visible()


def see_who_is_in(screen: Screen, family: Family) -> None:
    screen.goto("/acces/")
    expect(screen.page.get_by_text("dans l’espace depuis")).to_have_count(1)
    screen.press("Fermer et déconnecter les élèves")
    expect(screen.page.get_by_text("1 élève est déconnecté")).to_be_visible()

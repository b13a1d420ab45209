"""A convention signed on the platform by both sides, then shown to anybody: one byte changed, and it is refused."""

import re
from base64 import b64decode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.steps import enter, page_of, send

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-signatures")]
CASE = "/communes/11203/"
# By the browser itself, which alone knows these hosts.
FETCH = """async (url) => {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


def test_both_sides_sign_online_and_a_changed_copy_is_refused(browser: Browser, site: Site) -> None:
    officer = page_of(browser, "pc")
    enter(officer, site, "/entrer/public/role-conventions/")
    send_it_to_the_town(officer, site)
    mayor = page_of(browser, "phone")
    sign_as_mayor(mayor, site)
    sign_as_academy(officer, site)
    signed = the_file(officer)
    anybody = page_of(browser, "phone")
    show(anybody, site, signed)
    expect(anybody.get_by_text("Ce document est authentique.")).to_be_visible()
    expect(anybody.get_by_text("Hélène Castan, maire")).to_be_visible()
    show(anybody, site, signed[:3000] + bytes([signed[3000] ^ 1]) + signed[3001:])
    expect(anybody.get_by_text("Ce document a été modifié.")).to_be_visible()
    expect(anybody.get_by_text("authentique")).to_have_count(0)


def send_it_to_the_town(page: Page, site: Site) -> None:
    academy = site.url("academie")[:-1]
    page.goto(f"{academy}{CASE}")
    page.get_by_role("button", name="Commencer le dossier").click()
    send(page, f"{academy}{CASE}contact/", {})
    send(page, f"{academy}{CASE}convention/", {})
    send(page, f"{academy}{CASE}deliberation/", {"number": "2026-12"})
    page.goto(f"{academy}{CASE}")
    page.get_by_role("link", name="Signatures et fichiers").click()
    page.get_by_role("link", name="Envoyer à la signature").click()
    page.get_by_label("Adresse officielle de la commune").fill("mairie@lezignan.example")
    page.get_by_role("button", name="Envoyer le lien").click()
    expect(page.get_by_text("lien envoyé à mairie@lezignan.example")).to_be_visible()


def read_mail(page: Page, site: Site, subject: str) -> None:
    """The worker sends it within seconds; the list does not refresh by itself."""
    mail = page.get_by_role("link", name=subject).first
    for _attempt in range(40):
        page.goto(site.url("", "/courriers/"))
        if mail.count():
            break
        page.wait_for_timeout(500)
    mail.click()


def sign_as_mayor(page: Page, site: Site) -> None:
    read_mail(page, site, "Une convention à signer")
    page.goto(page.get_by_role("link", name=re.compile("cle=")).first.get_attribute("href") or "")
    door = page.url
    page.get_by_role("button", name="Recevoir le code").click()
    read_mail(page, site, "Votre code pour signer")
    code = re.search(r"\b\d{6}\b", page.locator("main").inner_text())
    assert code
    page.goto(door)
    page.get_by_label("Code reçu par courriel").fill(code[0])
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Votre prénom et votre nom").fill("Hélène Castan")
    page.get_by_label("En qualité de").fill("maire")
    page.get_by_label("J’ai lu ce document et je le signe").check(force=True)
    page.get_by_role("button", name="Signer").click()
    expect(page.get_by_role("heading", name="C’est signé")).to_be_visible()


def sign_as_academy(page: Page, site: Site) -> None:
    page.goto(site.url("academie", CASE))
    page.get_by_role("link", name="Signatures et fichiers").click()
    page.get_by_role("link", name="Signer pour l’académie").click()
    page.get_by_label("J’ai lu ce document et je le signe").check(force=True)
    page.get_by_role("button", name="Signer pour l’académie").click()
    expect(page.get_by_text("Le document est signé des deux côtés.")).to_be_visible()


def the_file(page: Page) -> bytes:
    link = page.get_by_role("link", name="Exemplaire signé en ligne").get_attribute("href") or ""
    return b64decode(page.evaluate(FETCH, link))


def show(page: Page, site: Site, data: bytes) -> None:
    page.goto(site.url("academie", "/verifier-un-document/"))
    file = {"name": "convention.pdf", "mimeType": "application/pdf", "buffer": data}
    page.locator('input[type="file"]').set_input_files(file)
    page.get_by_role("button", name="Vérifier").click()

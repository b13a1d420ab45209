"""Narbonne goes online, from the academy's page to a guardian's phone, on the real processes of the demo."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tenant_apps.imports.samples import make_onde
from tests.journeys.conftest import Site
from tests.journeys.steps import accept_the_charter, enter, page_of, send

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
CLASSES = [("CE2 Mme Vidal", [("CE2", 12)]), ("CM2 M. Pujol", [("CM2", 9)])]
LAKANAL = "0110427E"
CASE = "/communes/11262/"


def test_narbonne_goes_online(browser: Browser, site: Site) -> None:
    officer = page_of(browser, "pc")
    enter(officer, site, "/entrer/public/role-deployment/")
    sign_the_convention(officer, site)
    open_the_commune(officer, site)
    head = page_of(browser, "pc")
    activate_from_the_mail(head, site, "Martine")
    import_the_school(head, site)
    enter(head, site, "/entrer/c_11262/head/")
    write_a_note(head, site)
    phone = page_of(browser, "phone")
    sign_on_the_phone(phone, site)
    count_it(officer, site)


def sign_the_convention(page: Page, site: Site) -> None:
    academy = site.url("academie")[:-1]
    page.goto(f"{academy}/communes/?q=narb")
    page.get_by_role("link", name="Narbonne", exact=True).click()
    page.get_by_role("button", name="Commencer le dossier").click()
    send(page, f"{academy}{CASE}contact/", {})
    names = {"first_name": "Hélène", "last_name": "Castan", "email": "maire@example.org"}
    send(page, f"{academy}{CASE}contacts/maire/", names)
    names = {"first_name": "Martine", "last_name": "Calas", "email": "direction@example.org"}
    send(page, f"{academy}{CASE}contacts/{LAKANAL}/", names)
    send(page, f"{academy}{CASE}convention/", {})
    send(page, f"{academy}{CASE}deliberation/", {"number": "2026-118"})
    signer = {"signer_name": "Hélène Castan", "signer_quality": "maire", "place": "Narbonne"}
    send(page, f"{academy}{CASE}signature-commune/", signer)
    signer = {"signer_name": "Sylvie Marchand", "signer_quality": "rectrice", "place": "Montpellier"}
    send(page, f"{academy}{CASE}signature-academie/", signer)


def open_the_commune(page: Page, site: Site) -> None:
    page.goto(site.url("academie", CASE))
    page.get_by_role("button", name="Ouvrir", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("Aller à narbonne"))).to_be_visible(timeout=60_000)


def activate_from_the_mail(page: Page, site: Site, first_name: str) -> None:
    """The head's first code came by mail, when the worker sent it; the catcher shows it, among those of the others."""
    mails = page.get_by_role("link", name="Votre espace ENT-école est ouvert")
    for turn in range(40):
        page.goto(site.url("", "/courriers/"))
        if not mails.count():
            page.wait_for_timeout(500)
            continue
        mails.nth(turn % mails.count()).click()
        page.wait_for_url(re.compile(r"/courriers/."))
        if page.get_by_text(f"Bonjour {first_name}").count():
            break
    expect(page.get_by_text(f"Bonjour {first_name}")).to_be_visible()
    page.goto(page.get_by_role("link", name=re.compile("activer")).first.get_attribute("href") or "")
    page.locator("main form button[type=submit]").first.click()
    fields = page.locator('main input[type="password"]')
    expect(fields.first).to_be_visible()  # `all` takes what is there, the page before included
    for field in fields.all():
        field.fill("la Robine coule à midi")
    page.locator("main form[method=post] button[type=submit]").first.click()
    accept_the_charter(page)
    expect(page.get_by_role("heading", name=f"Bonjour {first_name}")).to_be_visible()


def import_the_school(page: Page, site: Site) -> None:
    files = make_onde(CLASSES, seed=5)
    for name, data in (("eleves.csv", files.pupils), ("responsables.csv", files.guardians)):
        page.goto(site.url("narbonne", "/imports/"))
        page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
        page.get_by_role("button", name="Vérifier ce fichier").click()
        expect(page.get_by_text("Rien n’est enregistré pour l’instant.")).to_be_visible()
        page.get_by_role("button", name="Appliquer").click()
        expect(page.get_by_text("C’est enregistré.")).to_be_visible()


def write_a_note(page: Page, site: Site) -> None:
    page.goto(site.url("narbonne", "/mots/ecrire/"))
    for box in page.get_by_role("checkbox", name=re.compile("CE2|CM2")).all():
        box.check(force=True)
    page.get_by_label("Titre").fill("Sortie au musée Narbo Via")
    page.get_by_label("Texte").fill("Bonjour,\n\nNous allons voir les Romains.")
    page.get_by_role("radio", name=re.compile("Un accord")).check(force=True)
    page.locator('[name="due_on"]').fill("2099-01-15")
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.get_by_text("21 enfants")).to_be_visible()
    page.get_by_role("button", name="Envoyer le mot").click()
    expect(page.get_by_role("heading", name="Sortie au musée Narbo Via")).to_be_visible()


def sign_on_the_phone(page: Page, site: Site) -> None:
    page.goto(site.url(""))
    page.locator('form[action="/entrer/c_11262/guardian/"] button').click()
    accept_the_charter(page)
    page.get_by_role("link", name="Lire et signer").first.click()
    page.get_by_role("radio", name="J’autorise").first.check(force=True)
    page.get_by_role("button", name="Signer").first.click()
    expect(page.get_by_role("heading", name="C’est signé")).to_be_visible()


def count_it(page: Page, site: Site) -> None:
    """The academy's page counts what happened, from the roll-up."""
    counted = page.get_by_text(re.compile(r"Mots envoyés")).locator("xpath=..")
    for _turn in range(20):
        page.goto(site.url("academie", "/statistiques/"))
        if "1" in (counted.first.text_content() or ""):
            return
        page.wait_for_timeout(500)
    raise AssertionError(page.locator("main").text_content())

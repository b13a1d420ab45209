"""A note that two separated guardians must sign, one on a telephone, one on paper; on a phone and on a tablet."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.steps import BOTH, no_violation, person

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-peopled")]
CHILD, OTHER = "Adam", "Pascal Barthès"  # the demo shows his mother


@pytest.mark.parametrize("size", BOTH)
def test_two_separated_guardians_sign_one_of_them_on_paper(browser: Browser, peopled: Site, size: str) -> None:
    title = f"Sortie à l’étang ({size})"
    head = person(browser, peopled, "head", size)
    they_live_apart(head, peopled)
    where = send_a_note_that_each_must_sign(head, peopled, title)
    sign_at_home(person(browser, peopled, "guardian", size), peopled, title)
    record_the_paper(head, where)


def they_live_apart(head: Page, site: Site) -> None:
    head.goto(site.url("narbonne", "/recherche/?q=Adam+Barthès"))
    head.get_by_role("link", name=re.compile("Adam")).first.click()
    link = head.locator("section, article", has_text=OTHER).last.get_by_role("link", name=re.compile("Modifier"))
    link.first.click()
    head.get_by_label("l’enfant vit chez cette personne").set_checked(False, force=True)
    head.get_by_role("button", name="Enregistrer").click()
    expect(head.locator(".errors")).to_have_count(0)


def send_a_note_that_each_must_sign(head: Page, site: Site, title: str) -> str:
    """Returns the address of its follow-up."""
    head.goto(site.url("narbonne", "/mots/ecrire/"))
    no_violation(head)
    head.get_by_role("checkbox", name=re.compile("^CP M. Sabatier")).check(force=True)
    head.get_by_label("Titre").fill(title)
    head.get_by_label("Texte").fill("Bonjour,\n\nNous allons voir les flamants.")
    head.get_by_role("radio", name=re.compile("Un accord")).check(force=True)
    head.locator('[name="due_on"]').fill("2099-01-15")
    head.get_by_label("Chaque responsable doit signer").check(force=True)
    head.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(head.get_by_text("Chaque responsable doit signer.")).to_be_visible()
    no_violation(head)
    head.get_by_role("button", name="Envoyer le mot").click()
    expect(head.get_by_role("heading", name=title)).to_be_visible()
    no_violation(head)
    return head.url


def sign_at_home(phone: Page, site: Site, title: str) -> None:
    phone.goto(site.url("narbonne", "/mots/"))
    no_violation(phone)
    phone.get_by_role("link", name=re.compile(re.escape(title))).first.click()
    expect(phone.get_by_text(OTHER)).to_have_count(0)
    no_violation(phone)
    phone.get_by_role("radio", name="J’autorise").first.check(force=True)
    phone.get_by_role("button", name="Signer").click()
    expect(phone.get_by_role("heading", name="C’est signé")).to_be_visible()
    no_violation(phone)


def record_the_paper(head: Page, where: str) -> None:
    """One signature is not enough: the coupon is printed, comes back, and stands for who signed it."""
    head.goto(f"{where}?voir=manque")
    row = head.get_by_role("row").filter(has_text=f"{CHILD} Barthès")
    expect(row).to_contain_text("Signé")
    head.get_by_role("link", name=re.compile("Imprimer pour")).click()
    expect(head.get_by_text(f"{CHILD} Barthès")).to_be_visible()
    no_violation(head)
    head.goto(f"{where}?voir=manque")
    row.get_by_text(f"Papier de {OTHER}").click()
    no_violation(head)
    row.get_by_role("button", name="J’autorise", exact=True).click()
    expect(head.get_by_text(f"Papier reçu pour {CHILD} Barthès")).to_be_visible()
    head.goto(f"{where}?voir=signes")
    signed = head.get_by_role("row").filter(has_text=f"{CHILD} Barthès")
    expect(signed).to_contain_text("Papier enregistré par Martine Calas")
    no_violation(head)

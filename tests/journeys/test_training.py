"""A training in a browser: in the catalogue, on a date, followed by somebody of a commune, proved."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.steps import enter, no_violation, page_of

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-peopled")]
TITLE = "Un après-midi pour essayer"


def test_a_training_goes_from_the_catalogue_to_the_certificate(browser: Browser, peopled: Site) -> None:
    site, trainer, head = peopled, page_of(browser, "tablet"), page_of(browser, "pc")
    enter(trainer, site, "/entrer/public/role-trainer/")
    enter(head, site, "/entrer/c_11262/head/")
    add_to_the_catalogue(trainer, site)
    plan_for_today(trainer, site)
    register(head, site)
    put_in_the_calendar(head)
    tick_who_came(trainer)
    take_the_certificate(head)


def add_to_the_catalogue(trainer: Page, site: Site) -> None:
    trainer.goto(site.url("academie", "/formations/catalogue/ajouter/"))
    no_violation(trainer)
    for name, value in {
        "title": TITLE,
        "audience": "enseignants",
        "hours": "3",
        "objectives": "Faire l’appel, écrire un mot.",
    }.items():
        trainer.locator(f'[name="{name}"]').fill(value)
    trainer.get_by_role("button", name="Enregistrer").click()
    expect(trainer.get_by_role("link", name=TITLE, exact=True)).to_be_visible()
    no_violation(trainer)


def plan_for_today(trainer: Page, site: Site) -> None:
    trainer.get_by_role("link", name=re.compile(f"^Programmer.*{TITLE}")).click()
    no_violation(trainer)
    values = {"day": timezone.localdate().isoformat(), "starts_at": "14:00", "ends_at": "17:00"}
    for name, value in (values | {"place": "Collège Victor-Hugo", "seats": "12"}).items():
        trainer.locator(f'[name="{name}"]').fill(value)
    trainer.get_by_role("button", name="Ouvrir les inscriptions").click()
    expect(trainer.get_by_text("La session est ouverte aux inscriptions")).to_be_visible()
    no_violation(trainer)


def register(head: Page, site: Site) -> None:
    """The academy's answer comes in a moment."""
    head.goto(site.url("narbonne", "/formations/"))
    no_violation(head)
    head.get_by_role("link", name=re.compile(TITLE)).click()
    head.get_by_role("button", name="M’inscrire").click()
    for _turn in range(240):
        if head.get_by_text("Votre place est réservée").count():
            break
        head.wait_for_timeout(250)
        head.reload()
    expect(head.get_by_text("Votre place est réservée")).to_be_visible()
    no_violation(head)


def fetched(page: Page, address: str) -> dict[str, str]:
    """By the page itself: it alone knows where « narbonne.localhost » is."""
    return page.evaluate(
        "async address => { const a = await fetch(address);"
        " return { type: a.headers.get('content-type'), text: await a.text() } }",
        address,
    )


def put_in_the_calendar(head: Page) -> None:
    address = head.get_by_role("link", name="Mettre dans mon agenda").get_attribute("href") or ""
    text = fetched(head, address)["text"]
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert f"SUMMARY:Formation : {TITLE}" in text.replace("\u00a0", " ")


def tick_who_came(trainer: Page) -> None:
    trainer.reload()
    trainer.get_by_role("link", name="Émargement", exact=True).click()
    no_violation(trainer)
    trainer.get_by_role("checkbox", name=re.compile("Martine")).check(force=True)
    trainer.get_by_role("button", name="Enregistrer l’émargement").click()
    expect(trainer.get_by_text("1 présent reçoit son attestation")).to_be_visible()


def take_the_certificate(head: Page) -> None:
    paper = head.get_by_role("link", name=re.compile("Télécharger l’attestation"))
    for _turn in range(60):
        head.reload()
        if paper.count():
            break
        head.wait_for_timeout(250)
    no_violation(head)
    answer = fetched(head, paper.get_attribute("href") or "")
    assert answer["type"] == "application/pdf"
    assert answer["text"].startswith("%PDF")

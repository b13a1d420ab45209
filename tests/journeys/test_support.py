"""Support access, in a browser: asked at the academy, granted by the head, used, ended, seen in the audit."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.steps import enter, no_violation, page_of
from tests.journeys.test_story import activate_from_the_mail, import_the_school, open_the_commune, sign_the_convention

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]


@pytest.fixture(scope="module")
def head(browser: Browser, site: Site) -> Page:
    """Narbonne is online, the head of Lakanal has her classes."""
    officer = page_of(browser, "pc")
    enter(officer, site, "/entrer/public/role-deployment/")
    sign_the_convention(officer, site)
    open_the_commune(officer, site)
    page = page_of(browser, "pc")
    activate_from_the_mail(page, site, "Martine")
    import_the_school(page, site)
    return page


def test_access_is_granted_used_ended_and_seen_in_the_audit(browser: Browser, site: Site, head: Page) -> None:
    agent = page_of(browser, "pc")
    enter(agent, site, "/entrer/public/role-support/")
    ask(agent, site)
    grant(head, site)
    look(agent, site)
    see_the_banner_and_end_it(head, site)
    closed(agent, site)
    read_the_audit(head, site)


def ask(agent: Page, site: Site) -> None:
    agent.goto(site.url("academie", "/assistance/acces/demander/?commune=11262"))
    no_violation(agent)
    agent.get_by_label("Données scolaires d’une école").check()
    agent.locator('[name="uai"]').select_option("0110427E")
    agent.get_by_label("Vérifier des comptes").check()
    agent.get_by_role("button", name="Demander à la commune").click()
    expect(agent.get_by_text("Rien n’est ouvert avant la réponse")).to_be_visible()
    expect(agent.get_by_role("link", name="Entrer")).to_have_count(0)


def grant(head: Page, site: Site) -> None:
    head.goto(site.url("narbonne", "/assistance/acces/"))
    no_violation(head)
    head.get_by_role("button", name="Autoriser").click()
    expect(head.get_by_text("Mettre fin maintenant")).to_be_visible()


def look(agent: Page, site: Site) -> None:
    """The commune's word goes up in a moment; then one click."""
    door = agent.get_by_role("link", name="Entrer")
    for _turn in range(60):
        agent.goto(site.url("academie", "/assistance/acces/"))
        if door.count():
            break
    no_violation(agent)
    door.click()
    expect(agent).to_have_url(re.compile("narbonne.*/assistance/consultation/"))
    no_violation(agent)
    agent.get_by_role("link", name=re.compile("CE2")).first.click()
    expect(agent.get_by_text("en lecture seule")).to_be_visible()
    no_violation(agent)
    assert agent.goto(site.url("narbonne", "/mots/")).status == 403  # type: ignore[union-attr]


def see_the_banner_and_end_it(head: Page, site: Site) -> None:
    head.goto(site.url("narbonne", "/"))
    banner = head.get_by_label("Assistance académique")
    expect(banner).to_contain_text("consulte")
    banner.get_by_role("link").click()
    head.get_by_role("button", name="Mettre fin maintenant").click()
    expect(head.get_by_text("l’assistance ne lit plus rien ici")).to_be_visible()


def closed(agent: Page, site: Site) -> None:
    """Her session ended with the access: what is left of the commune is its front door."""
    agent.goto(site.url("narbonne", "/assistance/consultation/"))
    expect(agent).to_have_url(re.compile("narbonne.*/connexion/"))


def read_the_audit(head: Page, site: Site) -> None:
    head.goto(site.url("narbonne", "/assistance/acces/"))
    head.get_by_text("Ce qui a été lu, d’après le journal").click()
    expect(head.get_by_text("l’agent est entré")).to_be_visible()
    expect(head.get_by_text("la liste d’une classe")).to_be_visible()

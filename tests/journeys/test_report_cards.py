"""The report in a browser: on a phone a teacher writes it one pupil after another, on a computer in a table."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.steps import no_violation as look
from tests.journeys.steps import person

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-peopled")]
WORDS = ("Lit avec plaisir.", "Progresse à chaque dictée.")


def test_what_is_typed_stays_from_pupil_to_pupil(browser: Browser, peopled: Site) -> None:
    teacher = person(browser, peopled, "teacher", "phone")
    entry(teacher, peopled)
    pupil, other = (rows(teacher).nth(n).get_attribute("id") for n in (0, 1))
    type_for(teacher, pupil, WORDS[0])
    look(teacher)
    teacher.get_by_role("button", name="Suivant").click()
    expect(teacher.get_by_text("Élève 2 sur")).to_be_visible()
    type_for(teacher, other, WORDS[1])
    teacher.get_by_role("button", name="Précédent").click()
    expect(words_of(teacher, pupil)).to_have_value(WORDS[0])
    teacher.get_by_role("button", name="Suivant").click()
    teacher.get_by_role("button", name="Enregistrer").click()
    expect(teacher.get_by_text("C’est enregistré.")).to_be_visible()
    expect(words_of(teacher, other)).to_have_value(WORDS[1])  # still at the second one
    expect(words_of(teacher, pupil)).to_be_hidden()
    expect(words_of(teacher, pupil)).to_have_value(WORDS[0])
    look(teacher)


def test_on_a_computer_everybody_is_in_the_table(browser: Browser, peopled: Site) -> None:
    teacher = person(browser, peopled, "teacher", "pc")
    entry(teacher, peopled)
    assert rows(teacher).count() > 2
    for n in (0, 1, 2):
        expect(rows(teacher).nth(n)).to_be_visible()
    expect(teacher.get_by_role("button", name="Suivant")).to_be_hidden()
    look(teacher)


def entry(teacher: Page, site: Site) -> None:
    teacher.goto(site.url("narbonne", "/livrets/"))
    teacher.locator("a[href*='/livrets/classe/']").first.click()
    expect(rows(teacher).first).to_be_visible()


def rows(teacher: Page):
    return teacher.locator("tr[id^='eleve-']")


def words_of(teacher: Page, row: str):
    return teacher.locator(f"#{row} textarea[name$='-appreciation']")


def type_for(teacher: Page, row: str, words: str) -> None:
    expect(teacher.locator("tr[id^='eleve-']:visible")).to_have_count(1)
    words_of(teacher, row).fill(words)

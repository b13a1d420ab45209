"""The paragraph of the press: agreed in number, with the article of its place, and figures that lead to their rows."""

import pytest

from shared_apps.statistics.adoption import Standing
from shared_apps.statistics.press import PLACES, sentences
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import NARBONNE
from tests.shared_apps.onboarding.pages import text, url


def standing(communes: int, schools: int, pupils: int, of: tuple[int, int] = (234, 340)) -> Standing:
    return Standing(
        "11", "Aude", of[0], communes_joined=communes, schools=of[1], schools_joined=schools, pupils_joined=pupils
    )


def said(now: Standing, *, code: str = "11", before: Standing | None = None, whole: Standing | None = None) -> str:
    words = " ".join(sentences(PLACES[code], now, before=before or now, whole=whole))
    return words.replace("\u202f", " ")


def test_the_sentences_of_the_aude():
    words = said(
        standing(67, 95, 8949), before=standing(40, 50, 4000), whole=Standing("", "", 964, 384, 1852, 612, 0, 0)
    )
    assert words == (
        "Dans l’Aude, 67 communes ont rejoint l’ENT-école sur 234 qui ont une école publique, soit 28,6 %. "
        "95 écoles publiques sur 340 s’en servent, soit 27,9 % ; elles accueillent 8 949 élèves. "
        "Ce sont 27 communes de plus qu’il y a un an. "
        "C’est moins que dans toute l’académie (39,8 % des communes)."
    )


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (standing(1, 1, 1), "1 commune a rejoint l’ENT-école"),
        (standing(1, 1, 1), "1 école publique sur 340 s’en sert, soit 0,3 % ; elle accueille 1 élève."),
        (standing(0, 0, 0), "aucune des 234 communes qui ont une école publique n’a encore rejoint"),
        (standing(0, 0, 0, (1, 1)), "la seule commune qui a une école publique n’a pas encore rejoint"),
        (standing(1, 1, 12, (1, 1)), "la seule commune qui a une école publique a rejoint"),
        (standing(1, 1, 12, (1, 1)), "La seule école publique s’en sert ; elle accueille 12 élèves."),
        (standing(3, 4, 90, (3, 4)), "les 3 communes qui ont une école publique ont toutes rejoint"),
        (standing(3, 4, 90, (3, 4)), "Les 4 écoles publiques s’en servent toutes ; elles accueillent 90 élèves."),
        (standing(0, 0, 0, (0, 0)), "aucune commune n’a d’école publique."),
        (standing(2, 2, 9), "Le nombre de communes n’a pas changé depuis un an."),
    ],
)
def test_each_number_has_its_words(now, words):
    assert words in said(now)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (1, "C’est 1 commune de plus"),
        (2, "Ce sont 2 communes de plus"),
        (-1, "C’est 1 commune de moins"),
        (-3, "Ce sont 3 communes de moins"),
    ],
)
def test_a_year_is_told_as_it_was(more, words):
    assert words in said(standing(10, 10, 10), before=standing(10 - more, 1, 1))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "Dans l’académie de Montpellier,"),
        ("11", "Dans l’Aude,"),
        ("30", "Dans le Gard,"),
        ("34", "Dans l’Hérault,"),
        ("48", "En Lozère,"),
        ("66", "Dans les Pyrénées-Orientales,"),
    ],
)
def test_each_place_has_its_article(code, words):
    assert said(standing(2, 2, 2), code=code).startswith(words)


@pytest.mark.parametrize(
    ("joined", "words"), [(10, "C’est plus que"), (1, "C’est moins que"), (5, "C’est la part de toute l’académie")]
)
def test_a_place_is_compared_with_the_academie(joined, words):
    whole = Standing("", "", communes=100, communes_joined=50)
    assert words in said(standing(joined, 1, 1, (10, 10)), whole=whole)


# --- pages


@pytest.mark.django_db
def test_the_page_links_each_figure_to_its_rows(browser, officer):
    factories.signed_by_both(officer, NARBONNE)
    shown = text(browser.get(url("statistics:press_of", "11")))
    for words in (
        '<a href="/communes/?departement=11&amp;adhesion=oui">1</a> commune a rejoint',
        'sur <a href="/communes/?departement=11">3</a> qui ont',
        '<a href="/ecoles/?departement=11&amp;adhesion=oui">30</a> écoles publiques',
        'sur <a href="/ecoles/?departement=11">38</a>',
        'accueillent <a href="/ecoles/?departement=11&amp;adhesion=oui">',
        'C’est <a href="/communes/?departement=11&amp;adhesion=oui&amp;tri=adhesion">1</a> commune de plus',
    ):
        assert words in shown


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["press_pdf", "press_pdf_of", "export"])
def test_the_sheets_are_pdf(browser, name):
    args = {"press_pdf_of": ["11"], "export": ["pdf"]}.get(name, [])
    response = browser.get(url(f"statistics:{name}", *args))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


@pytest.mark.django_db
def test_a_dasen_writes_of_their_departement_only_and_an_inspector_of_none(reference, academy):
    dasen = academy(factories.staff("Dan", "Asen", role=factories.Role.DASEN, scope="11"))
    assert dasen.get(url("statistics:press_of", "11")).status_code == 200
    assert dasen.get(url("statistics:press_of", "34")).status_code == 404
    assert dasen.get(url("statistics:press")).status_code == 404
    inspector = academy(factories.staff("Ingrid", "Valls", role=factories.Role.INSPECTOR, scope="0111012R"))
    assert inspector.get(url("statistics:press_of", "11")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["99", "x", "2A"])
def test_an_unknown_place_is_not_found(browser, code):
    assert browser.get(url("statistics:press_of", code)).status_code == 404
    assert browser.get(url("statistics:press_pdf_of", code)).status_code == 404

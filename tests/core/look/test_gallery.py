"""The gallery opens in the demo, and each component says what it must."""

import re

import pytest

from core.gallery import SPECIMENS, THEMES


@pytest.mark.parametrize("theme", THEMES)
def test_every_component_is_shown_in_every_theme(visitor, theme):
    response = visitor.get(f"/galerie/{theme}/")
    assert response.status_code == 200
    assert f'data-theme="{theme}"' in response.content.decode()


@pytest.mark.parametrize("name", SPECIMENS)
def test_every_sample_page_is_shown(visitor, name):
    response = visitor.get(f"/galerie/modele/{name}/")
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1


@pytest.mark.parametrize("path", ["/galerie/", "/galerie/eleve/", "/galerie/modele/parent/"])
def test_the_gallery_is_absent_outside_the_demo(visitor, gallery_settings, path):
    gallery_settings.ENT_DEMO = False
    assert visitor.get(path).status_code == 404


def test_an_unknown_theme_or_page_is_not_found(visitor):
    assert visitor.get("/galerie/inconnu/").status_code == 404
    assert visitor.get("/galerie/modele/inconnu/").status_code == 404


@pytest.fixture
def page(visitor):
    return " ".join(visitor.get("/galerie/").content.decode().split())


def test_an_error_is_tied_to_its_field_and_leads_to_it_from_the_summary(page):
    field = re.search(r'<input type="text" name="w-identifier"[^>]*>', page)[0]
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]*)"', field)[1].split()
    assert all(f'id="{name}"' in page for name in described)
    assert "wrong_w-identifier_error" in described
    assert '<a href="#wrong_w-identifier">' in page


def test_a_group_of_choices_is_a_fieldset_with_its_question(page):
    assert re.search(r"<fieldset[^>]*id=\"id_answer\"[^>]*> ?<legend>Votre réponse", page)


def test_a_consent_is_never_chosen_in_advance(page):
    options = re.findall(r'<input[^>]*name="answer"[^>]*>', page)
    assert options
    assert not [option for option in options if "checked" in option]


def test_a_closed_button_says_why(page):
    button = re.search(r'<button[^>]*aria-disabled="true"[^>]*>', page)[0]
    reason = re.search(r'aria-describedby="([^"]*)"', button)[1]
    assert f'id="{reason}">Il reste 1 décision à prendre.' in page


def test_the_legend_of_a_bar_says_what_the_bar_draws(page):
    assert "<strong>19</strong> signés, dont 1 sur papier" in page
    assert 'x="76.000%" width="12.000%"' in page


def test_the_states_emblems_never_appear(page):
    assert not re.search(r"fr-logo|république|marianne", page, re.IGNORECASE)

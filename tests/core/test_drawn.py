"""A component drawn once for its shape says what the template would say of it; a tag that says the same is run once."""

from typing import Any

import pytest
from django.template import engines
from django.test.utils import override_settings
from django.urls import set_urlconf
from django.utils import translation

from core import drawn
from core.stencil import Stencil
from core.still import Still, still


def compiled(source: str) -> Any:
    from django_cotton.compiler_regex import CottonCompiler

    return engines["django"].from_string(CottonCompiler().process(source))


@pytest.fixture
def drawings(monkeypatch):
    found: dict[Any, Any] = {}
    monkeypatch.setattr(drawn.Component, "_drawings", found)
    return found


ROW = '<c-link-row href="/{{ forloop.counter }}" :title="who" icon="eye">{{ words }}</c-link-row>'
ROWS = "{% for who in people %}" + ROW + "{% endfor %}"


def test_each_use_is_what_the_template_says_of_it(drawings):
    shown = compiled(ROWS).render({"people": ["Léa", "<b>Noé</b>", "l’ami & moi"], "words": "<i>"})
    assert shown.count('class="link-row"') == 3
    assert "&lt;b&gt;Noé&lt;/b&gt;" in shown
    assert "l’ami &amp; moi" in shown
    assert shown.count("&lt;i&gt;") == 3
    assert len(drawings) == 1


def test_what_is_no_text_makes_a_shape_of_its_own(drawings):
    page = compiled('{% for tone in tones %}<c-tag :tone="tone" label="x" data-tone="{{ tone }}" />{% endfor %}')
    shown = page.render({"tones": ["ok", "warn", "ok"]})
    assert shown.count("tone-ok") == 2
    assert shown.count("tone-warn") == 1
    assert len(drawings) == 2


def test_a_text_that_is_missing_makes_another_shape(drawings):
    page = compiled('{% for label in labels %}<c-back href="/" label="{{ label }}" />{% endfor %}')
    assert page.render({"labels": ["Accueil", "", "Classe"]}).count("back__arrow") == 3
    assert len(drawings) == 2


def test_a_true_attribute_is_no_text_and_no_number(drawings):
    page = compiled('{% for one in given %}<c-button label="x" :data-undo="one" />{% endfor %}')
    shown = page.render({"given": [True, "1", 1]})
    assert shown.count('data-undo="1"') == 2
    assert shown.count(" data-undo>") == 1


def test_nothing_of_anybody_is_kept(drawings):
    compiled(ROWS).render({"people": ["Inès Cabanel"], "words": "Khelifi"})
    assert "Cabanel" not in repr(drawings.items())
    assert "Khelifi" not in repr(drawings.items())


def test_a_component_that_does_more_with_a_text_fails_in_the_tests(monkeypatch, drawings):
    template = engines["django"].from_string('{% texts "label" %}{% cotton:vars label="" %}{{ label|upper }}').template
    monkeypatch.setattr(drawn.Component, "_get_cached_template", lambda *_arguments: template)
    with pytest.raises(AssertionError, match="does more than print its texts"):
        compiled('<c-tag label="Léa" />').render()


def stilled(source: str) -> Any:
    template = engines["django"].from_string(source).template
    still(template.nodelist)
    return template


def run(template: Any) -> str:
    return template.render(drawn.Context())


def test_a_sentence_is_translated_once_in_each_language(monkeypatch):
    template = stilled('{% load i18n %}{% translate "Accueil" %}{% if 1 %}{% translate "Aide" %}{% endif %}')
    assert run(template) == "AccueilAide"
    monkeypatch.setattr(Stencil, "is_checked", False)
    monkeypatch.setattr("django.templatetags.i18n.TranslateNode.render", lambda *_arguments: "?")
    assert run(template) == "AccueilAide"
    with translation.override("en"):
        assert run(template) == "??"


def test_an_address_is_of_its_table_of_routes():
    template = stilled('{% url "accounts:sign_in" as there %}[{{ there }}]')
    found = []
    for routes in ("config.urls.tenant", "config.urls.public", "config.urls.files"):
        set_urlconf(routes)
        found.append(run(template))
    set_urlconf(None)
    assert found[0] == "[/connexion/]"
    assert found[2] == "[]"


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Accueil" as word %}',
        "{% translate word %}",
        '{% url "home" 3 %}',
        "{% icon name %}",
        "{% url name %}",
    ],
)
def test_what_may_change_is_left(source):
    template = engines["django"].from_string("{% load i18n %}" + source).template
    still(template.nodelist)
    assert not [node for node in template.nodelist if isinstance(node, Still)]


def test_a_page_that_says_otherwise_fails_in_the_tests(monkeypatch):
    template = stilled('{% icon "eye" %}')
    run(template)
    with override_settings(), monkeypatch.context() as patched:
        patched.setattr("core.frontend.sprite_url", lambda: "/other.svg")
        with pytest.raises(AssertionError, match="said"):
            run(template)

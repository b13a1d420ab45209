"""A row drawn once for its shape says what the template would say of it."""

import pytest
from django.template import engines
from django.utils.translation import gettext_lazy

from core.ids import uuid7
from core.stencil import Stencil

DRAWN: list[dict] = []


@pytest.fixture
def row_of(monkeypatch, settings):
    """Stencils of a template given as text; DRAWN says how often it ran."""

    def make(source: str, texts: str) -> Stencil:
        template = engines["django"].from_string(source)

        class Counted:
            def render(self, row: dict) -> str:
                DRAWN.append(row)
                return template.render(row)

        monkeypatch.setattr("core.stencil.get_template", lambda _name: Counted())
        DRAWN.clear()
        return Stencil("row.html", texts)

    return make


ROW = (
    '<li class="{{ tone }}{% if is_late %} late{% endif %}" id="{{ value }}">'
    "{{ title }}{% if words %} ({{ words }}){% endif %}</li>"
)


TEXTS = [("Léa", "", "calm"), ("<b>Noé</b>", "l’ami & moi", "warn"), ('Zoé "Z"', "", "calm")]


def rows() -> list[dict]:
    return [
        {"value": uuid7(), "title": title, "words": words, "tone": tone, "is_late": tone == "warn"}
        for title, words, tone in [("Léa", "", "calm"), ("<b>Noé</b>", "l’ami & moi", "warn"), ('Zoé "Z"', "", "calm")]
    ]


def test_each_row_is_what_the_template_says_of_it(row_of):
    printed = row_of(ROW, "value title words").print(rows(), {})
    assert "&lt;b&gt;Noé&lt;/b&gt; (l’ami &amp; moi)" in printed
    assert printed.count("<li") == 3


def test_rows_of_one_shape_are_drawn_once(row_of, monkeypatch):
    monkeypatch.setattr(Stencil, "is_checked", False)
    row_of(ROW, "value title words").print(rows() * 10, {})
    assert len(DRAWN) == 2


def test_what_all_rows_share_is_part_of_their_shape(row_of):
    stencil = row_of("{% if disabled %}off{% else %}on{% endif %} {{ title }} ", "title")
    assert (
        stencil.print([{"title": "a"}], {"disabled": "1"}) + stencil.print([{"title": "b"}], {"disabled": ""})
        == "off aon b"
    )


def test_a_word_translated_late_is_a_text(row_of):
    assert row_of("{{ title }}", "title").print([{"title": gettext_lazy("Oui")}], {}) == "Oui"


@pytest.mark.parametrize(
    "source", ["{{ title|upper }}", "{% if title == 'b' %}!{% endif %}{{ title }}"], ids=["filter", "comparison"]
)
def test_a_template_that_does_more_than_print_a_text_is_told(row_of, source):
    stencil = row_of(source, "title")
    with pytest.raises(AssertionError, match=r"row\.html does more"):
        stencil.print([{"title": "a"}, {"title": "b"}], {})


def test_a_figure_is_no_text(row_of):
    with pytest.raises(TypeError, match="3 is no text"):
        row_of("{{ title }}", "title").print([{"title": 3}], {})

"""What a person typed stays text, wherever a component puts it."""

import pytest
from django.template import engines

NASTY = '"><script>alert(1)</script>'


@pytest.fixture
def render():
    from django.template import Context
    from django_cotton.compiler_regex import CottonCompiler

    def _render(source: str, **values: str) -> str:
        return engines["django"].engine.from_string(CottonCompiler().process(source)).render(Context(values))

    return _render


@pytest.mark.parametrize(
    "source",
    [
        '<c-tag label="{{ typed }}" />',
        '<c-tag :label="typed" />',
        '<c-button :label="typed" />',
        '<c-button label="x" data-name="{{ typed }}" />',
        '<c-button label="x" :data-name="typed" />',
        '<c-button label="x" :href="typed" />',
        '<c-cover :name="typed" :detail="typed" />',
        '<c-margin-item :title="typed" :detail="typed" :href="typed" />',
        '<c-notice :title="typed">{{ typed }}</c-notice>',
        '<c-choice name="a" :value="typed" :label="typed" />',
        '<c-search-field label="x" :value="typed" />',
        '<c-speak :text="typed" />',
        '<c-fact term="x">{{ typed|breakable }}</c-fact>',
    ],
)
def test_a_typed_tag_is_not_a_tag(render, source):
    shown = render(source, typed=NASTY)
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert '="">' not in shown


def test_an_attribute_can_not_be_closed_by_its_value(render):
    """The library's own way of printing attributes lets a value in double quotes through as it is."""
    shown = render('<c-button label="x" :data-name="typed" />', typed='"onmouseover="alert(1)"')
    assert "&quot;onmouseover=&quot;" in shown


def test_an_address_is_cut_between_its_words(render):
    shown = render("{{ typed|breakable }}", typed="anne.le-goff@mairie.example.org")
    assert shown == "anne<wbr>.le-goff<wbr>@mairie.example.org"

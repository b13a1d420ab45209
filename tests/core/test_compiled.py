"""A compiled template says what Django says by walking its nodes; what does not change is said once."""

import traceback
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, NodeList, TemplateSyntaxError, engines
from django.template.base import VariableDoesNotExist
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import get_template
from django.template.loader_tags import BlockNode, IncludeNode
from django.urls import NoReverseMatch, set_urlconf
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from django_cotton.compiler_regex import CottonCompiler

from core.compiled.loader import Compiled, compile_template
from core.compiled.writer import Writer

LOADED = "{% load i18n static %}"


def made(source: str) -> Any:
    """A template as Django makes it, not compiled."""
    return engines["django"].from_string(CottonCompiler().process(LOADED + source)).template


def compiled(source: str) -> Any:
    template = made(source)
    compile_template(template)
    return template


def said(render: Callable[[Context], str], names: dict[str, Any]) -> tuple[Any, ...]:
    """What is printed, or the error; and the names that the page is left with."""
    context = Context(dict(names))
    try:
        found: Any = render(context)
    except Exception as error:
        found = type(error)
    left = [sorted(each) for each in context.dicts]
    return found, left


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """As Django does: the templates that it includes were compiled when they were loaded, and are walked too."""

    def walk(template: Any, context: Context) -> str:
        with monkeypatch.context() as patched:
            patched.setattr(Compiled, "is_walked", True)
            return template.render(context)

    return walk


class Pupil:
    first_name = "Inès"
    words = ("un", "deux")

    def __init__(self, **facts: Any) -> None:
        self.__dict__.update(facts)

    def initials(self) -> str:
        return "I<K"

    def named(self, _other: str) -> str:
        raise AssertionError("called without its argument")

    def erase(self) -> None:
        raise AssertionError("a template may not")

    erase.alters_data = True  # type: ignore[attr-defined]

    @property
    def broken(self) -> str:
        raise AttributeError("inside")

    @property
    def failing(self) -> str:
        raise ZeroDivisionError

    @property
    def lost(self) -> str:
        raise ObjectDoesNotExist

    def __str__(self) -> str:
        return "<Inès & Cie>"


Row = namedtuple("Row", "title count")
NAMES: dict[str, Any] = {
    "pupil": Pupil(),
    "lazy": SimpleLazyObject(Pupil),
    "row": Row("Sortie <1>", 3),
    "facts": {"title": "l’ami & moi", "items": "a key, not the method", "deep": {"list": [10, 20, {"x": "y"}]}},
    "rows": [Row("a", 1), Row("b", 22), Row("<c>", 0)],
    "pairs": [("k<", 1), ("l", 2)],
    "letters": ["x", "y", "z"],
    "empty": [],
    "nothing": None,
    "zero": 0,
    "price": Decimal("1234.50"),
    "share": 0.5,
    "yes": True,
    "at": datetime(2026, 11, 27, 7, 35, tzinfo=UTC),
    "html": mark_safe("<b>gras</b>"),
    "evil": "<script>\"'&</script>",
    "late": gettext_lazy("Accueil"),
    "call": lambda: "called <",
    "kind": Pupil,
    "stream": None,  # a generator: given anew to each
    "n": 7,
}
SOURCES = [line.replace("⏎", "\n") for line in (Path(__file__).parent / "templates.txt").read_text().splitlines()]


@pytest.mark.parametrize("source", SOURCES)
def test_it_says_what_the_nodes_say(source, walked):
    template, plain = compiled(source), made(source)
    for _ in range(2):  # the second time, what is kept is said
        ours = said(template.render, NAMES | {"stream": iter("abc")})
        theirs = said(lambda context: walked(plain, context), NAMES | {"stream": iter("abc")})
        assert ours == theirs


@pytest.mark.parametrize("source", SOURCES)
def test_it_is_safe_to_print(source):
    try:
        found = compiled(source).render(Context(NAMES | {"stream": iter("abc")}))
    except Exception:
        return  # as the nodes do: told above
    assert hasattr(found, "__html__")


def test_a_page_that_extends_another_is_aswalked(walked):
    page = get_template("404.html").template
    assert page.render(Context()) == walked(page, Context())


@pytest.mark.parametrize("parent", ["layout/error.html", "layout/public.html"])
def test_a_page_may_extend_what_it_is_given(walked, parent):
    source = '{% extends is_bare|yesno:"layout/error.html,layout/public.html" %}{% block title %}{{ n }}{% endblock %}'
    child, named = (
        engines["django"].from_string(text).template
        for text in (source, source.replace('is_bare|yesno:"layout/error.html,layout/public.html"', "parent"))
    )
    for page in (child, named):
        compile_template(page)
        facts = {"n": 7, "is_bare": parent.endswith("error.html"), "parent": parent}
        for _turn in range(2):
            assert page.render(Context(facts)) == walked(page, Context(facts))
    with pytest.raises(TemplateSyntaxError):
        named.render(Context({"n": 7}))


def test_a_page_may_extend_a_template_itself(walked):
    child = engines["django"].from_string("{% extends parent %}{% block title %}{{ n }}{% endblock %}").template
    compile_template(child)
    facts = {"n": 7, "parent": get_template("layout/error.html")}
    assert child.render(Context(facts)) == walked(child, Context(facts))


@pytest.mark.parametrize(
    "word", ["{% cycle 'a' 'b' %}", "{{ block.name }}", "{% if block.super %}…{% endif %}", "{% csrf_token %}"]
)
def test_a_block_within_a_block(walked, word):
    inner = f"[{{% block inner %}}{word}{{% endblock %}}]{{{{ n }}}}"
    source = f'{{% extends "layout/error.html" %}}{{% block title %}}{inner}{{% endblock %}}'
    child = engines["django"].from_string(source).template
    compile_template(child)
    for _turn in range(2):
        facts = {"n": 7, "csrf_token": "t"}
        assert child.render(Context(facts)) == walked(child, Context(facts))


def test_a_block_may_say_what_it_replaces(walked):
    source = '{% extends "layout/error.html" %}{% block title %}<{{ block.super }}>{{ n }}{% endblock %}'
    child = engines["django"].from_string(source).template
    compile_template(child)
    assert "<title><>7 · " in child.render(Context({"n": 7}))
    assert child.render(Context({"n": 7})) == walked(child, Context({"n": 7}))


def test_a_sentence_is_translated_once_in_each_language(monkeypatch):
    template = compiled('{% translate "Accueil" %}{% if yes %}{% translate "Aide" %}{% endif %}')
    assert template.render(Context(NAMES)) == "AccueilAide"
    monkeypatch.setattr("django.templatetags.i18n.TranslateNode.render", lambda *_arguments: "?")
    assert template.render(Context(NAMES)) == "AccueilAide"
    with translation.override("en"):
        assert template.render(Context(NAMES)) == "??"


def test_an_address_is_of_its_table_of_routes():
    template = compiled('{% url "accounts:sign_in" as there %}[{{ there }}]')
    found = []
    for routes in ("config.urls.tenant", "config.urls.public", "config.urls.files"):
        set_urlconf(routes)
        found.append(template.render(Context()))
    set_urlconf(None)
    assert found[0] == "[/connexion/]"
    assert found[2] == "[]"


def test_nothing_of_anybody_is_kept():
    template = compiled(
        '<c-button label="{{ evil }}" />{% blocktranslate %}Bonjour {{ evil }}{% endblocktranslate %}'
        '{% url "liaison:note" pk %}{% translate "Accueil" %}'
    )
    pk = "01a21cbf-0db8-73c5-99f9-6e22049c7107"
    template.render(Context({"evil": "Khelifi", "pk": pk}))
    texts = repr(template.nodelist._run.__globals__["kept"]._texts)
    assert "Accueil" in texts
    assert "Khelifi" not in texts
    assert pk not in texts


def test_a_missing_name_is_told_where_it_is_asked_to_be(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "?%s?")
    assert compiled("{{ missing.name }}").render(Context()) == "?missing.name?"


def test_an_error_is_at_its_line_of_the_function():
    with pytest.raises(ZeroDivisionError) as told:
        compiled("{% for one in letters %}{{ pupil.failing }}{% endfor %}").render(Context(NAMES))
    frames = "".join(traceback.format_tb(told.value.__traceback__))
    assert "<template" in frames
    assert "'failing'" in frames


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("{% url 'nowhere' %}", NoReverseMatch),
        ("{{ evil|default:missing }}", VariableDoesNotExist),
        ("{% blocktranslate count n=evil %}a{% plural %}b{% endblocktranslate %}", TemplateSyntaxError),
    ],
)
def test_what_is_wrong_is_an_error(source, error):
    with pytest.raises(error):
        compiled(source).render(Context(NAMES))


def test_what_one_template_says_differently_fails_where_pages_are_compared(monkeypatch):
    template = compiled("{{ evil }}")
    monkeypatch.setattr(Compiled, "is_checked", True)
    monkeypatch.setattr(NodeList, "render", lambda *_arguments: "other")
    with pytest.raises(AssertionError, match="by its nodes"):
        template.render(Context(NAMES))
    assert Compiled.is_checked


@pytest.mark.parametrize(
    "name",
    ["layout/base.html", "home/guardian.html", "messaging/inbox.html", "messaging/_page.html", "attendance/call.html"],
)
def test_all_of_a_busy_page_is_written(name):
    """Only a token, and what is included by a name that the page gives, are asked as Django asks them."""
    nodes = get_template(name).template.nodelist
    asked = [Writer(block.nodelist, name) for block in nodes.get_nodes_by_type(BlockNode)]
    kinds = {type(thing) for writer in [Writer(nodes, name), *asked] for thing in writer.asked}
    assert kinds <= {IncludeNode, CsrfTokenNode}

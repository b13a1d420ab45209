"""No template that nobody asks for; no page that takes a name of the layout."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from django.test import RequestFactory

from core import context
from tests.architecture.source import ROOMS, dotted, files, name_of, parsed

BY_TAG = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"']+)["']""")
BY_COTTON = re.compile(r"<c-([a-z0-9._-]+)")
IN_CODE = re.compile(r"""["']([\w./-]+\.(?:html|txt|xml|svg))["']""")
# Asked for by Django by its number, or by the gallery by the name in the address.
BY_NAME = re.compile(r"^(?:[45]\d\d(?:_csrf)?\.html|gallery/\w+\.html)$")


def templates() -> dict[str, Path]:
    """Name in Django's eyes -> file."""
    found = {}
    for room in ROOMS.values():
        for folder in room.rglob("templates"):
            found |= {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return found


def components_in(text: str) -> set[str]:
    """`<c-link-row>` is components/link_row.html; `c-vars` and `c-slot` are the language's own."""
    names = set(BY_COTTON.findall(text)) - {"vars", "slot"}
    return {f"components/{name.replace('.', '/').replace('-', '_')}.html" for name in names}


def asked_for() -> set[str]:
    names: set[str] = set()
    for path in templates().values():
        text = path.read_text()
        names |= set(BY_TAG.findall(text))
        names |= set(IN_CODE.findall(text))  # {% include variable|default:"…" %}
        names |= components_in(text)
    for path in files():
        names |= set(IN_CODE.findall(path.read_text()))
    return names


def test_every_template_is_asked_for():
    unused = {name for name in templates().keys() - asked_for() if not BY_NAME.match(name)}
    assert not unused, sorted(unused)


def test_every_template_asked_for_exists():
    wanted: set[str] = set()
    for path in templates().values():
        wanted |= set(BY_TAG.findall(path.read_text())) | components_in(path.read_text())
    assert sorted(wanted - set(templates())) == []


@pytest.mark.parametrize("path", list(templates().values()), ids=name_of)
def test_every_template_compiles(path):
    if path.suffix == ".html":
        engines["django"].from_string(path.read_text())


def of_a_page(tree: ast.AST) -> Iterator[str]:
    """The names that views give to their pages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(dotted(target) == "context" for target in node.targets):
            yield from _keys(node.value)
        elif isinstance(node, ast.Call) and dotted(node.func) == "render" and len(node.args) > 2:
            yield from _keys(node.args[2])


def _keys(value: ast.AST) -> Iterator[str]:
    if isinstance(value, ast.BinOp):
        yield from _keys(value.left)
        yield from _keys(value.right)
    elif isinstance(value, ast.Dict):
        yield from (key.value for key in value.keys if isinstance(key, ast.Constant))


def test_no_view_takes_a_name_of_the_layout():
    """It would go before it: a page with a `place` of its own lost the school’s name on top."""
    taken = set(context.page(RequestFactory().get("/"))) | {"request", "perms"}
    found = {(name_of(path), name) for path in files() for name in of_a_page(parsed(path)) if name in taken}
    assert found == set()


@pytest.mark.parametrize("code", ['context = {"a": 1} | {"place": 2}', 'render(request, "x.html", {"place": 2})'])
def test_the_reader_of_views_sees_a_name_of_the_layout(code):
    assert "place" in set(of_a_page(ast.parse(code)))

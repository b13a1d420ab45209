"""No template that nobody asks for."""

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.architecture.source import ROOMS, files, name_of

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

"""House rules of every template of the project."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from core import registry

ROOT = Path(__file__).resolve().parents[3]
CORE = ROOT / "platform" / "core"
ROOMS = ["platform", "tenants", "shared_apps", "tenant_apps", "provisioning"]
COMPONENTS = sorted(path for path in (CORE / "templates" / "components").glob("*.html") if path.name[0] != "_")


def templates() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).glob("**/templates/**/*.html"))


def pages() -> list[Path]:
    """Mail readers know inline styles only: mail is apart."""
    return [path for path in templates() if "email" not in path.parts]


def named(path: Path) -> str:
    parts = path.parts
    return "/".join(parts[len(parts) - 1 - parts[::-1].index("templates") + 1 :])


def listed(name: str) -> set[str]:
    lines = (CORE / name).read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def mentions(pattern: str) -> dict[str, str]:
    """Every name that a template asks for, and where."""
    return {name: named(path) for path in templates() for name in re.findall(pattern, path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("path", pages(), ids=named)
def test_a_template_compiles(path):
    get_template(named(path))


@pytest.mark.parametrize("path", pages(), ids=named)
def test_a_template_holds_no_inline_style_or_script(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|javascript:|\son[a-z]+=|\shx-on|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_opens_with_a_comment_that_names_it(path):
    name = path.stem.replace("_", "-")
    assert re.match(r"\{# " + re.escape(name) + r"\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_is_shown_in_the_gallery(path):
    tag = rf"<c-{path.stem.replace('_', '-')}[\s/>]"
    shown = (CORE / "templates/gallery/components.html").read_text(encoding="utf-8")
    assert re.search(tag, shown) or path.stem == "icon"


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_stands_in_the_documentation(path):
    table = (ROOT / "docs/components.md").read_text(encoding="utf-8")
    assert re.search(rf"^\|.*\b{path.stem.replace('_', '-')}\b", table, re.MULTILINE)


def test_every_component_asked_for_exists():
    known = {path.stem.replace("_", "-") for path in COMPONENTS} | {"vars", "slot"}
    asked = mentions(r"<c-([a-z-]+)")
    assert {name: where for name, where in asked.items() if name not in known} == {}


def test_every_icon_asked_for_is_in_the_list():
    asked = mentions(r"""(?:\bicon="|\{% icon ")([a-z][a-z0-9-]*)\"""")
    assert {name: where for name, where in asked.items() if name not in listed("icons.txt")} == {}


def test_every_picture_asked_for_is_in_the_list():
    asked = mentions(r"""(?:\bemoji="|\{% emoji ")([a-z][a-z0-9-]*)\"""")
    assert {name: where for name, where in asked.items() if name not in listed("emoji.txt")} == {}


def test_an_entry_of_the_menu_has_its_filled_drawing_for_the_current_page():
    icons = {entry.icon for entry in registry.menu_entries}
    assert icons
    assert {f"{name}-fill" for name in icons} | icons <= listed("icons.txt")

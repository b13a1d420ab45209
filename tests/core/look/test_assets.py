"""What a first view weighs, and that every file a stylesheet asks for exists."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders

HEAD = Path(__file__).resolve().parents[3] / "platform/core/templates/layout/_head.html"
# The budget of a first view is 120 kB; 34 are the font's, 15 the page's.
BUDGET = 72_000


def asked_by_every_page() -> list[str]:
    return re.findall(r"\{% static '([^']+\.(?:css|js))' %\}", HEAD.read_text(encoding="utf-8"))


def with_imports(name: str) -> set[str]:
    """A stylesheet and those it imports, as names of static files."""
    return {name} | {f"dsfr/{asked.removeprefix('../dsfr/')}" for asked in imports_of(name)}


def imports_of(name: str) -> list[str]:
    text = Path(finders.find(name)).read_text(encoding="utf-8")
    return re.findall(r'@import url\("([^"]+)"\)', text) if name.endswith(".css") else []


def weight(name: str) -> int:
    return len(gzip.compress(Path(finders.find(name)).read_bytes(), 9))


def test_the_styles_and_scripts_of_a_page_keep_to_their_budget():
    files = set().union(*(with_imports(name) for name in asked_by_every_page()))
    assert sum(weight(name) for name in files) <= BUDGET


def test_every_file_of_the_states_design_system_is_found_where_it_is_asked():
    asked = with_imports("ent/dsfr.css") - {"ent/dsfr.css"}
    assert "dsfr/dist/core/core.main.min.css" in asked
    assert [name for name in asked if not finders.find(name)] == []


def test_the_states_design_system_yields_to_our_rules():
    """All of it stands in a layer: a rule of ours never has to shout."""
    lines = Path(finders.find("ent/dsfr.css")).read_text(encoding="utf-8").splitlines()
    assert all(line.endswith("layer(dsfr);") for line in lines if line.startswith("@import"))

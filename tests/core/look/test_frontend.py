"""Fonts and drawings come from npm when there is npm; pages work without them."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.template import Context, Template

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "infra" / "frontend.py"

FAKE_NPM = """#!{python}
import json, pathlib, sys
sys.path.insert(0, {infra!r})
import frontend
pathlib.Path("calls").open("a").write("npm\\n")
modules = pathlib.Path("node_modules")
for _, _, file in frontend.FONTS:
    (modules / file).parent.mkdir(parents=True, exist_ok=True)
    (modules / file).write_bytes(b"font")
for package, listing in (("ph", "icons.txt"), ("fluent-emoji-flat", "emoji.txt")):
    folder = modules / "@iconify-json" / package
    folder.mkdir(parents=True)
    names = frontend.names_in(frontend.CORE / listing)
    icons = {{name: {{"body": "<path d='M0 0'/>"}} for name in names}}
    (folder / "icons.json").write_text(json.dumps({{"icons": icons}}))
"""


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("frontend_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(tmp_path):
    """Run the script with only what stands in `bin` on PATH."""
    (tmp_path / "bin").mkdir()

    def _run() -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-I", SCRIPT, "--data", tmp_path / "data"],
            env={"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return _run


@pytest.fixture
def npm(tmp_path, run):
    program = tmp_path / "bin" / "npm"
    program.write_text(FAKE_NPM.format(python=sys.executable, infra=str(SCRIPT.parent)))
    program.chmod(0o755)
    return program


def test_without_npm_the_script_says_so_and_ends_well(run, tmp_path):
    done = run()
    assert done.returncode == 0
    assert "npm est absent" in done.stderr
    assert not (tmp_path / "data" / "frontend" / "ent-build").exists()


def test_a_failing_npm_is_told_in_a_sentence(run, tmp_path):
    program = tmp_path / "bin" / "npm"
    program.write_text("#!/bin/sh\necho 'npm error network' >&2\nexit 1\n")
    program.chmod(0o755)
    done = run()
    assert done.returncode == 0
    assert "npm error network" in done.stderr


def test_the_build_holds_the_fonts_the_used_icons_and_the_pictures(run, npm, script, tmp_path):
    assert run().returncode == 0
    built = tmp_path / "data" / "frontend" / "ent-build"
    assert "Atkinson Hyperlegible Next" in (built / "fonts.css").read_text()
    sprite = (built / "icons.svg").read_text()
    assert 'id="pencil-simple-line"' in sprite
    assert sprite.count("<symbol") == len(script.used_icons())
    assert (built / "emoji" / "fox.svg").exists()


def test_a_second_run_asks_npm_nothing(run, npm, tmp_path):
    run()
    run()
    assert (tmp_path / "data" / "npm" / "calls").read_text() == "npm\n"


def test_the_lock_pins_every_package_by_its_digest():
    asked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in asked.items():
        assert locked[f"node_modules/{name}"]["version"] == version
        assert locked[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_an_icon_not_built_leaves_the_word_alone(built):
    assert Template('{% icon "printer" %}Imprimer').render(Context()) == "Imprimer"


def test_an_icon_built_is_silent_beside_its_word(built):
    (built / "icons.svg").write_text("<svg/>")
    shown = Template('{% icon "printer" %}').render(Context())
    assert 'aria-hidden="true"' in shown
    assert "icons.svg#printer" in shown


def test_a_picture_not_built_is_the_systems_own(built):
    assert "🦊" in Template('{% emoji "fox" %}').render(Context())


def test_a_page_without_fonts_asks_for_none(built):
    assert Template("{% frontend_fonts %}").render(Context()) == ""
    (built / "fonts.css").write_text("")
    from core import frontend

    frontend.fonts_url.cache_clear()
    assert "fonts.css" in Template("{% frontend_fonts %}").render(Context())


def test_the_data_folder_is_the_one_of_the_environment(tmp_path, npm):
    environment = os.environ | {"PATH": str(npm.parent), "ENT_DATA_DIR": str(tmp_path / "elsewhere")}
    subprocess.run([sys.executable, "-I", SCRIPT], env=environment, capture_output=True, check=True)
    assert (tmp_path / "elsewhere" / "frontend" / "ent-build" / "icons.svg").exists()

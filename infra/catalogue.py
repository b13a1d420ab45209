"""The French catalogue: `catalogue.py compile|update|check`.

compile  makes the .mo that the pages read, with Babel: nothing to install on the machine
update   collects the sentences of the code (needs GNU gettext)
check    compiles, and fails when a sentence of the code is missing (where GNU gettext is installed)
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "platform" / "locale"
CATALOGUES = "*/LC_MESSAGES/*.po"
COLLECT = ["makemessages", "--locale", "fr", "--no-location", "--no-obsolete"]
IGNORED = [".venv", "var", "node_modules", "tests", "build"]


def compile_all() -> int:
    for source in sorted(LOCALE.glob(CATALOGUES)):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _compile(source, target)
    return 0


def _compile(source: Path, target: Path) -> None:
    with open(source, "rb") as file:
        catalogue = read_po(file, locale=source.parents[1].name, domain=source.stem, abort_invalid=True)
    # The header that gettext leaves empty would lose it, and with it the rule of plurals.
    catalogue.locale = source.parents[1].name
    for message in catalogue:
        # The sentences are French already: an empty plural says the same, with French's rule (zero is singular).
        if message.id and message.pluralizable and not any(message.string):
            message.string = message.id
    draft = target.with_suffix(".mo.part")
    with open(draft, "wb") as file:
        write_mo(file, catalogue)
    draft.replace(target)


def update() -> int:
    if not shutil.which("xgettext"):
        print("GNU gettext est nécessaire (paquet « gettext » de Debian).", file=sys.stderr)
        return 1
    _collect()
    return compile_all()


def _collect() -> None:
    LOCALE.mkdir(exist_ok=True)
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, ROOT / "manage.py", *COLLECT, *(f"--ignore={folder}" for folder in IGNORED)]
    subprocess.run(command, cwd=ROOT, env=os.environ | settings, check=True, stdout=subprocess.DEVNULL)


def check() -> int:
    compile_all()
    if not shutil.which("xgettext"):
        print("Catalogue : complétude non vérifiée (GNU gettext absent).", file=sys.stderr)
        return 0
    LOCALE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        before = Path(shutil.copytree(LOCALE, Path(temporary) / "locale"))
        try:
            _collect()
            missing = _sentences(LOCALE) - _sentences(before)
        finally:
            shutil.rmtree(LOCALE)
            shutil.copytree(before, LOCALE)
    for sentence in sorted(missing):
        print(f"Absent du catalogue (make messages) : {sentence}", file=sys.stderr)
    return 1 if missing else 0


def _sentences(folder: Path) -> set[str]:
    found = set()
    for source in folder.glob(CATALOGUES):
        with open(source, "rb") as file:
            found |= {str(message.id) for message in read_po(file) if message.id}
    return found


COMMANDS = {"compile": compile_all, "update": update, "check": check}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]]())

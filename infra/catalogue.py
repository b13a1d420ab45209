"""The French catalogue: `catalogue.py compile|update|check`.

compile  makes the .mo that the pages read, with Babel: nothing to install on the machine. The sources have ordinary
         spaces, as people type them; the .mo has those of French typography, which no line ends at
update   collects the sentences of the code (needs GNU gettext)
check    compiles, and fails when a sentence of the code is missing (where GNU gettext is installed)
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "platform" / "locale"
CATALOGUES = "*/LC_MESSAGES/*.po"
COLLECT = ["makemessages", "--locale", "fr", "--no-location", "--no-obsolete"]
NARROW, NO_BREAK = "\u202f", "\u00a0"
# What nobody reads as a sentence: tags, with the addresses in them, and addresses.
APART = re.compile(r"(<[^<>]*>|\w+://\S+)")
# As the Imprimerie nationale sets them: a whole space before « : » and inside « », a thin one before « ; ! ? % € ».
SPACES = [
    (re.compile(r" (?=[:»](?!\w))|(?<=«) "), NO_BREAK),
    (re.compile(r" (?=[;!?€](?!\w)|%%(?!\w))"), NARROW),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NARROW),
    (re.compile(r"(?<=\bn°) "), NO_BREAK),
    # A number, or what stands for one, and its unit: « 8 h 30 », « %(n)d Mo ».
    (re.compile(r"(?:(?<=\d)|(?<=\)[ds])) (?=(?:h|min|s|km|m|ko|Mo|Go)(?![\w’]))"), NO_BREAK),
    (re.compile(r"(?<=\bh) (?=\d)"), NO_BREAK),
]
IGNORED = [".venv", "var", "node_modules", "tests", "build"]


def compile_all() -> int:
    for source in sorted(LOCALE.glob(CATALOGUES)):
        target = source.with_suffix(".mo")
        latest = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
        if not target.exists() or target.stat().st_mtime < latest:
            _compile(source, target)
    return 0


def _compile(source: Path, target: Path) -> None:
    with open(source, "rb") as file:
        catalogue = read_po(file, locale=source.parents[1].name, domain=source.stem, abort_invalid=True)
    # The header that gettext leaves empty would lose it, and with it the rule of plurals.
    catalogue.locale = source.parents[1].name
    for message in catalogue:
        if message.id:
            message.string = _said(message)
    draft = target.with_suffix(".mo.part")
    with open(draft, "wb") as file:
        write_mo(file, catalogue)
    draft.replace(target)


def _said(message: Message) -> str | tuple[str, ...]:
    """The sentences are French already: one without translation says the same, a plural with French's rule (zero is
    singular). One that does not change is in the catalogue too: what is absent is looked for in those of all packages.
    """
    if message.pluralizable:
        return tuple(typeset(text) for text in (message.string if any(message.string) else message.id))
    return typeset(message.string or message.id)


def typeset(text: str) -> str:
    """No line ends before « : ; ! ? % » », after « « », nor between a number and its unit."""
    parts = APART.split(text)
    for rank in range(0, len(parts), 2):
        for space, better in SPACES:
            parts[rank] = space.sub(better, parts[rank])
    return "".join(parts)


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

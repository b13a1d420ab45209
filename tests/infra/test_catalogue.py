"""The French catalogue: what compiling makes of a sentence, and of all of them."""

import importlib.util
import re
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKUP = re.compile(r"<[^<>]*>|%(?:\(\w+\))?[sd]|%%|\w+://\S+")


def script() -> Any:
    spec = importlib.util.spec_from_file_location("catalogue_script", ROOT / "infra" / "catalogue.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Qui es-tu ?", "Qui es-tu_?"),
        ("Trajet : à pied ; retour : en car !", "Trajet~: à pied_; retour~: en car_!"),
        ("Lu : %(name)s, « %(title)s ».", "Lu~: %(name)s, «~%(title)s~»."),
        ("50 %% de %(all)s", "50_%% de %(all)s"),
        ("Reste %(n)s %(unit)s, dit %%s", "Reste %(n)s %(unit)s, dit %%s"),
        ("3 € par enfant, 10 000 en tout", "3_€ par enfant, 10_000 en tout"),
        ("Convention n° %(number)s", "Convention n°~%(number)s"),
        ("de 9 h à 16 h 15, %(n)d min, 2 Mo", "de 9~h à 16~h~15, %(n)d~min, 2~Mo"),
        ("12 m’a dit 3 sur 4", "12 m’a dit 3 sur 4"),
        ("« <strong>%(name)s</strong> » ?", "«~<strong>%(name)s</strong>~»_?"),
        ('<a href="/a?b=c ; d" title="Qui ?">ici ?</a>', '<a href="/a?b=c ; d" title="Qui ?">ici_?</a>'),
        ("https://narbonne.localhost/?a=1 ; 8:30", "https://narbonne.localhost/?a=1_; 8:30"),
        ("uai;date ; x :y", "uai;date_; x :y"),
    ],
)
def test_no_line_ends_where_french_typography_forbids_it(typed, printed):
    assert script().typeset(typed) == printed.replace("_", "\u202f").replace("~", "\u00a0")


def test_what_is_compiled_differs_by_its_spaces_alone():
    """The file that pages, mails and PDFs read: each sentence keeps its words, its places and its tags."""
    script().compile_all()
    with (ROOT / "platform/locale/fr/LC_MESSAGES/django.mo").open("rb") as file:
        compiled: Any = GNUTranslations(file)
    said = {key: text for key, text in compiled._catalog.items() if isinstance(key, str) and key}
    assert len(said) > 500
    assert not [text for text in said.values() if re.search(r" [:;!?»](?!\w)|« ", re.sub(MARKUP, "|", text))]
    for typed, printed in said.items():
        assert plain(printed) == plain(typed)
        assert MARKUP.findall(printed) == MARKUP.findall(typed)
    assert compiled.ngettext("%(n)d ligne répétée, sans effet.", "-", 2) == "%(n)d lignes répétées, sans effet."


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")

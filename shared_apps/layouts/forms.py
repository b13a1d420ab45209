import csv
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.layouts.shapes import Layout

FEWEST_ROWS = 2


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})


class VersionForm(forms.Form):
    """A box for each field of the kind, one header a line; the first is the one that messages name."""

    def __init__(self, data: Any = None, *, layout: Layout) -> None:
        super().__init__(data)
        self.layout = layout
        for field in layout.fields:
            self.fields[_box(field.name)] = forms.CharField(
                label=field.label,
                help_text=_("Sans cette colonne, le fichier est refusé.") if field.is_required else "",
                widget=_area(max(FEWEST_ROWS, len(field.headers))),
                initial="\n".join(field.headers),
                max_length=2000,
                error_messages={"required": _("Chaque champ garde au moins un titre de colonne.")},
            )
        self.fields["ignored"] = forms.CharField(
            label=_("Colonnes connues, sans usage ici"),
            widget=_area(6),
            initial="\n".join(layout.ignored),
            required=False,
            max_length=8000,
        )
        self.fields["note"] = forms.CharField(
            label=_("Pourquoi cette version"),
            help_text=_("Par exemple : nouveaux titres d’ONDE 2, rentrée 2027"),
            max_length=200,
        )

    @property
    def headers(self) -> dict[str, list[str]]:
        return {field.name: _lines(self.cleaned_data[_box(field.name)]) for field in self.layout.fields}

    @property
    def ignored(self) -> list[str]:
        return _lines(self.cleaned_data["ignored"])


def _box(name: str) -> str:
    return f"field-{name.replace('.', '-')}"


class TrialForm(forms.Form):
    line = forms.CharField(
        label=_("La première ligne d’un fichier"),
        help_text=_("Les titres des colonnes seulement, séparés par des points-virgules : aucune donnée personnelle."),
        widget=_area(4),
        max_length=8000,
    )

    @property
    def titles(self) -> list[str]:
        [first, *_rest] = self.cleaned_data["line"].strip().splitlines()
        return next(csv.reader([first], delimiter=";" if ";" in first else "\t"))

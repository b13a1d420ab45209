from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _

from shared_apps.bounds import words
from shared_apps.bounds.services import offered
from shared_apps.bounds.vocabulary import Cell, Party, Right, Scope


class PairRow(NamedTuple):
    """One line of the page: a recipient, with what may be chosen."""

    recipient: str
    see: Any
    write: Any
    usual: str


class RulesForm(forms.Form):
    """What one profile may do: a choice per recipient and right that a ceiling leaves open."""

    def __init__(
        self,
        *args: Any,
        sender: Party,
        now: Mapping[Cell, Scope],
        usual: Mapping[Cell, Scope],
        ceilings: Mapping[Cell, Scope],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sender, self.now, self.usual, self.ceilings = sender, now, usual, ceilings
        for cell in self._cells():
            choices = [(scope.value, words.choice(cell, scope)) for scope in offered(cell, ceilings[cell])]
            if len(choices) > 1:
                label = words.target(cell, Scope.NONE)
                self.fields[cell.code] = forms.ChoiceField(choices=choices, label=label, initial=now[cell].value)

    def _cells(self) -> Iterable[Cell]:
        return (Cell(self.sender, recipient, right) for recipient in Party for right in Right)

    def clean(self) -> dict[str, Any]:
        for recipient in Party:
            see, write = (self._chosen(Cell(self.sender, recipient, right)) for right in (Right.SEE, Right.WRITE))
            if write.rank > see.rank:
                name = Cell(self.sender, recipient, Right.WRITE).code
                self.add_error(name, _("Pour écrire à quelqu’un, il faut d’abord le voir."))
        return self.cleaned_data

    def _chosen(self, cell: Cell) -> Scope:
        return Scope(self.cleaned_data.get(cell.code) or self.now[cell].value)

    @property
    def wanted(self) -> dict[Cell, Scope]:
        return {Cell.of(code): Scope(value) for code, value in self.cleaned_data.items()}

    @property
    def rows(self) -> list[PairRow]:
        return [row for recipient in Party if (row := self._row(recipient)) is not None]

    def _row(self, recipient: Party) -> PairRow | None:
        see, write = (Cell(self.sender, recipient, right) for right in (Right.SEE, Right.WRITE))
        if see.code not in self.fields and write.code not in self.fields:
            return None
        fields = [self[cell.code] if cell.code in self.fields else None for cell in (see, write)]
        return PairRow(words.target(see, Scope.NONE), *fields, self._usual(see, write))

    def _usual(self, see: Cell, write: Cell) -> str:
        return _("voir : %(see)s, écrire : %(write)s") % {
            "see": words.short(self.usual[see]),
            "write": words.short(self.usual[write]),
        }

    @property
    def closed(self) -> list[str]:
        """What nobody here can open, said once."""
        return [
            words.sentence(Cell(self.sender, recipient, Right.WRITE), Scope.NONE)
            for recipient in Party
            if Cell(self.sender, recipient, Right.WRITE).code not in self.fields and recipient is not Party.ELECTED
        ]

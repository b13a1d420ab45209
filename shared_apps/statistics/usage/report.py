"""A month of usage as sections that a page, a sheet and a PDF all read: a title, columns, rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.statistics.usage import words
from shared_apps.statistics.usage.tally import parts, told


@dataclass(frozen=True, slots=True)
class Row:
    """`value` draws the bar; `extra` are other figures. None: hidden, under five."""

    label: str
    value: int | None
    extra: tuple[int | None, ...] = ()
    detail: str = ""
    url: str = ""

    @property
    def bar(self) -> str:
        return str(self.value or 0)


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    columns: tuple[str, ...]  # of the label, the value, the extras
    rows: tuple[Row, ...]

    @property
    def most(self) -> str:
        return str(max((row.value or 0 for row in self.rows), default=0) or 1)

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, int | None]]]]:
        """Each row, and its other figures with the name of their column."""
        return [(row, list(zip(self.columns[2:], row.extra, strict=True))) for row in self.rows]

    @property
    def heads(self) -> str:
        """As the table of our components reads them."""
        first, value, *extras = self.columns
        return "|".join([first, f"{value}:n", *(f"{name}:n" for name in extras)])


def breakdown(cells: Mapping[str, int], *, with_services: bool = True) -> list[Section]:
    """By profile, service, hour, weekday, device. Counts under five are hidden, and what would give them back."""
    shown = told(cells)
    found = [_profiles(shown)]
    if with_services:
        found.append(_services(cells))
    hours = {f"{hour:02}": _("%(hour)s h") % {"hour": hour} for hour in range(24)}
    hour_cells = parts(shown, "h")
    busy = {key: word for key, word in hours.items() if "07" <= key <= "21" or key in hour_cells}
    found.append(_simple("hours", _("Par heure"), _("Heure"), busy, hour_cells))
    found.append(_simple("weekdays", _("Par jour de la semaine"), _("Jour"), words.WEEKDAYS, parts(shown, "w")))
    found.append(_simple("devices", _("Par appareil"), _("Appareil"), words.DEVICES, parts(shown, "d")))
    return [section for section in found if any(row.value != 0 for row in section.rows)]


def _profiles(shown: Mapping[str, int | None]) -> Section:
    visits, visitors = parts(shown, "p"), parts(shown, "u")
    rows = [
        Row(str(word), visits[key], (visitors.get(key),))
        for key, word in words.PROFILES.items()
        if visits.get(key, 0) != 0
    ]
    columns = (_("Profil"), _("Visites"), _("Visiteurs-jours"))
    return Section("profiles", _("Par profil"), columns, tuple(rows))


def _services(cells: Mapping[str, int]) -> Section:
    """One visit is in several services: they are no parts of a total, each is hidden for itself."""
    totals: dict[str, list[int]] = {}
    for place, kind in enumerate(("s", "v")):
        for key, value in parts(cells, kind).items():
            totals.setdefault(key.partition("/")[2], [0, 0])[place] += value
    rows = [
        Row(words.service(key), words.hidden(visits), (words.hidden(visitors),))
        for key, (visits, visitors) in sorted(totals.items(), key=lambda item: (-item[1][0], item[0]))
        if visits
    ]
    columns = (_("Service"), _("Visites"), _("Visiteurs-jours"))
    return Section("services", _("Par service"), columns, tuple(rows))


def _simple(key: str, title: str, head: str, names: Mapping[str, Any], values: Mapping[str, int | None]) -> Section:
    rows = tuple(Row(str(word), values.get(name, 0)) for name, word in names.items())
    return Section(key, title, (head, _("Visites")), rows)


def by_month(rows: Iterable[Any]) -> Section:
    """Oldest first."""
    found = [
        Row(
            words.month_name(row.month),
            words.hidden(row.visits),
            (words.hidden(row.visitors), words.hidden(row.connections)),
        )
        for row in rows
    ]
    columns = (_("Mois"), _("Visites"), _("Visiteurs-jours"), _("Connexions"))
    return Section("months", _("Mois par mois"), columns, tuple(found))


def per_pupil(row: Any) -> str:
    """« 3,4 »: visits by pupil, how perimeters of different sizes compare."""
    return words.figure(row.visits / row.pupils, 1) if row.pupils else "–"


def per_day(row: Any) -> int:
    return round(row.visitors / row.days) if row.days else 0


def asked_month(text: str, known: Iterable[date]) -> date | None:
    """« 2026-11 » when it is among those that were counted; else the last."""
    known = list(known)
    found = [month for month in known if f"{month:%Y-%m}" == text]
    return found[0] if found else (known[-1] if known else None)

"""What communes and pages read at each request: windows, incidents, changes. One memory of a minute, no query."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from shared_apps.maintenance.models import Change, Incident, Window
from tenants.published import Published

OLD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Planned:
    title: str
    detail: str
    access: str
    starts_at: datetime
    ends_at: datetime
    announced_from: datetime
    communes: frozenset[str]

    def concerns(self, insee: str) -> bool:
        return not self.communes or insee in self.communes

    @property
    def is_running(self) -> bool:
        return self.starts_at <= timezone.now() < self.ends_at

    @property
    def is_announced(self) -> bool:
        return self.announced_from <= timezone.now() < self.ends_at


@dataclass(frozen=True, slots=True)
class Broken:
    title: str
    communes: frozenset[str]

    def concerns(self, insee: str) -> bool:
        return not self.communes or insee in self.communes


@dataclass(frozen=True, slots=True)
class News:
    title: str
    body: str
    readers: frozenset[str]
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Announced:
    windows: tuple[Planned, ...] = ()
    incidents: tuple[Broken, ...] = ()
    changes: tuple[News, ...] = ()

    def news_for(self, profile: str) -> list[News]:
        return [news for news in self.changes if not news.readers or profile in news.readers]


def _load() -> Announced:
    since = timezone.now() - OLD
    return Announced(
        windows=tuple(_window(row) for row in Window.objects.ahead()),
        incidents=tuple(
            Broken(row.title, frozenset(row.communes))
            for row in Incident.objects.unfinished().only("title", "communes")
        ),
        changes=tuple(_news(row) for row in Change.objects.published().filter(published_at__gte=since)),
    )


def _window(row: Window) -> Planned:
    return Planned(
        row.title, row.detail, row.access, row.starts_at, row.ends_at, row.announced_from, frozenset(row.communes)
    )


def _news(row: Change) -> News:
    at = row.published_at or row.created_at
    return News(row.title, row.body, frozenset(row.readers), at)


published: Published[Announced] = Published("maintenance", _load, Announced())


def announced() -> Announced:
    return published.get()


def running_window(insee: str) -> Planned | None:
    """The strictest of those under way in a commune."""
    rank = [Window.Access.CLOSED, Window.Access.READ_ONLY, Window.Access.OPEN]
    found = [w for w in announced().windows if w.is_running and w.concerns(insee)]
    return min(found, key=lambda w: rank.index(Window.Access(w.access)), default=None)

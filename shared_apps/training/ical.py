"""Sessions as iCalendar (RFC 5545): lines of 75 octets at most, text escaped, times in UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Event:
    uid: str
    starts: datetime
    ends: datetime
    title: str
    where: str
    detail: str = ""
    url: str = ""
    is_cancelled: bool = False
    sequence: int = 0


def event_of(session: Any) -> Event:
    return Event(
        uid=str(session.pk),
        starts=session.starts,
        ends=session.ends,
        title=session.training.title,
        where=session.where,
        detail=session.training.objectives,
        url=session.video_url,
        is_cancelled=session.state == session.State.CANCELLED,
        sequence=session.sequence,
    )


def calendar(events: Iterable[Event], *, name: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ENT-école//Formation//FR", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escape(name)}")
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) + "\r\n" for line in lines).encode()


def response(body: bytes, *, filename: str) -> HttpResponse:
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _event(event: Event) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}@{settings.ENT_DOMAIN}",
        f"DTSTAMP:{_utc(timezone.now())}",
        f"DTSTART:{_utc(event.starts)}",
        f"DTEND:{_utc(event.ends)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{escape(_('Formation : %(title)s') % {'title': event.title})}",
        f"LOCATION:{escape(event.where)}",
    ]
    if event.detail:
        lines.append(f"DESCRIPTION:{escape(event.detail)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    return [*lines, "END:VEVENT"]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escape(text: str) -> str:
    """A line break typed by somebody must not start a property."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines())


def fold(line: str) -> str:
    """75 octets a line, never in the middle of a letter."""
    parts, current, size, limit = [], "", 0, 75
    for letter in line:
        width = len(letter.encode())
        if size + width > limit:
            parts.append(current)
            current, size, limit = "", 0, 74
        current, size = current + letter, size + width
    return "\r\n ".join([*parts, current])

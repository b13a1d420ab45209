"""A training session as an event of iCalendar."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from core import ical
from core.ical import Event, response

__all__ = ["Event", "calendar", "event_of", "response"]

calendar = partial(ical.calendar, product="Formation")


def event_of(session: Any) -> Event:
    return Event(
        uid=str(session.pk),
        starts=session.starts,
        ends=session.ends,
        title=_("Formation : %(title)s") % {"title": session.training.title},
        where=session.where,
        detail=session.training.objectives,
        url=session.video_url,
        is_cancelled=session.state == session.State.CANCELLED,
        sequence=session.sequence,
    )

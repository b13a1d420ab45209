"""What a help request is on both sides: its thread in the commune, its header at the academy."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from shared_apps.support.vocabulary import OPEN


class TicketFacts:
    """For the two models, which share their id."""

    if TYPE_CHECKING:
        pk: UUID
        state: str
        readable_until: datetime | None

    @property
    def number(self) -> str:
        """« 7F3A-90C2 »: what one says on the telephone. The end of the id; its beginning is the time."""
        end = self.pk.hex[-8:].upper()
        return f"{end[:4]}-{end[4:]}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_readable(self) -> bool:
        return self.readable_until is not None and self.readable_until > timezone.now()

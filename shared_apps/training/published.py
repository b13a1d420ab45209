"""What every commune reads of the academy's training: the sessions on offer. No name of anybody, no registration."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.utils import timezone

from shared_apps.reference.models import RefSchool
from shared_apps.training.models import Session
from tenants.published import Published

KEPT = timedelta(days=60)
LIMIT = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A session as a commune sees it."""

    id: UUID
    title: str
    level: str
    audience: str
    objectives: str
    hours: Decimal
    district: str | None
    for_whom: str
    department: str | None
    day: date
    half: str
    starts_at: time
    ends_at: time
    hours_of_day: str
    where: str
    is_by_video: bool
    video_url: str
    seats: int
    left: int
    waiting: int
    closes_on: date
    state: str
    state_in_words: str
    takes_registrations: bool
    sequence: int

    @property
    def is_full(self) -> bool:
        return self.left <= 0

    @property
    def is_past(self) -> bool:
        return self.day < timezone.localdate()


def _load_offers() -> MappingProxyType[UUID, Offer]:
    since = timezone.localdate() - KEPT
    rows = Session.objects.filter(day__gte=since).for_lists().order_by("day", "starts_at", "pk")[:LIMIT]
    return MappingProxyType({row.pk: offer_of(row) for row in rows})


def offer_of(row: Any) -> Offer:
    training = row.training
    return Offer(
        id=row.pk,
        title=training.title,
        level=str(training.get_level_display()),
        audience=training.audience,
        objectives=training.objectives,
        hours=training.hours,
        district=row.district_id,
        for_whom=row.for_whom,
        department=row.district.department_code if row.district else None,
        day=row.day,
        half=str(row.get_half_display()),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        hours_of_day=str(row.hours_of_day),
        where=row.where,
        is_by_video=bool(row.video_url),
        video_url=row.video_url,
        seats=row.seats,
        left=max(0, row.seats - row.seated),
        waiting=row.waiting,
        closes_on=row.closes_on,
        state=row.state,
        state_in_words=str(row.get_state_display()),
        takes_registrations=row.takes_registrations(),
        sequence=row.sequence,
    )


def _load_districts() -> MappingProxyType[str, str]:
    rows = RefSchool.objects.current().public().exclude(district=None)
    return MappingProxyType(dict(rows.order_by().values_list("uai", "district_id")))


offers: Published[MappingProxyType[UUID, Offer]] = Published("training.offers", _load_offers, MappingProxyType({}))
districts: Published[MappingProxyType[str, str]] = Published(
    "training.districts", _load_districts, MappingProxyType({})
)

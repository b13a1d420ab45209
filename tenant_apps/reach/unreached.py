"""Which children nobody is reached for. One guardian who gets what the school writes is enough for the child.

Who came in these last days saw it all on their home page, whatever their mail. Only what the school says to the whole
family is looked at: neither a message nor an appointment, which are of one person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import registry
from shared_apps.accounts.models import Device
from shared_apps.notifications.models import Notification, Preference, PushSubscription
from tenant_apps.people.models import Enrollment, Guardianship

PATIENCE = timedelta(days=3)
KEPT = timedelta(days=30)  # what is older has no use on paper


class Reason(TextChoices):
    NO_ACCOUNT = "no_account", _("compte pas encore activé")
    NO_ADDRESS = "no_address", _("ni courriel ni appareil prévenu")
    RETURNED = "returned", _("adresse qui n’existe plus")
    UNREAD = "unread", _("laisse sans les lire des mots de l’école")


@dataclass(frozen=True, slots=True)
class Adult:
    link: Guardianship
    reason: Reason | None  # none: this person is reached
    unread: tuple[Notification, ...]
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Child:
    enrollment: Enrollment
    adults: tuple[Adult, ...]

    @property
    def is_unreached(self) -> bool:
        return all(adult.reason for adult in self.adults)

    @property
    def never_came(self) -> bool:
        """Nobody has an account in use: the sheet says where to ask for the code."""
        return all(adult.reason == Reason.NO_ACCOUNT for adult in self.adults)

    @property
    def unread(self) -> list[Notification]:
        """What nobody of the family has read, once each, the oldest first."""
        found = {notice.url: notice for adult in self.adults for notice in adult.unread}
        return sorted(found.values(), key=lambda notice: (notice.created_at, notice.pk))


def children_of(classes: Iterable[Any]) -> list[Child]:
    """The children of these classes, by class and name, reached or not: six queries, however many."""
    rows = Enrollment.objects.on().filter(school_class__in=list(classes))
    rows = rows.select_related("pupil__person", "school_class__school")
    rows = rows.order_by("school_class__school__name", "school_class__label", "pupil__person__sort_name", "pk")
    enrollments = list(rows)
    links: dict[Any, list[Guardianship]] = defaultdict(list)
    informed = Guardianship.objects.informed().filter(pupil__in=[row.pupil_id for row in enrollments])
    for link in informed.select_related("guardian__account"):
        links[link.pupil_id].append(link)
    facts = _Facts.of({link.guardian.account for found in links.values() for link in found} - {None})
    return [Child(row, tuple(facts.adult(link) for link in links[row.pupil_id])) for row in enrollments]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of these accounts, by account; unread notices by account and child."""

    seen: Mapping[Any, datetime]
    called: frozenset[Any]
    chosen: Mapping[Any, Preference]
    unread: Mapping[tuple[Any, Any], list[Notification]]

    @classmethod
    def of(cls, users: Iterable[Any]) -> "_Facts":
        users = list(users)
        devices = Device.objects.filter(user__in=users).order_by()
        seen = dict(devices.values_list("user").annotate(last=Max("last_seen_at")))
        live = PushSubscription.objects.filter(device__user__in=users).exclude(device__session_key="")
        unread: dict[tuple[Any, Any], list[Notification]] = defaultdict(list)
        for notice in _unread(users):
            for pupil in notice.subject_ids:
                unread[notice.user_id, pupil].append(notice)
        called = frozenset(live.values_list("device__user", flat=True))
        return cls(seen, called, Preference.objects.by_user(users), unread)

    def adult(self, link: Guardianship) -> Adult:
        account, seen = link.guardian.account, self.seen.get(link.guardian.account_id)
        unread = tuple(self.unread.get((link.guardian.account_id, link.pupil_id), ()))
        return Adult(link, self._reason(account, seen, unread), unread, seen)

    def _reason(self, account: Any, seen: datetime | None, unread: tuple[Notification, ...]) -> Reason | None:
        since = timezone.now() - PATIENCE
        if account is None or not account.is_active or not account.is_activated:
            return Reason.NO_ACCOUNT
        if seen is not None and seen >= since:
            return None
        if account.pk not in self.called and not self.chosen[account.pk].may_write_to(account):
            return Reason.RETURNED if account.email else Reason.NO_ADDRESS
        missed = (notice for notice in unread if notice.created_at < since)
        return Reason.UNREAD if any(seen is None or notice.created_at > seen for notice in missed) else None


def _unread(users: Iterable[Any]) -> QuerySet[Notification]:
    """What waits for its digest has not left yet: nobody is late with it."""
    rows = Notification.objects.filter(user__in=users, created_at__gte=timezone.now() - KEPT, digest="")
    kinds = [name for name, one in registry.notice_types.items() if one.is_for_the_family]
    return rows.unread().filter(kind__in=kinds)

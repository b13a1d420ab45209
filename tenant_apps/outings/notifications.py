"""What an outing tells: « Inès · À signer avant le 4 décembre : Narbo Via », to each guardian once each occasion."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.words import day_and_month
from shared_apps.notifications import outbox
from shared_apps.notifications.services import Notice, notify_all
from shared_apps.signatures.models import Slot
from tenant_apps.outings.models import Outing
from tenant_apps.people.models import Guardianship

REMINDER = "outings.reminder"
REMINDED_BEFORE = timedelta(days=2)
REMINDED_AT = time(17)


def plan_reminder(outing: Outing) -> None:
    """One reminder before the date, unless it is sent after that moment."""
    day = outing.due_on - REMINDED_BEFORE
    moment = datetime.combine(day, REMINDED_AT, tzinfo=timezone.get_default_timezone())
    if moment > timezone.now():
        outbox.put(REMINDER, key=f"{REMINDER}:{outing.pk}", payload={"outing": str(outing.pk)}, not_before=moment)


def asked(outing: Outing, slots: Iterable[Slot], *, occasion: str) -> None:
    facts = {"day": day_and_month(outing.due_on), "title": outing.title}
    title = _("%(children)s · À signer avant le %(day)s : %(title)s")
    _tell(outing, slots, "outings.to_sign", title, facts, occasion)


def withdrawn(outing: Outing, slots: Iterable[Slot]) -> None:
    facts = {"day": day_and_month(outing.day), "title": outing.title}
    title = _("%(children)s · Sortie du %(day)s annulée : %(title)s")
    _tell(outing, slots, "outings.withdrawn", title, facts, "withdrawn")


def _tell(outing: Outing, slots: Iterable[Slot], kind: str, title: str, facts: dict[str, str], occasion: str) -> None:
    """One notice per adult still in charge, with the names of their children whom it concerns."""
    meant = {(slot.signer_id, slot.subject_id) for slot in slots}
    links = Guardianship.objects.informed().filter(guardian__in={signer for signer, _pupil in meant})
    by_adult: dict[Any, list[Guardianship]] = defaultdict(list)
    for link in links.filter(guardian__account__isnull=False).select_related("guardian__account", "pupil__person"):
        if (link.guardian_id, link.pupil_id) in meant:
            by_adult[link.guardian_id].append(link)
    notify_all(_notice(outing, kind, title, facts, occasion, links) for links in by_adult.values())


def _notice(
    outing: Outing, kind: str, title: str, facts: dict[str, str], occasion: str, links: list[Guardianship]
) -> Notice:
    user = links[0].guardian.account
    names = get_text_list(sorted(link.pupil.person.first_name for link in links), _("et"))
    key = f"outing:{outing.pk}:{user.pk}:{occasion}"
    said, children = title % (facts | {"children": names}), [link.pupil_id for link in links]
    return Notice(user, kind, said, outing.get_absolute_url(), key, children)

"""What families are told of homework: once a day at most, all children together, in the late afternoon."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shared_apps.notifications import outbox
from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.homework.models import Homework
from tenant_apps.homework.querysets import places_of
from tenant_apps.people.models import Enrollment, Guardianship

FAMILIES = "homework.families"
TOLD_AT = time(17)


def plan(homework: Homework) -> None:
    """One effect a day for the whole commune, whoever writes: what is written after it is told the day after."""
    if homework.told_at is not None:
        return
    now = timezone.localtime()
    first = now.date() if now.time() < TOLD_AT else now.date() + timedelta(days=1)
    day = max(first, homework.published_on)
    moment = datetime.combine(day, TOLD_AT, tzinfo=timezone.get_default_timezone())
    outbox.put(FAMILIES, key=f"{FAMILIES}:{day}", payload={"day": str(day)}, not_before=moment)


def tell_families(payload: dict[str, Any]) -> None:
    """As the diary is now: what was removed meanwhile is not told."""
    day = date.fromisoformat(payload["day"])
    rows = Homework.objects.to_tell(day).select_for_update(of=("self",)).prefetch_related("pupils")
    homework = list(rows.order_by("pk"))
    counts = _count_by_pupil(homework)
    links = Guardianship.objects.informed().filter(pupil__in=list(counts), guardian__account__isnull=False)
    adults: dict[Any, list[Guardianship]] = defaultdict(list)
    for link in links.select_related("guardian__account", "pupil__person").order_by("pupil__person__birth_date", "pk"):
        adults[link.guardian_id].append(link)
    notify_all(_notice(links, counts, day) for links in adults.values())
    Homework.objects.filter(pk__in=[one.pk for one in homework]).update(told_at=timezone.now())


def _count_by_pupil(homework: list[Homework]) -> Counter[Any]:
    by_place: dict[Any, list[Homework]] = defaultdict(list)
    for one in homework:
        by_place[one.place_id].append(one)
    rows = Enrollment.objects.on()
    rows = rows.filter(school_class__in=list(by_place)) | rows.of_groups(list(by_place))
    places = places_of(dict(rows.values_list("pupil_id", "school_class_id")))
    return +Counter(
        {
            pupil: sum(one.is_for(pupil, of_the_child) for place in of_the_child for one in by_place[place])
            for pupil, of_the_child in places.items()
        }
    )


def _notice(links: list[Guardianship], counts: Counter[Any], day: date) -> Notice:
    """« Inès et Tom · 3 nouveaux devoirs ». What is to be done stays inside."""
    user = links[0].guardian.account
    n = sum(counts[link.pupil_id] for link in links)
    words = ngettext("%(count)s nouveau devoir", "%(count)s nouveaux devoirs", n) % {"count": n}
    names = get_text_list([link.pupil.person.first_name for link in links], _("et"))
    title = _("%(children)s · %(what)s") % {"children": names, "what": words}
    subjects = [link.pupil_id for link in links]
    return Notice(user, FAMILIES, title, reverse("homework:home"), f"{FAMILIES}:{day}:{user.pk}", subjects)

"""The line of the home page: messages not read yet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.frozen import Asked, frozen
from core.registry import Todo
from shared_apps.accounts.models import User
from tenant_apps.messages.models import Copy
from tenant_apps.messages.querysets import INBOX


def todos(user: Any, profile: str) -> Iterable[Todo] | Asked:
    if profile == "pupil":
        return []
    return _waiting.asked(user, timezone.now()).then(lambda rows: [_todo(*row) for row in rows])


def _todo(count: int, latest: datetime) -> Todo:
    title = ngettext("%(count)s message à lire", "%(count)s messages à lire", count) % {"count": count}
    return Todo(timezone.localdate(latest), "read", title, str(_("Vos messages")), reverse("messaging:inbox"))


@frozen
def _waiting(user: User, now: datetime) -> QuerySet[Copy]:
    """(how many, the latest), or no row."""
    unread = Copy.objects.visible_to(user, now).in_box(INBOX).unread().order_by()
    return unread.values("is_mine").annotate(n=Count("pk"), latest=Max("arrives_at")).values_list("n", "latest")

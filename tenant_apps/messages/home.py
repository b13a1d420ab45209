"""The line of the home page: messages not read yet."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.registry import Todo
from tenant_apps.messages.models import Copy


def todos(user: Any, profile: str) -> Iterable[Todo]:
    if profile == "pupil":
        return
    waiting = Copy.objects.visible_to(user).in_box("").unread()
    count, latest = waiting.aggregate(count=Count("pk"), latest=Max("arrives_at")).values()
    if count:
        title = ngettext("%(count)s message à lire", "%(count)s messages à lire", count) % {"count": count}
        yield Todo(timezone.localdate(latest), "read", title, str(_("Vos messages")), reverse("messaging:inbox"))

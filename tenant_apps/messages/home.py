"""The line of the home page: messages not read yet."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.registry import Todo
from tenant_apps.messages.models import Copy


def todos(user: Any, profile: str) -> Iterable[Todo]:
    if profile == "pupil":
        return
    count = Copy.objects.visible_to(user).in_box("").unread().count()
    if count:
        title = ngettext("%(count)s message à lire", "%(count)s messages à lire", count) % {"count": count}
        yield Todo(None, "read", title, str(_("Vos messages")), reverse("messaging:inbox"))

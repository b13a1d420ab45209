"""What reaches whom. A notification on the page, and a mail to those who have an address."""

from typing import Any

from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification


def notify(*, user: Any, kind: str, title: str, path: str, subject_id: Any = None, key: str) -> None:
    """Tell one account once per key. `title` names the child: « Inès · À signer avant demain : sortie au musée »."""
    notification = Notification.objects.create(user=user, kind=kind, title=title[:200], url=path, subject_id=subject_id)
    if user.email:
        outbox.put("notifications.mail", key=f"mail:{key}", payload={"notification": str(notification.pk)})

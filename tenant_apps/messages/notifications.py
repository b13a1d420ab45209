"""What a message tells: « Inès · Message de Mme Vidal : piscine ». Its text stays inside."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from shared_apps.accounts.models import User
from shared_apps.notifications import services
from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.messages.models import Message
from tenant_apps.people.models import Guardianship
from tenants.stops import Sent

RECEIVED = "messaging.received"


def received(message: Message, accounts: list[Any], moments: dict[Any, datetime], sent: Sent, now: datetime) -> None:
    """Pupils are told nothing outside their page."""
    readers = User.objects.filter(pk__in=accounts, person__pupil=None)
    children = _children_of(accounts, message)
    notify_all(
        Notice(
            user=user,
            kind=RECEIVED,
            title=_title(message, [first for _pk, first in children[user.pk]]),
            path=message.get_absolute_url(),
            key=key(message.pk, user.pk),
            subject_ids=[pk for pk, _first in children[user.pk]],
            sent=sent,
            mail_from=moments.get(user.pk, now),
        )
        for user in readers
    )


def take_back(pairs: Collection[tuple[Any, Any]]) -> None:
    """(message, account) whose copy was put aside before it was read."""
    services.withdraw([key(message, account) for message, account in pairs])


def key(message: Any, account: Any) -> str:
    return f"message:{message}:{account}"


def _title(message: Message, children: list[str]) -> str:
    facts = {"name": message.author_name, "subject": str(message), "children": get_text_list(children, _("et"))}
    if children:
        return _("%(children)s · Message de %(name)s : %(subject)s") % facts
    return _("Message de %(name)s : %(subject)s") % facts


def _children_of(accounts: list[Any], message: Message) -> dict[Any, list[tuple[Any, str]]]:
    """account → its children in the classes that the message was written to."""
    classes = [code.split(":")[1] for code in message.to if code.startswith("guardians:")]
    found: dict[Any, list[tuple[Any, str]]] = defaultdict(list)
    if classes:
        links = Guardianship.objects.informed().of_classes(classes).filter(guardian__account__in=accounts)
        for account, pupil, first in links.values_list("guardian__account", "pupil", "pupil__person__first_name"):
            found[account].append((pupil, first))
    return found

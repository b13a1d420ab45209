"""Messages through the services: call inside a commune."""

from typing import Any

from shared_apps.notifications import outbox
from shared_apps.notifications.models import OutboxEntry
from tenant_apps.messages import delivery, services
from tenant_apps.messages.models import Message
from tenant_apps.people.models import Person


def person(user: Any) -> str:
    return f"person:{Person.objects.get(account=user).pk}"


def draft(author: Any, *to: str, body: str = "Pensez aux bottes.", subject: str = "Piscine", **facts: Any) -> Message:
    return services.save_draft(actor=author, subject=subject, body=body, to=to, **facts)


def queued(author: Any, *to: str, **facts: Any) -> Message:
    confirmed = facts.pop("is_confirmed", False)
    return services.send(actor=author, message=draft(author, *to, **facts), is_confirmed=confirmed)


def sent(author: Any, *to: str, **facts: Any) -> Message:
    message = queued(author, *to, **facts)
    deliver()
    message.refresh_from_db()
    return message


def left(author: Any, *to: str, **facts: Any) -> Message:
    """Sent, and nothing else of the outbox done."""
    message = queued(author, *to, **facts)
    delivery.deliver(OutboxEntry.objects.get(payload__message=str(message.pk)).payload)
    return message


def deliver() -> None:
    """What is due; what is held is not asked twice."""
    while outbox.deliver_due():
        pass

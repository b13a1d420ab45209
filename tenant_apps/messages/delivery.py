"""A message leaves: the outbox’s effect finds its readers, writes their copies, tells them. All or nothing, once."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, DateTimeField, QuerySet, UUIDField, Value, When
from django.utils import timezone

from shared_apps.notifications import outbox
from tenant_apps.messages import notifications, quiet
from tenant_apps.messages.audience import recipients_of
from tenant_apps.messages.models import Copy, Message
from tenant_apps.people.models import Person
from tenants.stops import Sent

DELIVER = "messaging.deliver"
INSERT = """INSERT INTO messaging_copy
    (id, message_id, account_id, is_mine, folder, arrives_at, created_at, updated_at)
    SELECT gen_random_uuid(), reader.message, reader.account_id, false, '', reader.arrives, reader.now, reader.now
    FROM ({readers}) AS reader ON CONFLICT DO NOTHING RETURNING account_id"""


def plan(message: Message, sent: Sent) -> None:
    """Its moment is in the key: what was taken back and sent again is another effect."""
    at = _moment(message)
    payload = {"message": str(message.pk), "at": at, "sent": sent.as_payload()}
    outbox.put(DELIVER, key=f"message:{message.pk}:{at}", payload=payload, not_before=message.scheduled_at)


def _moment(message: Message) -> str:
    return message.queued_at.astimezone(UTC).isoformat() if message.queued_at else ""


@transaction.atomic
def deliver(payload: dict[str, Any]) -> None:
    """Handler of `messaging.deliver`. What was taken back, dropped or delivered meanwhile finds nothing to do."""
    rows = Message.objects.select_for_update(of=("self",)).select_related("author__person", "answers__author")
    message = rows.filter(pk=payload["message"], state=Message.State.QUEUED).first()
    if message is None or _moment(message) != payload["at"]:
        return
    now = timezone.now()
    readers = recipients_of(message)
    later = quiet.arrivals(readers.values("account"), now)
    accounts = _write_copies(message, readers, later, now)
    Copy.objects.get_or_create(
        message=message, account=message.author, defaults={"is_mine": True, "arrives_at": now, "read_at": now}
    )
    message.state, message.sent_at, message.reached = Message.State.SENT, now, len(accounts)
    message.save(update_fields=["state", "sent_at", "reached", "folded", "updated_at"])
    moments = {account: moment for moment, who in later.items() for account in who}
    notifications.received(message, accounts, moments, Sent.of_payload(payload), now)


def _write_copies(
    message: Message, readers: QuerySet[Person], later: dict[datetime, list[Any]], now: datetime
) -> list[Any]:
    """One INSERT … SELECT, however many they are. Returns their accounts."""
    moment = Value(now, output_field=DateTimeField())
    whens = [When(account__in=who, then=Value(at, output_field=DateTimeField())) for at, who in later.items()]
    selected = readers.order_by().values(
        "account_id",
        message=Value(message.pk, output_field=UUIDField()),
        arrives=Case(*whens, default=moment) if whens else moment,
        now=moment,
    )
    text, params = selected.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(readers=text), params)
        return [account for (account,) in cursor.fetchall()]

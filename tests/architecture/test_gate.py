"""Whatever reaches people passes the gate of the emergency switches: a kind of effect is a send, or is listed here."""

from core import registry
from tenants.stops import SENDS

# Access to one's account, work of the platform, what the academy says to heads and mayors.
NO_SENDS = {
    "accounts.mail",
    "agenda.families",  # its mails are sends
    "agenda.reminder",  # its mails are sends
    "attendance.families",  # its mails are sends
    "departures.archive",
    "homework.families",  # its mails are sends
    "liaison.publish",  # its mails are sends
    "liaison.reminder",  # its mails are sends
    "outings.reminder",  # its mails are sends
    "lifecycle.deadline",
    "lifecycle.handover",
    "lifecycle.reminder",
    "maintenance.tell_heads",
    "notifications.digests",  # its mails are sends
    "news.tell",  # its mails are sends
    "onboarding.annex_changed",
    "onboarding.mail",
    "onboarding.mandate",
    "people.export_my_data",
    "provisioning.invitation",
    "statistics.roll_up",
    "training.tell",
    "uplink",
    "year_change.announce",
}


def test_every_kind_of_effect_is_a_send_or_is_known_to_be_none():
    kinds = {kind for kind, _handler in registry.outbox_handlers.items()}
    assert kinds - SENDS == NO_SENDS
    assert kinds >= SENDS

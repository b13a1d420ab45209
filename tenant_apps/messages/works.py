"""What messages give to the person they are of, and what they forget with them."""

from typing import Any

from core.registry import Erased
from tenant_apps.messages import forgetting
from tenant_apps.messages.models import Copy, Message, Preference, RecipientList, Report
from tenant_apps.messages.querysets import UNFINISHED
from tenant_apps.moderation import services as moderation


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    copies = Copy.objects.filter(account__person=person_id, held_at=None).select_related("message")
    drafts = Message.objects.filter(author__person=person_id, state__in=UNFINISHED)
    return {
        "messages": [
            {
                "date": copy.message.sent_at,
                "envoyé": copy.is_mine,
                "objet": copy.message.subject,
                "texte": copy.message.body,
                "lu le": copy.read_at,
                "dossier": copy.folder,
            }
            for copy in copies
        ],
        "brouillons": list(drafts.values("subject", "body", "created_at")),
        "reglages_messages": list(
            Preference.objects.filter(account__person=person_id).values(
                "folders", "quiet_from", "quiet_until", "absent_from", "absent_until", "absence_words"
            )
        ),
        "listes": list(RecipientList.objects.filter(owner__person=person_id).values("name", "created_at")),
        "signalements": list(Report.objects.filter(reporter__person=person_id).values("reason", "created_at")),
    }


def erase(who: Erased) -> None:
    """One's box, drafts and settings. What was sent stays with those who got it, under « Ancien… »."""
    forgetting.delete(Message.objects.filter(author__in=who.accounts, state__in=UNFINISHED))
    Copy.objects.filter(account__in=who.accounts).delete()
    Preference.objects.filter(account__in=who.accounts).delete()
    RecipientList.objects.filter(owner__in=who.accounts).delete()
    moderation.forget(Report.objects.filter(reporter__in=who.accounts))

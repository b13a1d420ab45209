"""How much one may send: a stolen account must not reach a school in a minute (March 2024)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.bounds.vocabulary import CHILDREN, Party
from tenant_apps.messages.models import Message

PUPIL_MESSAGES_AN_HOUR = 10
GUARDIAN_RECIPIENTS_A_DAY = 20
MANY = 50  # recipients: a right, a confirmation and a second factor just given


def check(author: Any, parties: set[str], count: int, *, is_confirmed: bool) -> None:
    """Raises DomainError: nobody, too_often, too_many_today, many. Within the author's lock."""
    if not count:
        raise DomainError(_("Personne ne recevrait ce message : choisissez à qui vous écrivez."), code="nobody")
    if parties <= CHILDREN and _sent(author, timedelta(hours=1)).count() >= PUPIL_MESSAGES_AN_HOUR:
        raise DomainError(_("Tu as déjà envoyé beaucoup de messages. Attends un peu."), code="too_often")
    if parties <= {Party.GUARDIAN} and _reached_today(author) + count > GUARDIAN_RECIPIENTS_A_DAY:
        facts = {"most": GUARDIAN_RECIPIENTS_A_DAY}
        words = _("Un parent écrit à %(most)s personnes par jour au plus. Votre texte est gardé.")
        raise DomainError(words % facts, code="too_many_today")
    if count > MANY and not is_confirmed:
        raise DomainError(_("Plus de cinquante personnes : confirmez d’abord que c’est bien vous."), code="many")


def sent_since(moment: datetime) -> int:
    """By everybody, whether it has left yet or not."""
    return Message.objects.filter(queued_at__gte=moment).count()


def _sent(author: Any, delay: timedelta) -> Any:
    return Message.objects.filter(author=author, queued_at__gte=timezone.now() - delay)


def _reached_today(author: Any) -> int:
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Message.objects.filter(author=author, queued_at__gte=since)
    return rows.aggregate(total=Sum("reached"))["total"] or 0

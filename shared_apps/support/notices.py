"""What the agents are told."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.accounts.models import StaffRole, User
from shared_apps.notifications.services import Notice, notify_all
from shared_apps.support.models import AccessRequest, TicketHeader
from shared_apps.support.vocabulary import AccessState


def ticket_came_up(row: TicketHeader) -> None:
    """To who follows it, else to all the agents."""
    path = reverse("helpdesk:ticket", args=[row.pk], urlconf=_urls())
    title = _("Demande %(number)s, %(town)s : %(category)s")
    facts = {"number": row.number, "town": row.commune, "category": row.get_category_display()}
    agents = User.objects.active().filter(staff_roles__role=StaffRole.Role.SUPPORT).distinct().order_by("pk")
    notify_all(
        Notice(agent, "support.ticket", title % facts, path, f"support:{row.pk}:{agent.pk}:{row.version}")
        for agent in agents
    )


def access_changed(row: AccessRequest) -> None:
    words = {
        AccessState.GRANTED: _("Accès accordé par %(town)s : vous pouvez entrer"),
        AccessState.REFUSED: _("Accès refusé par %(town)s"),
        AccessState.ENDED: _("Accès terminé à %(town)s"),
    }[AccessState(row.state)]
    path = reverse("helpdesk:accesses", urlconf=_urls())
    key = f"support-access:{row.pk}:{row.state}"
    notify_all([Notice(row.agent, "support.access", words % {"town": row.commune}, path, key)])


def _urls() -> str:
    return settings.PUBLIC_SCHEMA_URLCONF

"""Who is told of what. Titles name the request, never quote it: they go by mail."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.people.models import Pupil
from tenant_apps.support.circles import deciders_of, referents_of, teachers_of
from tenant_apps.support.models import SupportAccess, Ticket

# What a pupil presses, and the line that the teacher reads.
PROBLEMS = {
    "page": gettext_lazy("Une page ne marche pas"),
    "device": gettext_lazy("La tablette ou l’ordinateur ne marche pas"),
    "work": gettext_lazy("Je ne sais pas quoi faire"),
    "talk": gettext_lazy("Je veux te parler"),
}


def opened(ticket: Ticket) -> None:
    if ticket.level == Ticket.Level.SCHOOL:
        _tell(ticket, referents_of(ticket), _("Demande d’aide %(number)s : à regarder"), "opened")


def problem_told(ticket: Ticket) -> None:
    """The child is named, as in every notice; what is wrong is said inside."""
    pupil = Pupil.objects.select_related("person").filter(person__account=ticket.author_id).first()
    if pupil is None:
        return
    title = _("%(name)s · A un problème") % {"name": pupil.person.first_name}
    facts = {"kind": "support.problem", "title": title, "path": ticket.get_absolute_url(), "subject_ids": [pupil.pk]}
    notify_all(
        Notice(user=teacher, key=f"support:{ticket.pk}:{teacher.pk}:told", **facts)
        for teacher in teachers_of(ticket.author)
    )


def written(ticket: Ticket, *, by: Any = None) -> None:
    """The author hears from those who answer; those who answer here, from the author."""
    occasion = f"written:{ticket.messages.count()}:{ticket.state}"
    if by is not None and by.pk == ticket.author_id:
        if ticket.level == Ticket.Level.SCHOOL:
            _tell(ticket, referents_of(ticket), _("Demande d’aide %(number)s : du nouveau"), occasion)
    elif ticket.level != Ticket.Level.CLASS:
        _tell(ticket, [ticket.author], _("Votre demande d’aide %(number)s : une réponse"), occasion)


def escalated(ticket: Ticket) -> None:
    words = _("Votre demande d’aide %(number)s est transmise à l’académie")
    if ticket.is_readable:
        words = _("Votre demande d’aide %(number)s est transmise à l’académie, qui lira la conversation")
    _tell(ticket, [ticket.author], words, f"escalated:{ticket.version}")


def returned(ticket: Ticket) -> None:
    _tell(ticket, referents_of(ticket), _("Demande d’aide %(number)s : l’académie vous la rend"), f"r:{ticket.version}")


def access_asked(access: SupportAccess) -> None:
    title = _("L’assistance académique demande à consulter : %(what)s") % {"what": access}
    _tell_deciders(access, title, "asked")


def access_ended(access: SupportAccess) -> None:
    moment = time_format(localtime(access.ended_at), "H:i")
    facts = {"what": access, "time": moment.replace(":", " h ")}
    _tell_deciders(access, _("La consultation de l’assistance est terminée à %(time)s : %(what)s") % facts, "ended")


def _tell_deciders(access: SupportAccess, title: str, occasion: str) -> None:
    path = reverse("support:accesses", urlconf=settings.ROOT_URLCONF)
    notify_all(
        Notice(user, "support.access", title, path, f"support-access:{access.pk}:{user.pk}:{occasion}")
        for user in deciders_of(access)
    )


def _tell(ticket: Ticket, people: Any, words: str, occasion: str) -> None:
    title, path = words % {"number": ticket.number}, ticket.get_absolute_url()
    notify_all(
        Notice(user, "support.ticket", title, path, f"support:{ticket.pk}:{user.pk}:{occasion}") for user in people
    )

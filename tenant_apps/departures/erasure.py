"""Taking a person out of the commune, in one place: every table, every file, every session.

What others made with them stays: contributions in shared spaces under « Ancien élève », signatures as a date and an
answer without a name (docs/adr/0018-what-erasure-leaves.md). The audit holds ids only.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db.models import PROTECT, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import registry
from core.deletion import delete_rows, relations_to
from core.registry import Erased
from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from shared_apps.notifications.models import Notification, OutboxEntry
from shared_apps.signatures.models import Slot
from tenant_apps.departures.models import Archive, Departure
from tenant_apps.people.models import Person, Pupil


def erase(departures: Collection[Departure]) -> None:
    """Inside a transaction that holds the rows. Raises ProtectedError: something else keeps one of them."""
    if not departures:
        return
    who = _whom(departures)
    for eraser in registry.erasers:
        eraser(who)
    _files(who)
    _told(who)
    _signatures(who)
    _sessions(who)
    _leave_contributions(departures)
    delete_rows(Person.objects.filter(pk__in=who.persons))
    delete_rows(User.objects.filter(pk__in=who.accounts))
    for pk in sorted(who.persons):
        record(actor=None, action="departures.erased", person=str(pk))


def _whom(departures: Iterable[Departure]) -> Erased:
    ids = [row.person_id for row in departures]
    people = list(Person.objects.filter(pk__in=ids))
    pupils = dict(Pupil.objects.filter(person__in=ids).values_list("pk", "ine"))
    return Erased(
        persons=frozenset(ids),
        pupils=frozenset(pupils),
        accounts=frozenset(person.account_id for person in people if person.account_id),
        names=tuple((name, p.first_name) for p in people for name in {p.birth_name, p.usage_name} if name),
        ines=frozenset(ine for ine in pupils.values() if ine),
    )


def _files(who: Erased) -> None:
    """Theirs alone: those whose object is the person. Files of a shared thing stay, without their owner."""
    archives = Archive.objects.filter(Q(person__in=who.persons) | Q(requested_by__in=who.accounts))
    own = Q(object_id__in=who.ids) | Q(pk__in=archives.exclude(file_id=None).values("file_id"))
    for file in list(StoredFile.objects.filter(own)):
        files.delete(actor=None, file=file)


def _told(who: Erased) -> None:
    """Lines of others that name them, and effects planned about them."""
    Notification.objects.filter(subject_ids__overlap=list(who.ids)).delete()
    about = Q(pk__in=[])
    for pk in sorted(who.ids):
        about |= Q(key__contains=str(pk)) | Q(payload__icontains=str(pk))
    OutboxEntry.objects.filter(about).delete()


def _signatures(who: Erased) -> None:
    """The child's go with the child. An adult's stay, for the child who is still here, as a date and an answer."""
    Slot.objects.filter(subject_id__in=who.pupils).delete()
    mine = Slot.objects.filter(signer_id__in=who.persons)
    mine.filter(signed_at=None).delete()
    mine.update(comment="")


def _sessions(who: Erased) -> None:
    """A session is told from another by opening it only."""
    accounts = {str(pk) for pk in who.accounts}
    alive = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [row.pk for row in alive.iterator() if row.get_decoded().get(SESSION_KEY) in accounts]
    Session.objects.filter(pk__in=theirs).delete()


def _leave_contributions(departures: Iterable[Departure]) -> None:
    """What is kept because others lean on it loses its author: every foreign key that protects an account."""
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for row in departures:
        by_kind[row.kind].append(row.person_id)
    for kind, persons in by_kind.items():
        accounts = User.objects.filter(person__in=persons)
        for relation in relations_to(User):
            if relation.field.remote_field.on_delete is not PROTECT:
                continue
            kept = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": accounts})
            if kept.exists():
                kept.update(**{relation.field.name: former_member(kind)})


def former_member(kind: str) -> User:
    """« Ancien élève »: an account that nobody opens, author of what remains."""
    names = {
        Departure.Kind.PUPIL: ("ancien-eleve", _("élève")),
        Departure.Kind.STAFF: ("ancien-personnel", _("membre de l’école")),
        Departure.Kind.GUARDIAN: ("ancien-responsable", _("responsable")),
    }
    identifier, last_name = names[Departure.Kind(kind)]
    facts = {"first_name": _("Ancien"), "last_name": last_name, "is_active": False, "password": make_password(None)}
    return User.objects.get_or_create(identifier=identifier, defaults=facts)[0]

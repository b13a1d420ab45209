"""Giving a package to the person it is for, once, and keeping the proof.

The DASEN signs in on the académie’s host. The heads and the town have no account left: a link goes to the address that
their case knows, good once.
"""

from datetime import datetime, time
from typing import Any, BinaryIO

from django.core.signing import BadSignature
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import signing
from core.errors import DomainError
from core.tenancy import in_schema
from shared_apps.audit import services as audit
from shared_apps.files.storage import path_of, storage
from shared_apps.lifecycle import mails
from shared_apps.lifecycle.models import Ending, Handover, Package
from shared_apps.onboarding.models import CaseContact

PURPOSE = "lifecycle.package"
To, Role = Handover.To, CaseContact.Role
TO_TOWN = {To.MAYOR: Role.MAYOR, To.SCHOOL_SERVICE: Role.SCHOOL_SERVICE}


def nobody(user: Any, file: Any) -> bool:
    """A package is never opened as other files are."""
    return False


def plan(*, package: Package) -> None:
    """One handover to each addressee who can be reached. Inside a transaction, in the public schema."""
    for to, email in _addressees(package):
        row, _is_new = Handover.objects.update_or_create(
            package=package, to=to, defaults={"email": email, "expires_at": _last_moment(package.ending)}
        )
        if email:
            mails.plan_handover(row)


def _addressees(package: Package) -> list[tuple[str, str]]:
    if package.kind == Package.Kind.ACADEMY:
        return [(To.DASEN, "")]
    contacts = package.ending.case.contacts.exclude(email="")
    if package.kind == Package.Kind.SCHOOL:
        return [(To.HEAD, c.email) for c in contacts.filter(role=Role.HEAD, school=package.uai)]
    return [(to, c.email) for to, role in TO_TOWN.items() for c in contacts.filter(role=role)]


def _last_moment(ending: Ending) -> datetime:
    return timezone.make_aware(datetime.combine(ending.packages_wait_until, time.max))


@transaction.atomic
def send_again(*, actor: Any, package: Package, to: str, email: str) -> Handover:
    """The address was wrong, or the download broke off: a new link; the former one opens nothing any more."""
    is_town = package.kind == Package.Kind.TOWN
    if package.kind == Package.Kind.ACADEMY or is_town != (to in TO_TOWN):
        raise DomainError(_("Ce paquet n’est pas pour ce destinataire."), code="not_theirs")
    if not package.is_ready or package.ending.state != Ending.State.ARCHIVED:
        raise DomainError(_("Ce paquet n’est pas prêt."), code="not_ready")
    facts = {"email": email, "expires_at": _last_moment(package.ending), "received_at": None, "received_by": ""}
    row, _is_new = Handover.objects.update_or_create(package=package, to=to, defaults=facts)
    mails.plan_handover(row)
    audit.record(actor=actor, action="lifecycle.link_sent", obj=row, to=str(to))
    return row


def token_of(row: Handover) -> str:
    """It names the address and the moment: sent again, the former link is void."""
    return signing.dumps([str(row.pk), row.updated_at.timestamp()], purpose=PURPOSE)


def find(token: str) -> Handover | None:
    """In the public schema. None: forged, void, used, too late."""
    try:
        pk, moment = signing.loads(token, purpose=PURPOSE)
    except (BadSignature, ValueError, TypeError):
        return None
    row = Handover.objects.open().select_related("package__ending__case__commune").filter(pk=pk).first()
    return row if row and row.updated_at.timestamp() == moment else None


def receive(*, actor: Any, row: Handover, name: str) -> tuple[Handover, BinaryIO]:
    """Good once: who asks at the same moment gets nothing. Raises DomainError."""
    with transaction.atomic():
        rows = Handover.objects.open().select_for_update(of=("self",)).select_related("package__ending")
        found = rows.filter(pk=row.pk, updated_at=row.updated_at).first()
        if found is None:
            raise DomainError(_("Ce paquet a déjà été remis, ou son délai est passé."), code="gone")
        found.received_at, found.received_by = timezone.now(), name
        found.save(update_fields=["received_at", "received_by", "updated_at"])
        content = _open(found.package)
        audit.record(
            actor=actor, action="lifecycle.package_received", obj=found, to=str(found.to), sha256=found.package.sha256
        )
    return found, content


def _open(package: Package) -> BinaryIO:
    with in_schema(package.ending.schema_name):
        try:
            return storage().open(path_of(package.file_id))
        except FileNotFoundError as error:
            raise DomainError(_("Le fichier n’est plus là : demandez à l’académie."), code="lost") from error


def all_received(ending: Ending) -> bool:
    """Each package by one of its addressees at least."""
    return not ending.packages.exclude(handovers__received_at__isnull=False).exists()

"""The delegate proves their mandate: the official address of the town says so, by a link that serves once."""

from datetime import timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.core.signing import BadSignature
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import signing
from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.notifications import outbox
from shared_apps.notifications.services import notify
from shared_apps.onboarding.models import Case, CaseContact, Mandate, OfficialAddress
from shared_apps.onboarding.services.cases import lock
from tenants.addresses import base_url

KIND = "onboarding.mandate"
LIFE = timedelta(days=14)


def save_official_address(*, actor: Any, case: Case, email: str, source: str) -> OfficialAddress:
    """Another address voids the question that was asked at the former one."""
    with transaction.atomic():
        case = lock(case)
        before = OfficialAddress.objects.filter(case=case).first()
        if before is not None and (before.email.lower(), before.source) == (email.lower(), source):
            return before
        if before is not None and before.email.lower() != email.lower():
            _withdraw(case)
        facts = {"email": email, "source": source, "recorded_by": actor}
        address, _is_new = OfficialAddress.objects.update_or_create(case=case, defaults=facts)
        audit.record(actor=actor, action="onboarding.official_address_saved", obj=address, insee=case.insee)
    return address


def ask_mandate(*, actor: Any, case: Case) -> Mandate:
    """Write to the official address; a question asked before is void. Raises `DomainError`: no_address, no_delegate."""
    with transaction.atomic():
        case = lock(case)
        address = OfficialAddress.objects.filter(case=case).first()
        if address is None:
            raise DomainError(_("Indiquez d’abord l’adresse officielle de la mairie."), code="no_address")
        delegate = CaseContact.objects.filter(case=case, role=CaseContact.Role.SCHOOL_SERVICE).first()
        if delegate is None:
            raise DomainError(_("Indiquez d’abord qui représente la mairie."), code="no_delegate")
        if delegate.email.lower() == address.email.lower():
            raise DomainError(
                _("L’adresse de la personne et l’adresse officielle sont la même : elle se prouverait elle-même."),
                code="same_address",
            )
        _withdraw(case)
        mandate = Mandate.objects.create(
            case=case,
            first_name=delegate.first_name,
            last_name=delegate.last_name,
            email=delegate.email,
            sent_to=address.email,
            asked_by=actor,
            expires_at=timezone.now() + LIFE,
        )
        outbox.put(KIND, key=f"mandate:{mandate.pk}", payload={"mandate": str(mandate.pk)})
        audit.record(actor=actor, action="onboarding.mandate_asked", obj=mandate, insee=case.insee)
    return mandate


def look(token: str) -> Mandate:
    """What the page behind the link is about. Raises `DomainError`: stale."""
    try:
        pk = signing.loads(token, purpose=KIND, max_age=int(LIFE.total_seconds()))
    except BadSignature as error:
        raise _stale() from error
    mandate = Mandate.objects.select_related("case__commune").filter(pk=pk).first()
    if mandate is None or not mandate.is_open:
        raise _stale()
    return mandate


def answer(*, token: str, answered_by: str, is_confirmed: bool) -> Mandate:
    """The town's word, once. Raises `DomainError`: stale."""
    with transaction.atomic():
        seen = look(token)
        lock(seen.case)
        mandate = Mandate.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        if not mandate.is_open:
            raise _stale()
        mandate.answered_at, mandate.answered_by, mandate.is_confirmed = timezone.now(), answered_by, is_confirmed
        mandate.save(update_fields=["answered_at", "answered_by", "is_confirmed", "updated_at"])
        audit.record(
            actor=None, action="onboarding.mandate_answered", obj=mandate, insee=seen.case.insee, yes=is_confirmed
        )
        _tell_owner(seen.case, mandate)
    return mandate


def token_for(mandate: Mandate) -> str:
    return signing.dumps(str(mandate.pk), purpose=KIND)


def send(payload: dict[str, Any]) -> None:
    """Handler of the outbox: the link is made when the mail leaves, and kept nowhere."""
    mandate = Mandate.objects.select_related("case__commune").filter(pk=payload["mandate"]).first()
    if mandate is None or not mandate.is_open:
        return
    path = reverse("onboarding:mandate", urlconf="config.urls.public")
    context = {
        "mandate": mandate,
        "commune": mandate.case.commune,
        "link": f"{base_url()}{path}?cle={token_for(mandate)}",
    }
    EmailMessage(
        subject=_("Qui représente %(commune)s auprès de l’académie ?") % {"commune": mandate.case.commune.name},
        body=render_to_string("onboarding/email/mandate.txt", context),
        to=[mandate.sent_to],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def mandate_of(case: Case) -> tuple[CaseContact | None, Mandate | None]:
    """The present delegate, and the last question asked about them."""
    delegate = next((c for c in case.contacts.all() if c.role == CaseContact.Role.SCHOOL_SERVICE), None)
    if delegate is None:
        return None, None
    asked = [m for m in case.mandates.all() if m.withdrawn_at is None and m.is_of(delegate)]
    return delegate, next(iter(asked), None)


def is_proven(case: Case) -> bool:
    """Nobody is named, or the town has said yes."""
    delegate, mandate = mandate_of(case)
    return delegate is None or (mandate is not None and mandate.is_confirmed)


def _withdraw(case: Case) -> None:
    now = timezone.now()
    Mandate.objects.filter(case=case).asked().update(withdrawn_at=now, updated_at=now)


def _tell_owner(case: Case, mandate: Mandate) -> None:
    if case.owner is None:
        return
    words = (
        _("%(commune)s : le mandat est confirmé")
        if mandate.is_confirmed
        else _("%(commune)s : la mairie ne reconnaît pas la personne proposée")
    )
    notify(
        user=case.owner,
        kind="onboarding.mandate",
        title=words % {"commune": case.commune.name},
        path=reverse("onboarding:commune", args=[case.insee], urlconf="config.urls.public"),
        key=f"mandate:{mandate.pk}",
    )


def _stale() -> DomainError:
    return DomainError(_("Ce lien a déjà servi, a été remplacé ou n’est plus valable."), code="stale")

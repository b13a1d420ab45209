"""A convention signed on the platform by both sides: the mayor by a link and a code, then the recteur.

Each signature seals the file as it is then; the file with the first stays beside the one with both.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimestampRequestError

from core import signing
from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.files.kinds import PDF
from shared_apps.files.models import StoredFile
from shared_apps.files.services import store
from shared_apps.notifications import outbox
from shared_apps.onboarding import documents
from shared_apps.onboarding.models import Case, Convention, ConventionSignature, SigningInvitation
from shared_apps.onboarding.services.cases import lock
from shared_apps.onboarding.services.conventions import check_turn, record_signature
from shared_apps.signing import keys, pades
from shared_apps.signing.verification import content_of

Side = ConventionSignature.Side
FIELDS = {Side.COMMUNE: "Commune", Side.ACADEMY: "Academie"}
PURPOSE = "onboarding.sign"  # of the link
TO_SIGN, SEALED = "onboarding.convention_to_sign", "onboarding.convention"  # of the files
MAIL = "onboarding.mail"
# The second factor of who signs for the académie was given this long ago at most.
FRESH = timedelta(minutes=10)
# Before a time stamp's end: a clock that does not answer, or still has its old certificate, is asked again each week.
MARGIN = timedelta(days=120)


def invite(*, actor: Any, convention: Convention, email: str) -> SigningInvitation:
    """Send the text to the commune's official address; an earlier link stops serving.

    Raises DomainError: no_seal, already_signed, not_deliberated.
    """
    if not keys.is_configured():
        raise DomainError(
            _("La signature en ligne n’est pas réglée sur cette plateforme : recueillez la signature sur papier."),
            code="no_seal",
        )
    with transaction.atomic():
        convention = _locked(convention)
        check_turn(convention, Side.COMMUNE, timezone.localdate())
        _revoke(convention)
        pdf = documents.convention_pdf(convention, electronic=True)
        file = _keep(actor, convention, pades.with_fields(pdf, _boxes()), TO_SIGN)
        invitation = SigningInvitation.objects.create(
            convention=convention,
            email=email,
            document=file,
            sent_by=actor,
            expires_at=timezone.now() + SigningInvitation.LIFE,
        )
        outbox.put(MAIL, key=f"sign:{invitation.pk}", payload={"what": "sign", "invitation": str(invitation.pk)})
        audit.record(actor=actor, action="onboarding.signature_asked", obj=convention)
    return invitation


def revoke_invitation(*, actor: Any, convention: Convention) -> None:
    """The link stops serving: wrong address, or the commune signs on paper."""
    with transaction.atomic():
        if _revoke(_locked(convention)):
            audit.record(actor=actor, action="onboarding.signature_ask_revoked", obj=convention)


def _revoke(convention: Convention) -> int:
    live = convention.invitations.filter(used_at=None, revoked_at=None)
    return live.update(revoked_at=timezone.now(), updated_at=timezone.now())


# --- the mayor's side: nobody is signed in


def token_for(invitation: SigningInvitation) -> str:
    return signing.dumps(str(invitation.pk), purpose=PURPOSE)


def look(token: str, *, used: bool = False) -> SigningInvitation:
    """The invitation of a link. `used`: who has just signed may still see it. Raises DomainError: stale, signed."""
    try:
        pk = UUID(signing.loads(token, purpose=PURPOSE, max_age=int(SigningInvitation.LIFE.total_seconds())))
    except (BadSignature, ValueError, TypeError) as error:
        raise _stale() from error
    rows = SigningInvitation.objects.select_related(
        "convention__case__commune", "convention__party", "convention__sealed", "document"
    )
    invitation = rows.filter(pk=pk).first()
    if invitation is None or invitation.revoked_at is not None:
        raise _stale()
    if invitation.used_at is not None and not used:
        raise DomainError(_("Ce document est déjà signé par la commune."), code="signed")
    if invitation.used_at is None and not invitation.is_live:
        raise _stale()
    return invitation


def send_code(*, token: str) -> SigningInvitation:
    """A code to the official address. Raises DomainError: stale, signed, too_many_codes."""
    with transaction.atomic():
        invitation = _locked_invitation(token)
        if invitation.code_generation >= SigningInvitation.CODES:
            raise DomainError(
                _("Trop de codes ont été demandés. L’académie peut vous envoyer un nouveau lien."),
                code="too_many_codes",
            )
        invitation.code_generation += 1
        invitation.code_sent_at, invitation.code_tries = timezone.now(), 0
        invitation.save(update_fields=["code_generation", "code_sent_at", "code_tries", "updated_at"])
        key = f"sign-code:{invitation.pk}:{invitation.code_generation}"
        outbox.put(MAIL, key=key, payload={"what": "code", "invitation": str(invitation.pk)})
    return invitation


def code_of(invitation: SigningInvitation) -> str:
    """Six digits, derived: no table holds them."""
    secret = salted_hmac(f"{PURPOSE}.code", f"{invitation.pk}:{invitation.code_generation}", algorithm="sha256")
    return f"{int.from_bytes(secret.digest()[:8]) % 1_000_000:06}"


def check_code(*, token: str, code: str) -> SigningInvitation:
    """Each try counts, at five the code is worth nothing. Raises DomainError: stale, signed, no_code, wrong_code."""
    with transaction.atomic():
        invitation = _locked_invitation(token)
        is_live = invitation.has_live_code
        invitation.code_tries += 1
        invitation.save(update_fields=["code_tries", "updated_at"])
    if not is_live:
        raise DomainError(_("Ce code ne sert plus. Demandez-en un autre."), code="no_code")
    if not constant_time_compare(code_of(invitation), "".join(code.split())):
        raise DomainError(_("Ce n’est pas le code du dernier courriel. Vérifiez les six chiffres."), code="wrong_code")
    return invitation


def sign_for_commune(*, token: str, name: str, quality: str, place: str) -> Convention:
    """By who proved that they read the official address. Once. Raises DomainError: stale, signed, clock."""
    with transaction.atomic():
        convention = _locked(look(token).convention)
        invitation = _locked_invitation(token)
        proof = _("Signé en ligne, par un code envoyé à l’adresse officielle.")
        before = content_of(invitation.document)
        _sign(None, convention, Side.COMMUNE, before, {"name": name, "quality": quality, "place": place}, proof)
        invitation.used_at = timezone.now()
        invitation.save(update_fields=["used_at", "updated_at"])
    return convention


def _locked_invitation(token: str) -> SigningInvitation:
    """Locked, and looked at again: of two clicks at once the second finds the link spent."""
    SigningInvitation.objects.select_for_update().get(pk=look(token).pk)
    return look(token)


def _stale() -> DomainError:
    return DomainError(_("Ce lien n’est plus valable. Demandez-en un autre à l’académie."), code="stale")


# --- the académie's side


def sign_for_academy(*, actor: Any, convention: Convention, name: str, quality: str, place: str) -> Convention:
    """After the commune, on the same file. Raises DomainError: commune_signs_first, on_paper, already_signed, clock."""
    with transaction.atomic():
        convention = _locked(convention)
        check_turn(convention, Side.ACADEMY, timezone.localdate())
        if convention.sealed is None:
            raise DomainError(
                _("La commune a signé sur papier : l’académie signe le même exemplaire."), code="on_paper"
            )
        proof = _("Signé en ligne, avec un second facteur.")
        facts = {"name": name, "quality": quality, "place": place}
        _sign(actor, convention, Side.ACADEMY, content_of(convention.sealed), facts, proof)
    return convention


# --- long after


def renew_proofs() -> int:
    """One more time stamp on each file whose last one is near its end, as long as the new one lasts longer; how many.

    Safe to repeat. Raises DomainError: clock, no_seal; what was done before stays.
    """
    near = timezone.localdate() + MARGIN
    due = Convention.objects.exclude(sealed=None).filter(Q(proved_until=None) | Q(proved_until__lte=near))
    return sum(_renew_proof(convention, near) for convention in due.order_by("pk"))


@transaction.atomic
def _renew_proof(convention: Convention, near: date) -> bool:
    convention = _locked(convention)
    if convention.sealed is None:
        return False
    before = content_of(convention.sealed)
    until = _proved_until(before)
    after = _with_clock(lambda: pades.stamped_again(before)) if until <= near else before
    is_longer = _proved_until(after) > until
    if is_longer:
        convention.sealed = _keep(None, convention, after, SEALED)
        audit.record(actor=None, action="onboarding.proof_renewed", obj=convention)
    convention.proved_until = max(until, _proved_until(after))
    convention.save(update_fields=["sealed", "proved_until", "updated_at"])
    return is_longer


def _proved_until(pdf: bytes) -> date:
    return timezone.localdate(pades.proved_until(pdf))


# --- both


def _sign(
    actor: Any, convention: Convention, side: Side, before: bytes, facts: dict[str, str], proof: str
) -> ConventionSignature:
    """The file first, then what it says."""
    today = timezone.localdate()
    stamp = documents.stamp_pdf(**facts, on=today, proof=proof)
    sealed = _with_clock(
        lambda: pades.sign(
            before,
            field=FIELDS[side],
            signer=f"{facts['name']}, {facts['quality']}",
            place=facts["place"],
            stamp=stamp,
            is_first=side == Side.COMMUNE,
        )
    )
    convention.sealed = _keep(actor, convention, sealed, SEALED)
    convention.proved_until = _proved_until(sealed)
    convention.save(update_fields=["sealed", "proved_until", "updated_at"])
    return record_signature(
        actor=actor,
        case=convention.case,
        convention=convention,
        side=side,
        signer_name=facts["name"],
        signer_quality=facts["quality"],
        place=facts["place"],
        signed_on=today,
        is_electronic=True,
    )


def _with_clock(act: Callable[[], bytes]) -> bytes:
    try:
        return act()
    except (TimestampRequestError, OSError) as error:
        raise DomainError(
            _("L’autorité d’horodatage ne répond pas. Rien n’est signé : réessayez dans quelques minutes."),
            code="clock",
        ) from error
    except keys.NoSeal as error:
        raise DomainError(
            _("Le cachet de la plateforme n’est pas reconnu en ce moment. Rien n’est signé : prévenez l’académie."),
            code="no_seal",
        ) from error


def _keep(actor: Any, convention: Convention, pdf: bytes, purpose: str) -> StoredFile:
    name = f"{documents.file_name(convention)}.pdf"
    file = ContentFile(pdf, name=name)
    return store(actor=actor, upload=file, purpose=purpose, object_id=convention.pk, kinds={PDF})


def _boxes() -> dict[str, pades.Box]:
    return {FIELDS[side]: box for side, box in documents.BOXES.items()}


def _locked(convention: Convention) -> Convention:
    """The case, then its convention: one order for all."""
    lock(Case.objects.get(conventions=convention.pk))
    return Convention.objects.select_related("case__commune", "party", "sealed").get(pk=convention.pk)


def title_of(file: StoredFile) -> str:
    """What the verification page says of a file that it knows."""
    pk = file.object_id
    convention = Convention.objects.select_related("case__commune").filter(pk=pk).first() if pk else None
    return documents.title_of(convention) if convention else file.name


def may_read(user: Any, file: StoredFile) -> bool:
    pk = file.object_id
    return pk is not None and Convention.objects.visible_to(user).filter(pk=pk).exists()

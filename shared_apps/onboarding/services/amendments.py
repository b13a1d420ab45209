"""An amendment adds schools to a convention, or takes some out. Signed by both, those it adds open."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.onboarding import texts
from shared_apps.onboarding.models import Case, Convention, ConventionSchool
from shared_apps.onboarding.services.cases import lock, refuse_future
from shared_apps.onboarding.services.conventions import IN_SERVICE, next_number, public_schools

AMENDABLE = (Case.State.SIGNED_BY_BOTH, *IN_SERVICE)


def draft_amendment(
    *,
    actor: Any,
    case: Case,
    added: Iterable[str] = (),
    withdrawn: Iterable[str] = (),
    drafted_on: date | None = None,
) -> Convention:
    """Raises DomainError: wrong_state, pending_amendment, nothing_changes, no_school_left."""
    drafted_on = drafted_on or timezone.localdate()
    refuse_future(drafted_on)
    with transaction.atomic():
        case = Case.objects.with_convention().get(pk=lock(case).pk)
        first = _amendable(case)
        added, withdrawn = set(added) - set(case.schools), set(withdrawn) & set(case.schools)
        _check(case, added, withdrawn)
        amendment = Convention.objects.create(
            case=case,
            kind=Convention.Kind.AMENDMENT,
            number=next_number(drafted_on.year),
            template_version=texts.current(Convention.Kind.AMENDMENT).version,
            drafted_on=drafted_on,
            party=first.party,
        )
        _annex(amendment, case, added, withdrawn)
        audit.record(
            actor=actor,
            action="onboarding.amendment_drafted",
            obj=amendment,
            added=len(added),
            withdrawn=len(withdrawn),
        )
    return amendment


def _amendable(case: Case) -> Convention:
    if case.convention is None or case.state not in AMENDABLE:
        raise DomainError(_("Un avenant change une convention en vigueur."), code="wrong_state")
    if any(not amendment.is_signed_by_both for amendment in case.amendments):
        raise DomainError(_("Un avenant attend déjà ses signatures."), code="pending_amendment")
    return case.convention


def _check(case: Case, added: set[str], withdrawn: set[str]) -> None:
    if not added and not withdrawn:
        raise DomainError(_("Choisissez au moins une école à ajouter ou à retirer."), code="nothing_changes")
    if not added and withdrawn == set(case.schools):
        raise DomainError(
            _("Il ne resterait aucune école : la convention se résilie, elle ne se vide pas."), code="no_school_left"
        )


def _annex(amendment: Convention, case: Case, added: set[str], withdrawn: set[str]) -> None:
    schools = public_schools(case, added) if added else []
    leaving = [row for row in case.annexed if row.school_id in withdrawn]
    ConventionSchool.objects.bulk_create(
        [
            *(ConventionSchool(convention=amendment, school=school, pupils=school.pupils) for school in schools),
            *(
                ConventionSchool(convention=amendment, school=row.school, pupils=row.pupils, is_withdrawn=True)
                for row in leaving
            ),
        ]
    )


def drop_amendment(*, actor: Any, amendment: Convention) -> None:
    """A draft that nobody signed goes. Raises DomainError: already_signed."""
    with transaction.atomic():
        lock(amendment.case)
        if not amendment.is_amendment or amendment.signatures.exists():
            raise DomainError(_("Un texte signé ne s’efface pas."), code="already_signed")
        audit.record(actor=actor, action="onboarding.amendment_dropped", obj=amendment)
        amendment.delete()

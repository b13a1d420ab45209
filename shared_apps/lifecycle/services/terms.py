"""When a convention ends, and how it goes on: by itself on its day, or because both sides sign again."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.months import add_months
from core.words import day as in_words
from shared_apps.audit import services as audit
from shared_apps.lifecycle.models import Ending, Renewal
from shared_apps.lifecycle.services.switching import advance, locked, switch
from shared_apps.onboarding.models import Case, Convention
from tenants.models import Commune

State = Case.State
LONGEST = 120  # months
TERMS = ["starts_on", "ends_on", "renewal", "term_months", "updated_at"]
IN_FORCE = (State.SIGNED_BY_BOTH, State.PROVISIONING, State.OPEN, State.TO_RENEW, State.SUSPENDED)


@transaction.atomic
def set_terms(*, actor: Any, case: Case, starts_on: date, term_months: int, renewal: str) -> Convention:
    """From its first day, for so many months; said again, it replaces what was said."""
    _commune, case = _locked(case)
    convention = _signed(case)
    if case.state not in IN_FORCE:
        raise DomainError(_("Cette convention n’est plus en vigueur."), code="wrong_state")
    if not 1 <= term_months <= LONGEST:
        raise DomainError(_("La durée va d’un mois à dix ans."), code="bad_term")
    convention.term_months, convention.renewal = term_months, renewal
    convention.begin(starts_on)
    if _term(convention) < timezone.localdate():
        raise DomainError(
            _("Avec ces termes, elle aurait fini le %(day)s : enregistrez plutôt sa reconduction, ou sa fin.")
            % {"day": in_words(convention.ends_on)},
            code="already_over",
        )
    convention.save(update_fields=TERMS)
    audit.record(
        actor=actor, action="lifecycle.terms_set", obj=convention, ends_on=convention.ends_on, renewal=str(renewal)
    )
    return convention


@transaction.atomic
def renew(
    *,
    actor: Any,
    case: Case,
    months: int,
    commune_signer: str,
    commune_signed_on: date,
    academy_signer: str,
    academy_signed_on: date,
) -> Renewal:
    """Express: both sides signed an amendment that moves the last day. Also late, while all can still be read."""
    commune, case = _locked(case)
    convention = _signed(case)
    ends_on = _term(convention)
    if case.state not in {*IN_FORCE, State.EXPIRED}:
        raise DomainError(_("Il est trop tard : il faut une nouvelle convention."), code="wrong_state")
    if max(commune_signed_on, academy_signed_on) > timezone.localdate():
        raise DomainError(_("Cette date est à venir : indiquez le jour où cela s’est passé."), code="future_date")
    if not 1 <= months <= LONGEST:
        raise DomainError(_("La durée va d’un mois à dix ans."), code="bad_term")
    until = add_months(ends_on, months)
    if until < timezone.localdate():
        raise DomainError(_("Cette reconduction serait déjà finie."), code="already_over")
    renewal = Renewal.objects.create(
        convention=convention,
        is_tacit=False,
        was_until=ends_on,
        until=until,
        commune_signer=commune_signer,
        commune_signed_on=commune_signed_on,
        academy_signer=academy_signer,
        academy_signed_on=academy_signed_on,
        recorded_by=actor,
    )
    _go_on(actor, case, convention, until, commune)
    return renewal


@transaction.atomic
def extend_tacitly(*, case: Case) -> Renewal | None:
    """On its last day. Repeating it changes nothing."""
    commune, case = _locked(case)
    convention = case.convention
    today = timezone.localdate()
    if convention is None or convention.renewal != Convention.Renewal.TACIT or case.state not in IN_FORCE:
        return None
    if convention.ends_on is None or not convention.term_months or convention.ends_on > today:
        return None
    until = convention.ends_on
    while until <= today:  # nobody was there for years: one renewal tells it all
        until = add_months(until, convention.term_months)
    renewal = Renewal.objects.create(
        convention=convention, is_tacit=True, was_until=convention.ends_on, until=until, recorded_by=None
    )
    _go_on(None, case, convention, until, commune)
    return renewal


def _go_on(actor: Any, case: Case, convention: Convention, until: date, commune: Commune | None) -> None:
    from shared_apps.onboarding.models import CaseEvent

    convention.ends_on = until
    convention.save(update_fields=["ends_on", "updated_at"])
    detail = _("reconduite jusqu’au %(day)s") % {"day": in_words(until)}
    today = timezone.localdate()
    if case.state in {State.TO_RENEW, State.EXPIRED}:
        advance(actor, case, State.OPEN, today, detail)
    else:
        CaseEvent.objects.create(case=case, state=case.state, on=today, detail=detail, recorded_by=actor)
    now = timezone.now()
    Ending.objects.going_on().filter(case=case).update(state=Ending.State.GIVEN_UP, updated_at=now)
    if commune is not None and commune.state == Commune.State.READ_ONLY:
        switch(commune, Commune.State.OPEN)
    audit.record(actor=actor, action="lifecycle.renewed", obj=convention, insee=case.insee, until=until)


def _locked(case: Case) -> tuple[Commune | None, Case]:
    commune, found = locked(case.insee)
    if found is None:  # a case is never deleted
        raise LookupError(case.insee)
    return commune, found


def _signed(case: Case) -> Convention:
    convention = case.convention
    if convention is None or not convention.is_signed_by_both:
        raise DomainError(_("La convention n’est pas signée des deux côtés."), code="not_signed")
    return convention


def _term(convention: Convention) -> date:
    if convention.ends_on is None:
        raise DomainError(_("Cette convention n’a pas de terme : fixez-le d’abord."), code="no_term")
    return convention.ends_on

"""Terms, reminders, renewals: what the calendar does by itself, and once."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core.errors import DomainError
from core.months import add_months
from shared_apps.lifecycle import night, services
from shared_apps.lifecycle.models import Ending, Reminder, Renewal
from shared_apps.notifications import outbox
from shared_apps.onboarding import in_force
from shared_apps.onboarding.services import (
    draft_amendment,
    draft_convention,
    facts_for_opening,
    record_deliberation,
    record_signature,
)
from shared_apps.onboarding.services.adhesions import load_adhesions
from tenants.models import Commune
from tests.shared_apps.lifecycle.conftest import ends_on
from tests.shared_apps.onboarding import factories


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
    ids=str,
)
def test_months_are_those_of_the_calendar(day, months, expected):
    assert add_months(day, months) == expected


def test_the_last_day_is_counted_from_the_first(case, officer):
    convention = services.set_terms(
        actor=officer, case=case, starts_on=date(2026, 9, 1), term_months=36, renewal="tacit"
    )
    assert convention.ends_on == date(2029, 8, 31)


def test_the_second_signature_begins_the_term_that_was_drafted(officer, reference):
    case = factories.drafted(officer)
    draft_convention(
        actor=officer, case=case, uais=factories.uais(case.insee), drafted_on=factories.days_ago(50), term_months=24,
        renewal="express",
    )  # fmt: skip
    record_deliberation(actor=officer, case=case, number="2026-118", on=factories.days_ago(40))
    record_signature(actor=officer, case=case, side="commune", **factories.signature())
    assert factories.convention(case).ends_on is None
    second = factories.days_ago(20)
    record_signature(actor=officer, case=case, side="academy", **factories.signature(signed_on=second))
    convention = factories.convention(case)
    assert (convention.starts_on, convention.renewal) == (second, "express")
    assert convention.ends_on == add_months(second, 24) - timedelta(days=1)


@pytest.mark.parametrize(
    ("renewal", "days", "is_in_force"),
    [("express", 0, True), ("express", 1, False), ("none", 1, False), ("tacit", 1, True)],
    ids=str,
)
def test_a_commune_has_joined_until_its_last_day_before_the_night_writes_it(with_terms, renewal, days, is_in_force):
    case = with_terms(renewal, 0)
    day = case.convention.ends_on + timedelta(days=days)
    assert (case.insee in set(in_force.joined_communes(day).values_list("case__commune", flat=True))) == is_in_force


def test_the_schools_of_an_amendment_leave_with_the_convention(case, officer, with_terms):
    schools = factories.uais(case.insee)
    case.convention.annexed_schools.filter(school__in=schools[1:]).delete()
    amendment = draft_amendment(actor=officer, case=case, added=schools[1:2], drafted_on=factories.days_ago(10))
    for side in ("commune", "academy"):
        facts = factories.signature(signed_on=factories.days_ago(5))
        record_signature(actor=officer, case=case, side=side, convention=amendment, **facts)
    last = with_terms("express", 0).convention.ends_on
    for day, expected in ((last, set(schools[:2])), (last + timedelta(days=1), set())):
        assert set(in_force.joined_schools(day).values_list("school", flat=True)) == expected


def test_each_distance_is_told_once_to_the_owner_and_to_the_commune(with_terms, later):
    case = with_terms("express", 80)
    assert [night.follow_all()["reminded"], night.follow_all()["reminded"]] == [1, 0]
    outbox.deliver_due()
    assert sorted(m.to[0] for m in mail.outbox) == sorted(
        ["maire@narbonne.test", "ecoles@narbonne.test", case.owner.email]
    )
    assert "les deux parties doivent signer" in mail.outbox[0].body
    later(60)
    night.follow_all()
    assert list(Reminder.objects.values_list("months", flat=True)) == [3, 1]
    assert factories.fresh(case).state == "to_renew"


def test_a_tacit_convention_goes_on_by_itself_on_its_day_and_never_ends(with_terms, narbonne):
    case = with_terms("tacit", 0)
    was = case.convention.ends_on
    night.follow_all()
    night.follow_all()
    renewal = Renewal.objects.get()
    assert renewal.is_tacit
    assert (renewal.was_until, renewal.until) == (was, add_months(was, 12))
    case = factories.fresh(case)
    assert case.state == "open"
    assert case.convention.ends_on == renewal.until
    assert "reconduite" in case.events.last().detail


def test_an_express_renewal_keeps_both_signatures_and_opens_again_what_had_just_expired(with_terms, officer, narbonne):
    case = with_terms("express", -1)
    night.follow_all()
    narbonne.refresh_from_db()
    assert narbonne.state == Commune.State.READ_ONLY
    today = timezone.localdate()
    services.renew(
        actor=officer,
        case=case,
        months=36,
        commune_signer="Hélène Castan, maire",
        commune_signed_on=today,
        academy_signer="Anne Roussel, rectrice",
        academy_signed_on=today,
    )
    narbonne.refresh_from_db()
    assert (narbonne.state, narbonne.closes_on) == (Commune.State.OPEN, None)
    assert factories.fresh(case).state == "open"
    assert Ending.objects.get().state == Ending.State.GIVEN_UP


@pytest.mark.parametrize("renewal", ["express", "none"])
def test_without_renewal_it_expires_the_day_after_the_last_one(with_terms, narbonne, renewal):
    case = with_terms(renewal, 0)
    night.follow_all()
    assert not Ending.objects.exists()
    ends_on(case, timezone.localdate() - timedelta(days=1))
    night.follow_all()
    night.follow_all()
    ending = Ending.objects.get()
    assert ending.readable_until == ending.ended_on + timedelta(days=60)
    assert ending.erase_by == add_months(ending.ended_on, 3)
    narbonne.refresh_from_db()
    assert (narbonne.state, narbonne.closes_on) == (Commune.State.READ_ONLY, ending.readable_until)
    assert factories.fresh(case).state == "expired"


def test_terms_that_are_already_over_are_refused(case, officer):
    before = case.convention.ends_on
    with pytest.raises(DomainError) as refusal:
        services.set_terms(actor=officer, case=case, starts_on=date(2020, 9, 1), term_months=12, renewal="none")
    assert refusal.value.code == "already_over"
    assert factories.convention(case).ends_on == before


def test_a_convention_without_term_never_ends(case, later):
    case.conventions.update(ends_on=None, term_months=None)  # of before terms were asked
    later(4000)
    assert not any(night.follow_all().values())


def test_an_imported_convention_that_went_on_is_kept_when_it_has_left_its_file(officer, reference):
    load_adhesions(actor=officer, data=b"uai;date\n0110427E;2022-03-01\n0110357D;2022-03-01\n")
    case = factories.Case.objects.with_convention().get(commune="11262")
    today = timezone.localdate()
    services.set_terms(actor=officer, case=case, starts_on=today, term_months=12, renewal="tacit")
    ends_on(case, today)
    assert night.follow_all()["extended"] == 1
    report = load_adhesions(actor=officer, data=b"uai;date\n0110357D;2022-03-01\n")
    assert [(insee, "reconduite" in why) for insee, why in report.kept] == [("11262", True)]
    assert (report.removed, Renewal.objects.count()) == ([], 1)


@pytest.mark.parametrize(("renewal", "is_refused"), [("express", True), ("none", True), ("tacit", False)], ids=str)
def test_a_convention_recorded_too_late_does_not_open_for_one_night(officer, reference, renewal, is_refused):
    case = factories.signed_by_both(officer)
    case.conventions.update(renewal=renewal)
    ends_on(case, factories.days_ago(1))
    if not is_refused:
        assert facts_for_opening(case.insee).insee == case.insee
        return
    with pytest.raises(DomainError, match="enregistrez sa reconduction") as refusal:
        facts_for_opening(case.insee)
    assert refusal.value.code == "already_over"


def test_a_convention_signed_by_both_ends_without_a_space(officer, reference):
    case = factories.signed_by_both(officer, factories.COURSAN)
    assert services.terminate(actor=officer, case=case, on=timezone.localdate(), reason="fusion") is None
    event = case.events.get(state="terminated")
    assert (event.detail, event.recorded_by) == ("fusion", officer)
    assert case.insee not in set(in_force.joined_communes().values_list("case__commune", flat=True))
    assert not Ending.objects.exists()


def test_a_convention_with_an_amendment_is_told_of_its_term_and_ends_too(case, officer, with_terms):
    schools = factories.uais(case.insee)
    case.convention.annexed_schools.filter(school__in=schools[1:]).delete()
    draft_amendment(actor=officer, case=case, added=schools[1:2], drafted_on=factories.days_ago(10))
    case = with_terms("express", 80)
    assert night.follow_all()["reminded"] == 1
    ends_on(case, factories.days_ago(1))
    assert night.follow_all()["expired"] == 1

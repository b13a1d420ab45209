"""A commune that left and comes back: a road of its own, and what was signed before still counts for its days."""

import pytest
from django.utils import timezone

from core.errors import DomainError
from shared_apps.lifecycle import services
from shared_apps.lifecycle.models import Ending
from shared_apps.onboarding import in_force, journey
from shared_apps.onboarding.models import Convention
from shared_apps.onboarding.services import draft_convention, record_contacted, record_deliberation, record_signature
from tests.shared_apps.onboarding import factories

COURSAN = factories.COURSAN


@pytest.fixture
def left(officer, reference):
    """Signed twenty days ago, tacit, its commune never opened, terminated ten days ago."""
    case = factories.signed_by_both(officer, COURSAN)
    services.terminate(actor=officer, case=case, on=factories.days_ago(11), reason="fusion")
    return factories.fresh(case)


def signed_anew(case, officer):
    record_contacted(actor=officer, case=case, on=timezone.localdate())
    draft_convention(actor=officer, case=case, uais=factories.uais(case.insee))
    record_deliberation(actor=officer, case=case, number="2026-200", on=timezone.localdate())
    for side in ("commune", "academy"):
        facts = factories.signature(signed_on=timezone.localdate())
        record_signature(actor=officer, case=case, side=side, **facts)
    return factories.fresh(case)


def joined(day):
    return COURSAN in set(in_force.joined_communes(day).values_list("case__commune", flat=True))


def test_the_road_begins_again_and_the_days_between_do_not_count(left, officer):
    former = left.convention.number
    services.come_back(actor=officer, case=left)
    case = factories.fresh(left)
    assert (case.state, case.convention) == ("prospect", None)
    assert [step["state"] for step in journey.steps(case)][:3] == ["done", "current", "waiting"]
    case = signed_anew(case, officer)
    assert case.state == "signed_both"
    assert case.convention.number != former
    days = [joined(factories.days_ago(days)) for days in (15, 11, 10, 5, 0)]
    assert days == [True, True, False, False, True]


def test_a_second_end_leaves_both_times_as_they_were(left, officer):
    services.come_back(actor=officer, case=left)
    case = signed_anew(factories.fresh(left), officer)
    services.terminate(actor=officer, case=case, on=timezone.localdate(), reason="encore")
    assert [joined(factories.days_ago(days)) for days in (15, 5, 0)] == [True, False, False]


def test_nobody_comes_back_who_has_not_left(case, officer):
    with pytest.raises(DomainError):
        services.come_back(actor=officer, case=case)
    Ending.objects.create(
        case=case, is_termination=True, schema_name="c_11262", state="archived",
        ended_on=timezone.localdate(), readable_until=timezone.localdate(), erase_by=timezone.localdate(),
    )  # fmt: skip
    type(case).objects.filter(pk=case.pk).update(state="archived")
    with pytest.raises(DomainError) as refusal:
        services.come_back(actor=officer, case=factories.fresh(case))
    assert refusal.value.code == "wrong_state"
    assert Convention.objects.get().closed_on is None


def test_the_page_offers_it_once_all_is_gone(left, academy, officer):
    browser, life = academy(officer), f"/communes/{COURSAN}/vie/"
    assert "Recommencer le dossier" in browser.get(life).content.decode()
    assert browser.post(f"{life}revenir/").headers["Location"] == f"/communes/{COURSAN}/"
    assert "Recommencer le dossier" not in browser.get(life).content.decode()
    assert browser.post(f"{life}revenir/").headers["Location"] == life

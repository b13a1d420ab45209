"""What the case of a commune that was open says: what is awaited, who acts, by when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.words import day
from shared_apps.lifecycle import night, services
from shared_apps.lifecycle.models import Ending
from shared_apps.onboarding.blocking import blocker
from tests.shared_apps.onboarding import factories

PAGE = "/communes/11262/"


def read(case):
    return blocker(factories.fresh(case))


def test_a_convention_about_to_end_waits_for_both_signatures_until_its_last_day(with_terms, academy, officer):
    case = with_terms("express", 80)
    night.follow_all()
    waits = read(case)
    assert (waits.by, waits.side, waits.is_late) == (case.convention.ends_on, "town", False)
    page = academy(officer).get(PAGE).content.decode()
    assert "La reconduction n’est pas signée." in page
    assert day(waits.by) in page
    assert f"{PAGE}vie/reconduire/" in page


def test_who_may_not_record_a_renewal_is_not_led_to_it(with_terms, academy):
    with_terms("express", 80)
    night.follow_all()
    page = academy(factories.staff("Jean", "Rieu", role="deployment")).get(PAGE).content.decode()
    assert "La reconduction n’est pas signée." in page
    assert "reconduire/" not in page


def test_what_waits_for_its_owner_shows_on_their_first_page(with_terms, academy, officer):
    case = with_terms("express", 80)
    case.owner = officer
    case.save()
    night.follow_all()
    page = academy(officer).get("/").content.decode()
    assert "La reconduction n’est pas signée." in page
    assert "Enregistrer la reconduction" in page


def test_without_renewal_nobody_has_to_act(with_terms):
    case = with_terms("none", 80)
    night.follow_all()
    assert (read(case).who, read(case).side) == ("Personne", "")


def test_an_expired_one_may_go_on_while_all_is_read_then_it_is_to_erase_then_nothing_is_awaited(
    with_terms, administrator
):
    case = with_terms("express", -1)
    night.follow_all()
    ending = Ending.objects.get()
    assert (read(case).by, read(case).side) == (ending.readable_until, "town")
    Ending.objects.update(readable_until=timezone.localdate() - timedelta(days=1))
    night.follow_all()
    assert (read(case).by, read(case).who) == (ending.erase_by, "Un administrateur")
    ending.refresh_from_db()
    ending.packages.update(state="ready")
    services.order_erasure(actor=administrator, ending=ending, typed_name="Narbonne")
    assert (read(case).by, read(case).who) == (ending.erase_by, "Personne")
    Ending.objects.update(state="erased")
    assert read(case) is None


def test_a_suspension_waits_for_an_administrator(case, administrator):
    services.suspend(actor=administrator, insee="11262", reason="compte compromis")
    assert (read(case).who, read(case).by) == ("Un administrateur", None)


def test_an_end_that_was_ordered_is_late_after_its_day_only(with_terms):
    case = with_terms("express", 80)
    night.follow_all()
    case.conventions.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert read(case).is_late


@pytest.mark.parametrize("renewal", ["express", "tacit"])
def test_what_was_signed_too_late_is_said_before_the_opening(officer, reference, renewal):
    case = factories.signed_by_both(officer, factories.COURSAN)
    case.conventions.update(renewal=renewal, ends_on=factories.days_ago(3))
    assert ("pris fin avant l’ouverture" in read(case).what) == (renewal == "express")


def test_a_terminated_one_is_read_then_archived_and_nobody_has_to_act(case, administrator):
    ending = services.terminate(actor=administrator, case=case, on=timezone.localdate(), reason="fusion")
    assert (read(case).by, read(case).who) == (ending.readable_until, "Personne")

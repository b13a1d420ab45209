"""The acts of « Vie de la convention », from the page to the state."""

import pyotp
import pytest
from django.utils import timezone

from core.tenancy import in_public
from shared_apps.accounts import totp
from shared_apps.lifecycle.models import Ending
from tests.shared_apps.onboarding import factories

LIFE = "/communes/11262/vie/"


@pytest.fixture
def code(administrator) -> str:
    """A code of the administrator’s own application, not yet used."""
    with in_public():
        factor, secret = totp.begin(administrator)
        type(factor).objects.filter(pk=factor.pk).update(confirmed_at=timezone.now())
    return pyotp.TOTP(secret).now()


@pytest.fixture
def archived(case) -> Ending:
    today = timezone.localdate()
    case.conventions.update(ends_on=today)
    type(case).objects.filter(pk=case.pk).update(state="archived")
    ending = Ending.objects.create(
        case=case, is_termination=True, schema_name="c_11262", state="archived", ended_on=today,
        readable_until=today, erase_by=today,
    )  # fmt: skip
    ending.packages.create(kind="town", label="Ville", state="ready")
    return ending


def test_the_terms_are_fixed_and_read_again(case, academy, officer):
    browser = academy(officer)
    data = {"starts_on": timezone.localdate().isoformat(), "term_months": "36", "renewal": "express"}
    assert browser.post(f"{LIFE}termes/", data).headers["Location"] == LIFE
    page = browser.get(LIFE).content.decode()
    assert "expresse" in page
    assert factories.convention(case).term_months == 36


def test_a_suspension_wants_a_reason(case, academy, administrator):
    browser = academy(administrator)
    assert browser.post(f"{LIFE}suspendre/", {"reason": ""}).status_code == 422
    assert browser.post(f"{LIFE}suspendre/", {"reason": "compte compromis"}).status_code == 302
    assert "compte compromis" in browser.get(LIFE).content.decode()
    assert browser.post(f"{LIFE}retablir/").status_code == 302
    assert factories.fresh(case).state == "open"


def test_a_termination_wants_to_be_sure(case, academy, officer):
    browser = academy(officer)
    data = {"on": timezone.localdate().isoformat(), "reason": "délibération du conseil"}
    assert browser.post(f"{LIFE}resilier/", data).status_code == 422
    assert browser.post(f"{LIFE}resilier/", data | {"is_sure": "on"}).status_code == 302
    assert factories.fresh(case).state == "terminated"
    assert "lecture seule" in browser.get(LIFE).content.decode().lower()


def test_an_erasure_wants_the_name_typed_and_a_code_that_serves_once(archived, academy, administrator, code):
    browser = academy(administrator)
    for data in ({"typed_name": "Narbonne", "code": "000000"}, {"typed_name": "Carcassonne", "code": code}):
        assert browser.post(f"{LIFE}effacer/", data).status_code == 422
    assert browser.post(f"{LIFE}effacer/", {"typed_name": "Narbonne", "code": code}).status_code == 302
    archived.refresh_from_db()
    assert archived.ordered_by == administrator
    assert browser.post(f"{LIFE}effacer/annuler/").status_code == 302
    archived.refresh_from_db()
    assert archived.ordered_at is None
    assert browser.post(f"{LIFE}effacer/", {"typed_name": "Narbonne", "code": code}).status_code == 422

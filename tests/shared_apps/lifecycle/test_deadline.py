"""The three months of the law: who is warned of them, and the order that goes out by itself, each once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core.errors import DomainError
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.lifecycle import night, services
from shared_apps.lifecycle.models import Ending
from shared_apps.notifications import outbox
from tests.shared_apps.onboarding import factories


@pytest.fixture
def archived(case) -> Ending:
    """Archived, its one package ready and received by nobody; forty days are left."""
    today = timezone.localdate()
    case.conventions.update(ends_on=None)
    type(case).objects.filter(pk=case.pk).update(state="archived")
    ending = Ending.objects.create(
        case=case, is_termination=True, schema_name="c_11262", state="archived", ended_on=today,
        readable_until=today, archived_at=timezone.now(), erase_by=today + timedelta(days=40),
    )  # fmt: skip
    ending.packages.create(kind="town", label="Ville", state="ready")
    return ending


@pytest.mark.parametrize(
    ("days", "is_told"),
    [(9, None), (10, 30), (25, 30), (26, 14), (33, 7), (60, 7)],
    ids=["31 left", "30 left", "15 left", "14 left", "7 left", "too late"],
)
def test_the_nearest_distance_is_told_once(archived, settings, later, days, is_told):
    settings.ENT_ERASURE_BY_ITSELF = False
    later(days)
    expected = [1, 0] if is_told else [0, 0]
    assert [night.follow_all()["warned"], night.follow_all()["warned"]] == expected
    archived.refresh_from_db()
    assert archived.warned_days == is_told


def test_the_owner_and_the_administrators_are_told_and_nobody_twice(archived, officer, administrator, later):
    gone = factories.staff("Ancien", "Admin", role="administrator")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    factories.staff("Ines", "Autre", role="conventions")
    archived.case.owner = officer
    archived.case.save()
    for days in (10, 11, 26, 33):
        later(days)
        night.follow_all()
    outbox.deliver_due()
    sent = sorted(to for message in mail.outbox for to in message.to)
    assert sent == sorted(3 * [administrator.email] + 3 * [officer.email])
    assert "/communes/11262/vie/" in mail.outbox[0].body


def test_once_ordered_nobody_is_warned_any_more(archived, administrator, later):
    services.order_erasure(actor=administrator, ending=archived, typed_name="Narbonne")
    later(30)
    assert night.follow_all()["warned"] == 0


@pytest.mark.parametrize(
    ("days", "changes", "is_ordered"),
    [
        (33, {}, False),
        (34, {}, True),
        (50, {}, True),
        (34, {"state": "read_only"}, False),
        (34, {"self_ordered_at": timezone.now()}, False),
    ],
    ids=["a day too early", "the day", "long after", "not archived", "taken back once"],
)
def test_what_nobody_ordered_is_ordered_by_itself_when_packages_wait_for_nobody(
    archived, later, days, changes, is_ordered
):
    Ending.objects.update(**changes, readable_until=timezone.localdate() + timedelta(days=90))
    later(days)
    night.follow_all()
    archived.refresh_from_db()
    assert (archived.ordered_at is not None) == is_ordered
    if is_ordered:
        assert archived.ordered_by is None
        assert archived.erasable_at == archived.ordered_at + timedelta(hours=24)
        assert Entry.objects.filter(action="lifecycle.erasure_ordered", actor_id=None).count() == 1


def test_never_by_itself_where_the_setting_says_so_nor_before_the_packages_are_ready(archived, settings, later):
    later(36)
    settings.ENT_ERASURE_BY_ITSELF = False
    assert night.follow_all()["ordered"] == 0
    settings.ENT_ERASURE_BY_ITSELF = True
    archived.packages.update(state="failed")
    assert night.follow_all()["ordered"] == 0
    archived.packages.update(state="ready")
    assert night.follow_all()["ordered"] == 1


def test_an_order_that_went_out_by_itself_is_told_and_taken_back_for_good(archived, administrator, later):
    later(35)
    assert night.follow_all()["ordered"] == 1
    outbox.deliver_due()
    assert any("de lui-même" in message.body and "annuler" in message.body for message in mail.outbox)
    services.take_back_order(actor=administrator, ending=archived)
    later(37)
    assert night.follow_all()["ordered"] == 0
    archived.refresh_from_db()
    assert archived.ordered_at is None
    assert archived.orders_itself_on is None
    services.order_erasure(actor=administrator, ending=archived, typed_name="Narbonne")
    with pytest.raises(DomainError):
        services.order_erasure(actor=administrator, ending=archived, typed_name="Narbonne")


def test_the_list_says_what_is_left_and_the_nearest_day_comes_first(archived, academy, officer):
    browser = academy(officer)
    page = browser.get("/a-effacer/").content.decode()
    assert "Il reste 40 jours." in page
    assert "Paquets prêts : 1 sur 1 ; retirés : 0." in page
    assert "/communes/11262/vie/" in page
    Ending.objects.update(erase_by=timezone.localdate() - timedelta(days=1))
    page = browser.get("/a-effacer/").content.decode()
    assert "Le délai de la loi est passé." in page
    assert "margin-item--urgent" in page
    Ending.objects.update(state="erased")
    assert "Aucune commune n’est à effacer." in browser.get("/a-effacer/").content.decode()


def test_an_inspector_sees_the_ends_of_their_communes_only(archived, academy):
    for scope, is_seen in (("11", True), ("66", False)):
        browser = academy(factories.staff("Luc", f"D{scope}", role="dasen", scope=scope))
        assert ("Narbonne" in browser.get("/a-effacer/").content.decode()) == is_seen


def test_the_case_counts_the_days(archived, academy, officer):
    page = academy(officer).get("/communes/11262/vie/").content.decode()
    assert "Il reste 40 jours." in page
    assert "demandé de lui-même" in page

"""« Ce qu’on m’a envoyé », on both hosts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.notifications.models import Notification
from shared_apps.notifications.services import unread_count
from tests.support.people import account
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
NARBONNE, LEZIGNAN, ACADEMY = "narbonne.localhost", "lezignan-corbieres.localhost", "academie.localhost"


def tell(user, number=1, **facts):
    values = {"kind": "liaison.to_sign", "title": f"Inès · À signer : sortie {number}", "url": "/mots/", "key": number}
    return Notification.objects.create(user=user, **values | facts)


@pytest.fixture
def sophie(in_narbonne):
    return account()


@pytest.fixture
def page(sophie, browser_of):
    return browser_of(NARBONNE, sophie)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_one_reads_ones_own_notices_and_nobody_elses(sophie, page):
    tell(sophie)
    tell(account("karim.ferrer"), 2)
    shown = text(page.get("/notifications/"))
    assert "Inès · À signer : sortie 1" in shown
    assert "sortie 2" not in shown
    assert "1 message n’est pas lu." in shown


def test_nobody_says_what_one_has_not(page):
    assert "Rien pour le moment." in text(page.get("/notifications/"))


def test_opening_a_notice_reads_it_once_and_leads_to_its_page(sophie, page):
    notice = tell(sophie)
    assert page.get(f"/notifications/{notice.pk}/").url == "/mots/"
    first = Notification.objects.get().read_at
    page.get(f"/notifications/{notice.pk}/")
    assert Notification.objects.get().read_at == first is not None
    assert unread_count(sophie) == 0


def test_a_notice_of_somebody_else_or_of_another_commune_does_not_exist(sophie, lezignan, browser_of):
    notice = tell(sophie)
    karim = account("karim.ferrer")
    assert browser_of(NARBONNE, karim).get(f"/notifications/{notice.pk}/").status_code == 404
    with in_schema("c_11203"):
        twin = account(pk=sophie.pk)
    assert browser_of(LEZIGNAN, twin).get(f"/notifications/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert not notice.is_read


def test_all_are_read_at_once_by_a_button_never_by_a_link(sophie, page):
    tell(sophie), tell(sophie, 2)
    other = tell(account("karim.ferrer"), 3)
    assert page.get("/notifications/tout-lu/").status_code == 405
    assert unread_count(sophie) == 2
    assert page.post("/notifications/tout-lu/").url == "/notifications/"
    assert unread_count(sophie) == 0
    other.refresh_from_db()
    assert not other.is_read


def test_the_page_costs_the_same_with_more_rows(sophie, page):
    tell(sophie)
    page.get("/notifications/")  # the host is then known
    with CaptureQueriesContext(connection) as few:
        page.get("/notifications/")
    for number in range(2, 40):
        tell(sophie, number, read_at=timezone.now() if number % 2 else None)
    with CaptureQueriesContext(connection) as many:
        assert "Suivante" in text(page.get("/notifications/"))
    assert len(many) == len(few)


def test_staff_of_the_academy_have_theirs(db, client):
    with in_schema("public"):
        user = account("lise.martin")
        tell(user, title="Narbonne · convention signée")
    client.defaults["HTTP_HOST"] = ACADEMY
    sign_in(client, ACADEMY, user, **{SECOND_FACTOR_KEY: True})
    assert "Narbonne · convention signée" in text(client.get(reverse("notifications:list")))


@pytest.mark.parametrize("host", [NARBONNE, ACADEMY])
def test_a_visitor_must_sign_in(narbonne, browser_of, host):
    assert browser_of(host).get("/notifications/").url.startswith("/connexion/")

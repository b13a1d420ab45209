"""Keys: made with a second factor, shown once, read only, ended by time, by hand and by the account."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import User
from shared_apps.api import services
from shared_apps.api.models import AccessToken
from shared_apps.audit.models import Entry
from tests.api.conftest import HOST
from tests.support.people import account

pytestmark = pytest.mark.django_db
LIST, MAKE = "/mon-compte/cles/", "/mon-compte/cles/nouvelle/"
FORM = {"name": "Tableau de bord", "days": "30"}


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_key_is_shown_once_and_stored_nowhere(made, api):
    browser = api("Claire")
    answer = browser.post(MAKE, FORM)
    key = answer.context["key"]
    assert key in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    token = AccessToken.objects.get()
    assert key not in str(AccessToken.objects.values().get())
    shown = text(browser.get(LIST))
    assert "Tableau de bord" in shown
    assert key not in shown
    assert key not in str(list(Entry.objects.values()))
    assert token.user == made.user("Claire")


def test_a_key_needs_a_second_factor(made, browser_of):
    browser = browser_of(HOST, made.user("Claire"))
    assert "Une clé se fait avec un second facteur." in text(browser.get(LIST))
    assert browser.post(MAKE, FORM).status_code == 403
    assert not AccessToken.objects.exists()


def test_pupils_have_no_key(made, api):
    assert api("Inès").get(LIST).status_code == 403
    assert api("Inès").post(MAKE, FORM).status_code == 403


def test_a_key_reads_what_its_owner_sees_and_writes_nothing(made, program):
    client = program("Martine")
    assert {row["first_name"] for row in client.get("/api/v1/pupils/").json()["results"]} == {"Inès", "Noé"}
    link = made.link("Inès", "Karim")
    answer = client.patch(f"/api/v1/guardians/{link.pk}/", "{}", content_type="application/json")
    assert answer.status_code == 403


def test_a_key_opens_no_page(program):
    assert program("Martine").get("/ecole/").status_code == 302
    assert program("Martine").get("/api/v1/").status_code == 302


def test_a_key_of_one_commune_is_refused_in_another(program, lezignan):
    """Even where an account bears the same id, and its row was copied."""
    client = program("Martine", host="lezignan-corbieres.localhost")
    token = AccessToken.objects.select_related("user").get()
    with in_schema(lezignan.schema_name):
        account("martine.calas", pk=token.user_id)
        token.user = User.objects.get(pk=token.user_id)
        token.save(force_insert=True)
        assert AccessToken.objects.live().exists()
    assert client.get("/api/v1/me/").status_code == 401


def test_no_key_and_a_wrong_key_are_told_how_to_come_in(made, client):
    for headers in (
        {},
        {"authorization": "Bearer ent_faux"},
        {"authorization": "Basic abc"},
        {"authorization": "Bearer"},
    ):
        answer = client.get("/api/v1/me/", headers={"host": HOST} | headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
        assert answer.json()["title"] == "Connectez-vous, ou présentez une clé de lecture valable."


def test_a_key_revoked_opens_nothing_any_more(made, api, program):
    client = program("Claire")
    token = AccessToken.objects.get()
    assert client.get("/api/v1/me/").status_code == 200
    revoke = reverse("api_tokens:revoke", args=[token.pk])
    assert api("Sophie").post(revoke).status_code == 404
    assert api("Claire").post(revoke).status_code == 302
    assert client.get("/api/v1/me/").status_code == 401


def test_a_key_ends_with_its_term(program):
    client = program("Claire")
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23), tick=False):
        assert client.get("/api/v1/me/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert client.get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("how", ["signed out everywhere", "closed"])
def test_a_key_ends_with_its_account(made, program, how):
    client, user = program("Claire"), made.user("Claire")
    if how == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        accounts.end_sessions(actor=user, user=user)
    assert client.get("/api/v1/me/").status_code == 401


def test_the_last_use_is_a_day_and_is_written_once(made, program, django_assert_num_queries):
    client = program("Claire")
    client.get("/api/v1/me/")
    assert AccessToken.objects.get().last_used_on == timezone.localdate()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get("/api/v1/me/")
    assert not [query for query in captured if query["sql"].startswith("UPDATE")]


def test_ten_keys_at_most(made, api):
    user = made.user("Claire")
    for number in range(services.AT_MOST):
        services.make_token(actor=user, name=f"clé {number}", days=7)
    answer = api("Claire").post(MAKE, FORM)
    assert answer.status_code == 422
    assert "révoquez-en une" in text(answer)


def test_who_asks_too_much_waits(made, program, settings, monkeypatch):
    from rest_framework.throttling import UserRateThrottle

    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    client = program("Claire")
    codes = [client.get("/api/v1/me/").status_code for _turn in range(3)]
    assert codes == [200, 200, 429]
    refused = client.get("/api/v1/me/")
    assert refused.json()["title"] == "Trop de demandes en peu de temps."
    assert int(refused.headers["Retry-After"]) > 0

"""Messages under `/api/v1/`: one's own, and the same limits as the pages."""

import pytest

from tenant_apps.messages.models import Copy
from tests.tenant_apps.messages import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
URL = "/api/v1/messages/"


def post(browser, **typed):
    return browser.post(URL, typed, content_type="application/json")


def test_one_reads_one_s_own_messages_and_no_other(room, browser_of):
    message = factories.sent(room.teacher, factories.person(room.guardians["Sophie"]))
    sophie, laure = (browser_of(HOST, room.guardians[name]) for name in ("Sophie", "Laure"))
    [row] = sophie.get(URL).json()["results"]
    assert (row["id"], row["author"], row["body"]) == (str(message.pk), "Mme Vidal", "Pensez aux bottes.")
    assert sophie.get(f"{URL}{message.pk}/").json()["subject"] == "Piscine"
    assert laure.get(URL).json()["results"] == []
    assert laure.get(f"{URL}{message.pk}/").status_code == 404


def test_sending_reaches_those_whom_the_matrix_allows(room, browser_of):
    to = [factories.person(room.teacher), factories.person(room.guardians["Laure"])]
    answer = post(browser_of(HOST, room.guardians["Sophie"]), to=to, body="Bonjour")
    assert (answer.status_code, answer.json()["reached"]) == (201, 1)
    factories.deliver()
    assert Copy.objects.received().get().account == room.teacher


def test_a_refusal_is_told_in_words(room, browser_of):
    answer = post(browser_of(HOST, room.guardians["Sophie"]), to=[], body="Bonjour")
    assert (answer.status_code, answer.json()["code"]) == (409, "nobody")

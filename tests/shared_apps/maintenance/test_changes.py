"""« Ce qui change »: a draft of the release or of the academy, published, read once as new."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import User
from shared_apps.maintenance import services
from shared_apps.maintenance.current import published
from shared_apps.maintenance.models import Change
from tests.tenant_apps.liaison import factories as school

pytestmark = pytest.mark.django_db
NARBONNE = "narbonne.localhost"


@pytest.fixture
def room(narbonne):
    with in_schema(narbonne.schema_name):
        made = school.classroom()
        User.objects.update(created_at=timezone.now() - timedelta(days=60))
    return made


def publish(officer, title="Les mots se signent", readers=()):
    with in_public():
        change = services.write_change(actor=officer, title=title, body="En deux gestes.", readers=readers)
        services.publish_change(actor=officer, change=change)
    published.clear()
    return change


def test_what_ships_becomes_drafts_once(db):
    Change.objects.all().delete()
    assert services.take_shipped_changes() == 5
    assert services.take_shipped_changes() == 0
    assert not Change.objects.published().exists()


def test_a_change_is_new_until_it_has_been_read(officer, room, browser_of):
    publish(officer)
    browser = browser_of(NARBONNE, room.teacher)
    assert "nouveau" in browser.get("/").content.decode()
    words = browser.get("/nouveautes/").content.decode()
    assert "Les mots se signent" in words
    assert "nouveau" in words
    assert ">nouveau<" not in browser.get("/").content.decode()
    assert ">nouveau<" not in browser.get("/nouveautes/").content.decode()


def test_a_change_is_told_to_its_readers_only(officer, room, browser_of):
    publish(officer, readers=["guardian"])
    assert "Les mots se signent" not in browser_of(NARBONNE, room.teacher).get("/nouveautes/").content.decode()
    guardian = browser_of(NARBONNE, room.guardians["Sophie"])
    assert "Les mots se signent" in guardian.get("/nouveautes/").content.decode()


def test_a_draft_and_what_was_withdrawn_are_read_by_nobody(officer, room, academy, browser_of):
    change = publish(officer)
    browser = academy(officer)
    browser.post(f"/maintenance/nouveautes/{change.pk}/retirer/")
    published.clear()
    assert "Les mots se signent" not in browser_of(NARBONNE, room.teacher).get("/nouveautes/").content.decode()


def test_the_academy_writes_puts_right_and_publishes(officer, academy, room, browser_of):
    browser = academy(officer)
    Change.objects.all().delete()
    browser.post("/maintenance/nouveautes/ecrire/", {"title": "Un titre", "body": "Un texte", "readers": ["head"]})
    change = Change.objects.get()
    assert change.published_at is None
    browser.post(f"/maintenance/nouveautes/{change.pk}/", {"title": "Un meilleur titre", "body": "Un texte"})
    browser.post(f"/maintenance/nouveautes/{change.pk}/publier/")
    published.clear()
    assert "Un meilleur titre" in browser_of(NARBONNE, room.head).get("/nouveautes/").content.decode()


def test_who_has_just_come_is_not_told_of_what_was_there(officer, room, browser_of, narbonne):
    publish(officer)
    with in_schema(narbonne.schema_name):
        User.objects.update(created_at=timezone.now() + timedelta(minutes=1))
    assert ">nouveau<" not in browser_of(NARBONNE, room.teacher).get("/").content.decode()

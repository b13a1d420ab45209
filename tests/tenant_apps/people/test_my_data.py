"""« Mes données »: what is in the file, who opens it, until when."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shared_apps.audit.models import Entry
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification
from tenant_apps.people import exports, services
from tests.tenant_apps.people.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def read(one) -> dict:
    archive = zipfile.ZipFile(io.BytesIO(exports.archive_of(one)))
    assert sorted(archive.namelist()) == ["mes-donnees.html", "mes-donnees.json"]
    told = json.loads(archive.read("mes-donnees.json"))
    page = archive.read("mes-donnees.html").decode()
    return {row["nom"]: row["donnees"] for row in told} | {"page": page}


def test_i_ask_and_find_the_file_on_the_page(made, browse):
    browser = browse("Sophie")
    assert "En préparation" in browser.post("/mes-donnees/", follow=True).text
    assert "déjà en préparation" in browser.post("/mes-donnees/", follow=True).text
    outbox.deliver_due()
    page = browser.get("/mes-donnees/").text
    assert "mes-donnees-sophie-ferrer.zip" in page
    file = StoredFile.objects.get(purpose=exports.PURPOSE)
    assert browser.get(file.get_absolute_url()).status_code == 302
    with storage().open(path_of(file.pk)) as content:
        assert zipfile.ZipFile(io.BytesIO(content.read())).testzip() is None
    assert Notification.objects.get(user=made.user("Sophie")).title == "Vos données sont prêtes"
    assert Entry.objects.filter(action="people.data_asked", actor_id=made.user("Sophie").pk).exists()


def test_a_guardian_takes_the_data_of_the_children_too_and_nothing_of_the_other_parent(made):
    made.people["Karim"].phone = "0699999999"
    made.people["Karim"].save()
    found = read(made.people["Sophie"])
    assert {"Sophie Ferrer", "Inès Ferrer", "Tom Ferrer"} <= found.keys()
    assert "Karim" not in found["page"]
    assert "0699999999" not in json.dumps(found)
    assert found["Inès Ferrer"]["inscriptions"][0]["classe"] == "CE2"


def test_without_the_authority_one_takes_only_ones_own(made):
    assert read(made.people["Karim"]).keys() == {"Karim Ferrer", "page"}


def test_every_column_about_a_person_is_in_it(made):
    services.add_pickup(actor=None, pupil=made.pupils["Inès"], name="Ginette", relation="mamie", phone="06")
    found = read(made.people["Inès"])["Inès Ferrer"]
    assert {"personne", "compte", "eleve", "inscriptions", "responsabilites", "personnes_autorisees"} <= found.keys()
    assert found["compte"][0]["identifiant"] == "ines.ferrer"
    assert "password" not in json.dumps(found)


def test_nobody_else_opens_it_and_it_closes_after_seven_days(made, browse):
    exports.deliver({"person": str(made.people["Sophie"].pk)})
    file = StoredFile.objects.get(purpose=exports.PURPOSE)
    for who in ("Karim", "Martine", "Inès"):
        assert browse(who).get(file.get_absolute_url()).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert not files.may_read(made.user("Sophie"), file)
        assert exports.forget_old() == 1
    assert not StoredFile.objects.exists()


def test_a_new_file_takes_the_place_of_the_old(made):
    for _time in range(2):
        exports.deliver({"person": str(made.people["Sophie"].pk)})
    assert StoredFile.objects.filter(purpose=exports.PURPOSE).count() == 1


def test_a_person_without_account_asked_nothing(made):
    someone = person("Sans", "Compte")
    someone.account = None
    someone.save()
    exports.deliver({"person": str(someone.pk)})
    assert not StoredFile.objects.exists()

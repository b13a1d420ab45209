"""Two packages and one per school: who gets what, once; the town never gets what is the schools'."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.utils import timezone

from core.errors import DomainError
from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import StaffRole
from shared_apps.audit.models import Entry
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from shared_apps.lifecycle import handover, night, packages, services, views
from shared_apps.lifecycle.models import Ending, Handover, Package
from shared_apps.notifications import outbox
from shared_apps.reference.models import RefSchool
from tenant_apps.people.models import Enrollment, Person, Pupil, Service, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass, SchoolYear
from tenants.hosts import hosts
from tests.shared_apps.lifecycle.conftest import contact
from tests.shared_apps.onboarding import factories

Kind = Package.Kind
HOST = factories.HOST


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.ENT_FILE_MAX = 10  # a package is whole, whatever its size


@pytest.fixture
def archived(case, administrator, room, reference) -> Ending:
    """Narbonne, with two schools, a pupil in each, a canteen agent and a file of a note: archived, packages made."""
    with in_public():
        ending = services.terminate(actor=administrator, case=case, on=timezone.localdate(), reason="fusion")
        Ending.objects.update(readable_until=timezone.localdate() - timedelta(days=1))
        night.follow_all()
        while packages.build_one():
            pass
        ending.refresh_from_db()
    hosts.clear()
    return ending


def opened(package: Package) -> zipfile.ZipFile:
    with in_schema("c_11262"), storage().open(path_of(package.file_id)) as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == package.sha256
    return zipfile.ZipFile(io.BytesIO(content))


def rows(archive: zipfile.ZipFile, label: str) -> list[dict]:
    text = archive.read(f"donnees/{label}.csv").decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(found) == len(json.loads(archive.read(f"donnees/{label}.json")))
    return found


def test_each_package_holds_what_is_its_own_with_the_hash_of_each_file(archived, room):
    whole = opened(archived.packages.get(kind=Kind.ACADEMY))
    manifest = json.loads(whole.read("manifest.json"))
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256(whole.read(name)).hexdigest() == digest
    assert set(manifest["sha256"]) | {"manifest.json"} == set(whole.namelist())
    assert len(rows(whole, "people.pupil")) == room["pupils"]
    assert len([name for name in whole.namelist() if name.startswith("fichiers/")]) == 1
    names = {row["birth_name"] for row in rows(whole, "people.person")}
    assert "Cantinière" not in names
    assert not {"accounts.user", "audit.entry"} & set(manifest["tables"])


def test_a_school_s_package_holds_its_own_pupils_and_not_those_of_the_other_school(archived, room):
    for uai, pupil in room["pupil_by_uai"].items():
        mine = opened(archived.packages.get(kind=Kind.SCHOOL, uai=uai))
        assert [row["id"] for row in rows(mine, "people.pupil")] == [str(pupil)]
        assert [row["uai"] for row in rows(mine, "schools.school")] == [uai]
        assert "Cantinière" not in {row["birth_name"] for row in rows(mine, "people.person")}


def test_the_town_s_package_holds_its_agents_and_no_child(archived, room):
    town = opened(archived.packages.get(kind=Kind.TOWN))
    assert [row["birth_name"] for row in rows(town, "people.person")] == ["Cantinière"]
    assert [row["name"] for row in rows(town, "people.service")] == ["Restauration"]
    everything = b"".join(town.read(name) for name in town.namelist())
    assert "Écolier".encode() not in everything
    assert not [name for name in town.namelist() if name.startswith("fichiers/")]


def test_the_town_can_not_be_given_a_school_s_package(archived):
    package = archived.packages.filter(kind=Kind.SCHOOL).first()
    with pytest.raises(DomainError) as refusal:
        handover.send_again(actor=None, package=package, to="mayor", email="maire@narbonne.test")
    assert refusal.value.code == "not_theirs"
    with pytest.raises(ValueError, match="no right"):
        Handover(package=package, to="mayor").save()


def link_of(address: str) -> str:
    outbox.deliver_due()
    message = next(m for m in reversed(mail.outbox) if m.to == [address])
    return next(word for word in message.body.split() if "/paquet/" in word).split(HOST, 1)[1].split("/", 1)[1]


def test_the_mayor_s_link_opens_once_for_who_says_their_name_and_the_journal_keeps_it(archived, browser_of):
    path = "/" + link_of("maire@narbonne.test")
    browser = browser_of(HOST)
    assert "services de la commune" in browser.get(path).content.decode()
    assert browser.post(path, {"name": "Claude Vidal, maire"}).status_code == 422
    answer = browser.post(path, {"name": "Claude Vidal, maire", "is_mine": "on"})
    content = b"".join(answer.streaming_content)
    row = Handover.objects.get(to="mayor")
    assert hashlib.sha256(content).hexdigest() == row.package.sha256
    assert row.received_by == "Claude Vidal, maire"
    assert Entry.objects.filter(action="lifecycle.package_received", object_id=str(row.pk)).count() == 1
    assert browser.get(path).status_code == 410
    assert browser.post(path, {"name": "Autre", "is_mine": "on"}).status_code == 410


def test_a_link_sent_again_voids_the_former_one_and_one_of_yesterday_s_deadline_opens_nothing(archived, browser_of):
    former = "/" + link_of("maire@narbonne.test")
    package = archived.packages.get(kind=Kind.TOWN)
    handover.send_again(actor=None, package=package, to="mayor", email="mairie@narbonne.test")
    fresh = "/" + link_of("mairie@narbonne.test")
    browser = browser_of(HOST)
    assert [browser.get(former).status_code, browser.get(fresh).status_code] == [410, 200]
    Handover.objects.filter(to="mayor").update(expires_at=timezone.now() - timedelta(minutes=1))
    assert browser.get(fresh).status_code == 410


def test_who_guesses_links_is_stopped_and_a_good_link_opens_all_the_same(archived, browser_of, monkeypatch):
    monkeypatch.setattr(views, "PER_ADDRESS", 2)
    good, browser = "/" + link_of("maire@narbonne.test"), browser_of(HOST)
    assert [browser.get(f"{good[:-2]}{guess}/").status_code for guess in "xyz"] == [410, 410, 429]
    assert "Trop d’essais" in browser.get("/paquet/x/").content.decode()
    assert browser.get(good).status_code == 200


@pytest.mark.parametrize(("scope", "expected"), [("11", 200), ("34", 404)])
def test_the_dasen_of_the_departement_alone_takes_the_school_data(archived, academy, scope, expected):
    dasen = factories.staff("Helene", "Rouquette", role=StaffRole.Role.DASEN, scope=scope)
    row = Handover.objects.get(to="dasen")
    path = f"/communes/11262/vie/paquets/{row.pk}/retirer/"
    answer = academy(dasen).post(path)
    assert answer.status_code == expected
    if answer.streaming:
        assert b"".join(answer.streaming_content).startswith(b"PK")
    row.refresh_from_db()
    assert bool(row.received_at) == (expected == 200)


def test_a_package_that_failed_is_said_and_made_anew(case, administrator, room, monkeypatch):
    with in_public():
        ending = services.terminate(actor=administrator, case=case, on=timezone.localdate(), reason="fusion")
        packages.plan(actor=administrator, ending=ending)
        monkeypatch.setattr(packages, "pack", lambda *args, **facts: 1 / 0)
        assert packages.build_one()
        assert Package.objects.filter(state="failed").count() == 1
        monkeypatch.undo()
        packages.plan(actor=administrator, ending=ending)
        while packages.build_one():
            pass
        assert not Package.objects.exclude(state="ready").exists()


def test_the_page_says_in_a_number_of_queries_that_does_not_grow_who_received_what(
    archived, academy, administrator, django_assert_max_num_queries
):
    browser = academy(administrator)
    with django_assert_max_num_queries(45):
        page = browser.get("/communes/11262/vie/").content.decode()
    assert "pas encore retiré" in page
    assert "Effacer les données" in page


@pytest.fixture
def room(case, narbonne) -> dict:
    """Two schools with a pupil each and a known head, a canteen agent of the town, a file."""
    with in_public():
        schools = list(RefSchool.objects.public().of_commune("11262").order_by("uai")[:2])
        for school in schools:
            contact(case, "head", f"ce.{school.uai.lower()}@ac.test", school=school)
    with in_schema("c_11262"):
        return _fill([school.uai for school in schools])


def _fill(uais: list[str]) -> dict:
    year = SchoolYear.objects.create(label="2026-2027", starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31))
    pupils = {uai: _pupil(uai, year) for uai in uais}
    agent = Person.objects.create(first_name="Line", birth_name="Cantinière", sort_name="cantiniere line")
    service = Service.objects.create(name="Restauration", kind=Service.Kind.CANTEEN)
    # In a school she serves, and still the town's.
    StaffAssignment.objects.create(
        person=agent,
        role="canteen_agent",
        school=School.objects.first(),
        service=service,
        starts_on=date(2026, 9, 1),
    )
    file = StoredFile.objects.create(
        name="mot.pdf", mime_type="application/pdf", size=8, sha256="0" * 64, purpose="liaison.note"
    )
    storage().save(path_of(file.pk), ContentFile(b"%PDF-1.7"))
    return {"pupils": len(pupils), "pupil_by_uai": pupils}


def _pupil(uai: str, year: SchoolYear) -> Any:
    school = School.objects.create(uai=uai, name=f"École {uai}", kind="primary")
    room = SchoolClass.objects.create(school=school, year=year, label="CP")
    person = Person.objects.create(first_name="Ana", birth_name="Écolier", sort_name=f"ecolier {uai}")
    pupil = Pupil.objects.create(person=person)
    Enrollment.objects.create(pupil=pupil, school_class=room, grade="CP", starts_on=date(2026, 9, 1))
    return pupil.pk

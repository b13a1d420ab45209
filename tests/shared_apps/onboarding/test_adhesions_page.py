"""The file of adhesions given on a page: tried first, loaded when asked; the same service as the command."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shared_apps.audit.models import Entry
from shared_apps.onboarding.models import Case, Convention
from shared_apps.onboarding.services.adhesions import load_adhesions
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
FIRST, SECOND = "0110427E", "0110429G"  # two schools of Narbonne
ELSEWHERE = "0110247J"  # Coursan


@pytest.fixture
def administrator(academy, reference):
    return academy(factories.staff("Florence", "Estrade", role=factories.Role.ADMINISTRATOR))


def give(browser, *lines: str, name: str = "adhesions.csv"):
    content = "\r\n".join(["uai;date", *lines, ""]).encode()
    return browser.post(url("adhesions"), {"upload": SimpleUploadedFile(name, content)})


def test_a_file_is_tried_without_a_trace_then_loaded(administrator):
    page = give(administrator, f"{FIRST};2022-03-01", f"{ELSEWHERE};2023-01-09").url
    shown = text(administrator.get(page))
    assert "Communes ajoutées : 2 · modifiées : 0 · retirées : 0" in shown
    assert "Coursan" in shown
    assert not (Convention.objects.exists() or Case.objects.exists())
    assert not Entry.objects.filter(action="onboarding.adhesions_loaded").exists()
    administrator.post(page)
    assert Convention.objects.count() == 2
    assert Entry.objects.get(action="onboarding.adhesions_loaded").actor_id
    again = text(administrator.get(page))
    assert "il n’y a rien à changer" in again
    assert "Remplacer l’historique" not in again


def test_what_leaves_and_what_stays_is_said_before(administrator, officer):
    load_adhesions(actor=None, data=f"uai;date\n{ELSEWHERE};2022-03-01\n".encode())
    factories.signed_by_both(officer, NARBONNE, [FIRST, SECOND])
    shown = text(administrator.get(give(administrator, f"{FIRST};2022-03-01").url))
    assert "retirée : elle n’est plus dans le fichier" in shown
    assert "a une convention conclue sur la plateforme" in shown


def test_wrong_lines_are_told_and_nothing_can_be_loaded(administrator):
    page = give(administrator, "0999999Z;2022-03-01").url
    assert "Ligne 2 : 0999999Z n’est pas une école du référentiel" in text(administrator.get(page))
    assert administrator.post(page).status_code == 422
    assert not Convention.objects.exists()


def test_a_picture_is_no_file_of_adhesions(administrator):
    png = SimpleUploadedFile("x.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    assert administrator.post(url("adhesions"), {"upload": png}).status_code == 422


def test_only_an_administrator_replaces_the_history(browser):
    assert browser.get(url("adhesions")).status_code == 403


def test_an_imported_convention_shows_no_text_that_nobody_signed(administrator):
    load_adhesions(actor=None, data=f"uai;date\n{ELSEWHERE};2022-03-01\n".encode())
    convention = Convention.objects.get()
    page = text(administrator.get(url("convention", convention.number)))
    assert "son texte et ses signataires n’ont pas été repris" in page
    assert "signataire non repris" not in page
    case_page = text(administrator.get(url("commune", convention.case.insee)))
    assert "son texte et ses signataires n’ont pas été repris" in case_page
    for address in (url("document", convention.number), url("convention_pdf", convention.case.insee)):
        assert address not in page + case_page
        assert administrator.get(address).status_code == 404

"""A link opens one file, to one person, for five minutes, on a host that knows no session."""

from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client

from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import User
from shared_apps.files import services
from shared_apps.files.links import signed_url
from shared_apps.files.models import StoredFile
from tenants.models import Commune
from tests.shared_apps.accounts.pages import LEZIGNAN, NARBONNE, SCHEMAS, account, sign_in, visitor, words
from tests.shared_apps.files import samples
from tests.shared_apps.files.samples import upload

pytestmark = pytest.mark.django_db
FILES = "fichiers.localhost"


def link(file: StoredFile, user: User, host: str = NARBONNE) -> str:
    with in_schema(SCHEMAS[host]):
        return signed_url(file, user)


def follow(url: str):
    return Client(headers={"host": FILES}).get(urlsplit(url).path)


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def file(keep):
    return keep(upload(samples.PDF, "Sortie au musée.pdf"))


def test_the_page_s_link_leads_its_reader_to_the_bytes(file, sophie):
    browser = visitor()
    sign_in(browser)
    answer = browser.get(f"/fichiers/{file.pk}/")
    assert answer.status_code == 302
    assert answer.url.startswith(f"https://{FILES}/")
    served = follow(answer.url)
    assert served.status_code == 200
    assert body(served) == samples.PDF


def test_whoever_may_not_read_finds_no_page(file, sophie, readers):
    account(identifier="karim.ferrer")
    stranger, nobody = visitor(), visitor()
    sign_in(stranger, "karim.ferrer")
    assert stranger.get(f"/fichiers/{file.pk}/").status_code == 404
    assert nobody.get(f"/fichiers/{file.pk}/").url.startswith("/connexion/")
    assert stranger.post(f"/fichiers/{file.pk}/").status_code == 405


def test_an_id_of_another_commune_means_nothing_here(file, sophie, lezignan):
    account(LEZIGNAN)
    browser = visitor(LEZIGNAN)
    sign_in(browser)
    assert browser.get(f"/fichiers/{file.pk}/").status_code == 404


def test_the_files_host_runs_nothing_shares_nothing_keeps_nothing(file, sophie):
    served = follow(link(file, sophie))
    body(served)
    assert served.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in served.headers["Cache-Control"]
    assert served.headers["Content-Type"] == "application/pdf"
    assert not served.cookies and "Set-Cookie" not in served.headers


@pytest.mark.parametrize(
    ("content", "disposition"),
    [
        (samples.PDF, "inline"),
        (samples.PNG, "inline"),
        (samples.JPEG, "inline"),
        (samples.WEBP, "inline"),
        (samples.GIF, "attachment"),
        (samples.DOCX, "attachment"),
        (b"Nom;Classe\n", "attachment"),
    ],
)
def test_only_pictures_and_pdf_are_shown_the_rest_is_downloaded(keep, sophie, content, disposition):
    served = follow(link(keep(upload(content, "élève.bin")), sophie))
    body(served)
    assert served.headers["Content-Disposition"].startswith(f"{disposition}; filename*=utf-8''%C3%A9l%C3%A8ve.bin.")


def is_nothing(answer) -> bool:
    return answer.status_code == 404 and "Ce fichier ne s’ouvre pas." in words(answer) and not answer.cookies


def test_a_link_ends_after_five_minutes(file, sophie):
    with time_machine.travel("2026-11-24 08:00:00", tick=False) as clock:
        url = link(file, sophie)
        clock.shift(300)
        assert body(follow(url)) == samples.PDF
        clock.shift(2)
        assert is_nothing(follow(url))


def test_a_right_lost_is_lost_at_once(file, sophie, readers):
    url = link(file, sophie)
    readers.clear()
    assert is_nothing(follow(url))


def test_a_closed_account_reads_nothing_more(file, sophie):
    url = link(file, sophie)
    with in_schema(SCHEMAS[NARBONNE]):
        User.objects.update(is_active=False)
    assert is_nothing(follow(url))


def test_a_link_of_one_commune_opens_nothing_of_another(file, sophie, lezignan):
    """Even where the same ids exist, with the same right."""
    with in_schema(SCHEMAS[LEZIGNAN]):
        twin = User.objects.create(pk=sophie.pk, identifier="s", first_name="S", last_name="F", password="!")
        copy = StoredFile.objects.get_or_create(
            pk=file.pk, defaults={"name": "copie.pdf", "size": 1, "purpose": file.purpose, "owner": twin}
        )[0]
        assert copy.name == "copie.pdf"
    url = link(file, sophie)
    moved = url.replace(SCHEMAS[NARBONNE], SCHEMAS[LEZIGNAN])
    assert moved != url
    assert is_nothing(follow(moved))
    assert is_nothing(follow(url.replace(SCHEMAS[NARBONNE], "public")))


@pytest.mark.parametrize("path", ["/", "/c_11262/", "/c_11262/faux/", "/public/faux/", "/c_99999/faux/", '/c_1";--/x/'])
def test_what_is_forged_or_elsewhere_gets_the_same_page(file, path):
    assert is_nothing(follow(path))


def test_a_token_of_another_use_is_no_link(file, sophie):
    from core import signing

    with in_schema(SCHEMAS[NARBONNE]):
        token = signing.dumps([str(file.pk), str(sophie.pk)], purpose="autre")
    assert is_nothing(follow(f"/{SCHEMAS[NARBONNE]}/{token}/"))


@pytest.mark.parametrize("scan", [StoredFile.Scan.PENDING, StoredFile.Scan.INFECTED])
def test_a_file_not_found_clean_is_not_given(file, sophie, scan):
    url = link(file, sophie)
    with in_schema(SCHEMAS[NARBONNE]):
        StoredFile.objects.update(scan=scan)
    assert is_nothing(follow(url))


def test_a_deleted_file_and_bytes_that_are_lost_are_nothing(file, sophie, media):
    url = link(file, sophie)
    (media / SCHEMAS[NARBONNE] / str(file.pk)).unlink()
    assert is_nothing(follow(url))
    with in_schema(SCHEMAS[NARBONNE]):
        services.delete(actor=None, file=file)
    assert is_nothing(follow(url))


def test_a_commune_whose_door_is_closed_serves_no_file(file, sophie, narbonne):
    url = link(file, sophie)
    with in_public():
        Commune.objects.filter(pk=narbonne.pk).update(state=Commune.State.SUSPENDED)
    assert is_nothing(follow(url))


def test_a_file_whose_purpose_nobody_answers_for_is_read_by_nobody(file, sophie):
    url = link(file, sophie)
    with in_schema(SCHEMAS[NARBONNE]):
        StoredFile.objects.update(purpose="oublié")
    assert is_nothing(follow(url))


def test_the_files_host_has_no_other_page_and_its_session_cookie_is_nobody_s(file, sophie):
    from django.conf import settings

    browser = visitor()
    sign_in(browser)
    other = Client(headers={"host": FILES})
    other.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    for page in ("/connexion/", "/mots/", f"/fichiers/{file.pk}/"):
        answer = other.get(page)
        assert answer.status_code == 404 and "Ce fichier ne s’ouvre pas." in words(answer), page
        # Django withdraws a session cookie that it does not know; it gives none.
        assert not [cookie for cookie in answer.cookies.values() if cookie.value]

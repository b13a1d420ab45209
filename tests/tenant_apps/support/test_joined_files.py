"""What somebody joined to a request: read by the assistance under the access asked for it, and by no other way."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.support import services as helpdesk
from tenant_apps.support import tasks
from tenant_apps.support.models import TicketMessage
from tenant_apps.support.services import accesses, tickets
from tenant_apps.support.services import desk as doors
from tests.tenant_apps.support.conftest import NARBONNE, SCHEMA, asked, deliver, escalated, granted, opened, url

LOOK, DOOR, FILES = "/assistance/consultation/", "/assistance/entree/?acces={}", "fichiers.localhost"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def joined(ticket, author):
    """A picture joined to the request."""
    with in_schema(SCHEMA):
        upload = SimpleUploadedFile("ecran.png", PNG)
        tickets.write(actor=author, ticket=ticket, body="Voici.", upload=upload)
        return TicketMessage.objects.filter(ticket=ticket).latest("created_at").attachment


def asked_for(agent, commune, ticket, *, scope="school", uai="0110427E"):
    with in_public():
        header = helpdesk.TicketHeader.objects.get(pk=ticket.pk)
        facts = {"scope": scope, "uai": uai, "reason": "diagnosis", "minutes": 60, "ticket": header}
        return helpdesk.ask_access(actor=agent, commune=commune, **facts)


@pytest.fixture
def ticket(lakanal):
    ticket = opened(lakanal.guardians["Sophie"], "guardian", school=lakanal.school)
    return escalated(ticket, lakanal.head)


@pytest.fixture
def picture(ticket, lakanal):
    return joined(ticket, lakanal.guardians["Sophie"])


@pytest.fixture
def inside(desk, agent, narbonne, ticket, picture, lakanal):
    access = granted(asked_for(agent, narbonne, ticket), lakanal.head)
    assert desk.get(url(DOOR.format(access.pk))).status_code == 200
    return access


def link_to(desk, file):
    """The signed address on the host of files, or the refusal."""
    return desk.on(NARBONNE).get(f"{LOOK}pieces/{file.pk}/")


def served(address):
    """The bytes that the host of files gives, or nothing."""
    answer = Client(headers={"host": FILES}).get(urlsplit(address).path)
    return b"".join(answer.streaming_content) if answer.status_code == 200 else None


def test_the_agent_opens_it_on_the_host_of_files(desk, inside, picture):
    assert "ecran.png" in desk.get(url(LOOK)).content.decode()
    answer = link_to(desk, picture)
    assert answer.status_code == 302
    assert urlsplit(answer.url).hostname == FILES
    assert served(answer.url) == PNG


def test_the_head_is_told_before_and_sees_it_afterwards(desk, agent, narbonne, ticket, picture, lakanal, browser):
    row = asked_for(agent, narbonne, ticket)
    head = browser(lakanal.head)
    page = head.get(url("/assistance/acces/")).content.decode()
    assert "Et les pièces jointes de" in page
    assert "Je ne vois pas le mot" in page
    access = granted(row, lakanal.head)
    desk.get(url(DOOR.format(access.pk)))
    link_to(desk, picture)
    assert "une pièce jointe de la demande" in head.get(url("/assistance/acces/")).content.decode()
    with in_schema(SCHEMA):
        entry = Entry.objects.filter(action="support.page_read").latest("sequence")
    assert (entry.facts["page"], entry.facts["about"]) == ("support:look_file", str(picture.pk))


def test_it_stays_closed_under_an_access_asked_for_something_else(desk, agent, narbonne, ticket, picture, lakanal):
    access = granted(asked(agent, narbonne), lakanal.head)
    desk.get(url(DOOR.format(access.pk)))
    assert link_to(desk, picture).status_code == 404
    assert "ecran.png" not in desk.get(url(LOOK)).content.decode()


def test_the_files_of_another_request_of_the_school_stay_closed(desk, inside, lakanal):
    laure = lakanal.guardians["Laure"]
    other = escalated(opened(laure, "guardian", school=lakanal.school), lakanal.head)
    assert link_to(desk, joined(other, laure)).status_code == 404


def test_another_school_s_grant_does_not_open_it(desk, agent, narbonne, ticket, picture, arago):
    access = granted(asked_for(agent, narbonne, ticket, uai="0110429G"), arago.head)
    assert access.ticket is None
    desk.get(url(DOOR.format(access.pk)))
    assert link_to(desk, picture).status_code == 404


def test_the_town_s_grant_does_not_open_a_family_s_file(desk, agent, narbonne, ticket, picture, officer):
    access = granted(asked_for(agent, narbonne, ticket, scope="town"), officer)
    desk.get(url(DOOR.format(access.pk)))
    assert link_to(desk, picture).status_code == 404


def test_without_an_access_the_page_does_not_exist(desk, ticket, picture, lakanal, browser):
    assert link_to(desk, picture).status_code == 302  # to the sign-in
    assert browser(lakanal.head).get(url(f"{LOOK}pieces/{picture.pk}/")).status_code == 404


def test_a_link_taken_before_the_end_is_dead_after_it(desk, inside, picture, lakanal):
    address = link_to(desk, picture).url
    with in_schema(SCHEMA):
        accesses.end(actor=lakanal.head, access=inside)
    assert served(address) is None


def test_the_hour_closes_it_before_any_task_does(desk, inside, picture):
    with time_machine.travel(inside.ends_at - timedelta(minutes=1), tick=False) as clock:
        address = link_to(desk, picture).url
        assert served(address) == PNG
        clock.shift(90)
        assert served(address) is None


def test_a_link_of_narbonne_opens_nothing_in_another_commune(desk, inside, picture, lezignan):
    address = link_to(desk, picture).url
    assert served(address.replace(SCHEMA, lezignan.schema_name)) is None


def test_given_back_to_the_school_its_files_close(desk, agent, inside, ticket, picture):
    with in_schema(SCHEMA):
        doors.give_back({"ticket": str(ticket.pk), "agent": str(inside.agent), "body": "À vous."})
    deliver()
    assert link_to(desk, picture).status_code == 404


# --- the accounts of accesses


def test_the_account_of_an_access_goes_as_long_after_as_anybody_s(inside, lakanal, settings):
    with in_schema(SCHEMA):
        accesses.end(actor=lakanal.head, access=inside)

    def is_kept():
        with in_public():
            tasks.close_tickets()
        with in_schema(SCHEMA):
            return User.objects.filter(pk=inside.account_id).exists()

    with time_machine.travel(timezone.now() + timedelta(days=settings.ENT_ERASURE_DAY - 1), tick=False):
        assert is_kept()
    with time_machine.travel(timezone.now() + timedelta(days=settings.ENT_ERASURE_DAY, hours=1), tick=False):
        assert not is_kept()
        with in_schema(SCHEMA):
            inside.refresh_from_db()
            assert (inside.account, inside.decided_by_id, inside.state) == (None, lakanal.head.pk, "ended")
            assert Entry.objects.filter(action="support.page_read", actor_id__isnull=False).exists()


def test_an_account_whose_access_runs_is_not_erased(inside):
    with in_schema(SCHEMA):
        assert accesses.erase_accounts() == 0

"""A request for help: to the referent of the place, then to the academy; the thread stays, the header goes up."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import registry
from core.errors import DomainError
from core.tenancy import in_public, in_schema
from shared_apps.audit.models import Entry
from shared_apps.notifications.models import Notification, OutboxEntry
from shared_apps.support import services as helpdesk
from shared_apps.support.models import TicketHeader
from tenant_apps.people.models import StaffAssignment
from tenant_apps.support import tasks
from tenant_apps.support.models import Ticket, TicketMessage
from tenant_apps.support.services import tickets
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.support.conftest import (
    SCHEMA,
    deliver,
    escalated,
    fresh,
    header_of,
    opened,
    url,
)

WORDS = "Ma fille Inès n’a pas le mot de lundi."


@pytest.fixture
def ticket(lakanal, reference):
    """A guardian's, at the school."""
    return opened(lakanal.guardians["Sophie"], "guardian", school=lakanal.school)


@pytest.fixture
def at_the_academy(ticket, agent, lakanal):
    return escalated(ticket, lakanal.head, shares=True)


def told(user, kind="support.ticket"):
    with in_schema(SCHEMA):
        return list(Notification.objects.filter(user=user, kind=kind).order_by("created_at"))


# --- opened


def test_a_guardian_asks_from_the_page_and_the_head_is_told(lakanal, browser):
    typed = {
        "school": lakanal.school.pk, "category": "notes", "subject": "Je ne vois pas le mot", "body": WORDS,
        "priority": "normal", "joins": "on", "page": "liaison:notes", "screen": "390x844",
    }  # fmt: skip
    page = browser(lakanal.guardians["Sophie"]).post(url("/aide/demander/"), typed)
    assert "Votre demande est envoyée" in page.content.decode()
    ticket = fresh(Ticket(pk=page.context["ticket"].pk))
    assert (ticket.level, ticket.state, ticket.school_id) == ("school", "new", lakanal.school.pk)
    assert len(told(lakanal.head)) == 1


def test_what_is_joined_was_shown_and_names_nobody(lakanal, browser):
    device = browser(lakanal.guardians["Sophie"])
    page = device.get(url("/aide/demander/?page=people:child")).content.decode()
    assert "people:child" in page
    typed = {
        "school": lakanal.school.pk, "category": "notes", "subject": "Mot", "body": "Rien.", "priority": "normal",
        "joins": "on", "page": "/enfants/ines-ferrer/", "screen": "Sophie Ferrer",
    }  # fmt: skip
    device.post(url("/aide/demander/"), typed)
    with in_schema(SCHEMA):
        kept = Ticket.objects.get().diagnostics
    assert set(kept) <= {"browser", "screen", "version", "page", "errors"}
    assert "Sophie" not in str(kept)
    assert "ines" not in str(kept)


def test_who_joins_nothing_sends_nothing(lakanal, browser):
    typed = {"school": lakanal.school.pk, "category": "notes", "subject": "Mot", "body": "Rien.", "priority": "normal"}
    browser(lakanal.guardians["Sophie"]).post(url("/aide/demander/"), typed)
    with in_schema(SCHEMA):
        assert Ticket.objects.get().diagnostics == {}


def test_the_help_page_knows_from_where_one_came_by_the_name_of_the_page(lakanal, browser):
    device = browser(lakanal.guardians["Sophie"])
    child = f"https://narbonne.localhost/enfants/{lakanal.pupils['Inès'].pk}/"
    page = device.on("narbonne.localhost").get("/aide/", headers={"referer": child.replace("https://", "http://")})
    assert str(lakanal.pupils["Inès"].pk) not in page.content.decode()


def test_the_head_asks_the_academy_at_once(lakanal, agent):
    ticket = opened(lakanal.head, "head", school=lakanal.school)
    assert ticket.level == "academy"
    deliver()
    assert header_of(ticket).level == "academy"


def test_an_agent_of_the_town_asks_the_school_service_and_not_a_head(lakanal, officer):
    with in_schema(SCHEMA):
        cook = factories.account("Rachid", "Amrani")
        person = factories.person("Rachid", "Amrani", user=cook)
        facts = {"role": "canteen_agent", "school": lakanal.school, "starts_on": timezone.localdate()}
        StaffAssignment.objects.create(person=person, **facts)
    ticket = opened(cook, "municipal")
    assert (ticket.level, ticket.scope, ticket.school) == ("school", "town", None)
    with in_schema(SCHEMA):
        assert Ticket.objects.handled_by(officer).get() == ticket
        assert not Ticket.objects.visible_to(lakanal.head).exists()


def test_a_school_that_is_not_theirs_is_refused(lakanal, arago):
    with pytest.raises(DomainError):
        opened(lakanal.guardians["Sophie"], "guardian", school=arago.school)


def test_the_erun_answers_the_staff_and_never_reads_a_family(ticket, lakanal):
    with in_schema(SCHEMA):
        erun = factories.account("Marc", "Erun")
        person = factories.person("Marc", "Erun", user=erun)
        StaffAssignment.objects.create(
            person=person, role="erun", school=lakanal.school, starts_on=timezone.localdate()
        )
    teachers = opened(lakanal.teacher, "teacher", school=lakanal.school)
    with in_schema(SCHEMA):
        assert list(Ticket.objects.handled_by(erun)) == [teachers]
        assert not erun.has_perm("support.share", teachers)


def test_a_photograph_of_the_screen_is_read_by_those_of_the_thread_only(ticket, lakanal, browser):
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    sophie = browser(lakanal.guardians["Sophie"])
    file = SimpleUploadedFile("ecran.png", png)
    sophie.post(url(f"/aide/demandes/{ticket.pk}/ecrire/"), {"body": "Voici.", "attachment": file})
    with in_schema(SCHEMA):
        stored = TicketMessage.objects.latest("created_at").attachment
    path = f"/fichiers/{stored.pk}/"
    assert browser(lakanal.head).on("narbonne.localhost").get(path).status_code == 302
    assert browser(lakanal.teacher).on("narbonne.localhost").get(path).status_code == 404


# --- answered here


def test_the_head_answers_and_the_guardian_is_told(ticket, lakanal, browser):
    typed = {"body": "Je vous renvoie le mot.", "then": "solves"}
    page = browser(lakanal.head).post(url(f"/aide/demandes/{ticket.pk}/ecrire/"), typed)
    assert "Je vous renvoie le mot." in page.content.decode()
    row = fresh(ticket)
    assert (row.state, row.answered_at is not None, row.solved_at is not None) == ("solved", True, True)
    (notice,) = told(lakanal.guardians["Sophie"])
    assert "renvoie" not in notice.title  # it goes by mail


def test_who_is_asked_something_brings_it_back_in_progress_by_answering(ticket, lakanal):
    with in_schema(SCHEMA):
        tickets.write(actor=lakanal.head, ticket=ticket, body="Quel jour ?", waits=True)
        assert fresh(ticket).state == "waiting"
        tickets.write(actor=lakanal.guardians["Sophie"], ticket=ticket, body="Lundi.")
    assert fresh(ticket).state == "in_progress"


def test_only_those_of_the_place_answer(ticket, lakanal, arago, officer):
    with in_schema(SCHEMA):
        for other in (lakanal.teacher, arago.head, officer, lakanal.guardians["Laure"]):
            with pytest.raises(PermissionDenied):
                tickets.write(actor=other, ticket=ticket, body="…")


def test_solved_then_reopened_within_fourteen_days_and_not_after(ticket, lakanal):
    sophie = lakanal.guardians["Sophie"]
    with in_schema(SCHEMA):
        tickets.solve(actor=lakanal.head, ticket=ticket)
        with time_machine.travel(timezone.now() + timedelta(days=13), tick=False):
            row = tickets.reopen(actor=sophie, ticket=ticket, body="Toujours rien.")
            assert (row.state, row.reopened, row.solved_at) == ("reopened", 1, None)
            tickets.solve(actor=lakanal.head, ticket=ticket)
        later = time_machine.travel(timezone.now() + timedelta(days=28), tick=False)
        with later, pytest.raises(PermissionDenied):
            tickets.reopen(actor=sophie, ticket=ticket)


def test_fourteen_days_after_its_solution_a_request_is_closed(ticket, lakanal):
    with in_schema(SCHEMA):
        tickets.solve(actor=lakanal.head, ticket=ticket)
    for days, state in ((13, "solved"), (15, "closed")):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False), in_public():
            tasks.close_tickets()
        assert fresh(ticket).state == state


def test_the_number_of_the_opinion_goes_up_and_its_words_stay(ticket, lakanal, browser):
    with in_schema(SCHEMA):
        tickets.solve(actor=lakanal.head, ticket=ticket)
    typed = {"rating": "4", "words": "Merci à Mme Calas"}
    browser(lakanal.guardians["Sophie"]).post(url(f"/aide/demandes/{ticket.pk}/avis/"), typed)
    deliver()
    assert header_of(ticket).rating == 4
    assert fresh(ticket).rating_words == "Merci à Mme Calas"


# --- what goes up


def test_nothing_but_the_header_goes_up(at_the_academy, lakanal):
    with in_schema(SCHEMA):
        sent = str(list(OutboxEntry.objects.filter(kind="uplink").values_list("payload", flat=True)))
    kept = str(list(TicketHeader.objects.values()))
    for word in ("Inès", "Ferrer", "Sophie", "mot", "sais pas", "Calas", str(lakanal.guardians["Sophie"].pk)):
        assert word not in sent
        assert word not in kept


def test_the_header_declares_no_field_that_holds_words():
    for name in ("support.header", "support.access"):
        fields = registry.uplink_handlers[name].fields.values()
        assert str not in fields


def test_a_message_that_was_overtaken_changes_nothing(ticket, agent, lakanal):
    with in_schema(SCHEMA):
        first = OutboxEntry.objects.get(kind="uplink").payload["data"]
    escalated(ticket, lakanal.head)
    with in_public():
        registry.uplink_handlers["support.header"].receive(SCHEMA, first)
    assert header_of(ticket).level == "academy"


def test_a_commune_says_nothing_of_another_s_request(at_the_academy, lezignan):
    with in_schema(SCHEMA):
        last = OutboxEntry.objects.filter(kind="uplink").latest("created_at").payload["data"]
    with in_public():
        registry.uplink_handlers["support.header"].receive("c_11203", last | {"version": 99, "state": "closed"})
    assert header_of(at_the_academy).state == "new"


# --- passed on, and read


def test_the_head_passes_it_on_and_says_whether_it_is_read(ticket, agent, lakanal, browser):
    device = browser(lakanal.head)
    page = device.get(url(f"/aide/demandes/{ticket.pk}/transmettre/")).content.decode()
    assert "Les noms, les textes, les pièces jointes." in page
    device.post(url(f"/aide/demandes/{ticket.pk}/transmettre/"), {"body": "", "shares": "on"})
    row = fresh(ticket)
    assert (row.level, row.is_readable) == ("academy", True)
    assert "qui lira la conversation" in told(lakanal.guardians["Sophie"])[-1].title


def test_the_agent_reads_a_thread_that_was_opened_without_the_names_of_who_writes(at_the_academy, desk):
    page = desk.get(url(f"/assistance/demandes/{at_the_academy.pk}/", "academie.localhost")).content.decode()
    assert WORDS in page
    assert "Sophie" not in page
    assert "Calas" not in page
    with in_schema(SCHEMA):
        assert Entry.objects.filter(action="support.thread_read", object_id=str(at_the_academy.pk)).count() == 1


def test_a_thread_that_was_not_opened_is_not_read(ticket, agent, desk, lakanal):
    escalated(ticket, lakanal.head)
    page = desk.get(url(f"/assistance/demandes/{ticket.pk}/", "academie.localhost")).content.decode()
    assert WORDS not in page
    assert "La commune ne vous l’a pas ouverte" in page


@pytest.mark.parametrize("who", ["head", "Sophie"])
def test_the_head_or_the_author_closes_the_thread_again(at_the_academy, desk, lakanal, browser, who):
    user = lakanal.head if who == "head" else lakanal.guardians[who]
    browser(user).post(url(f"/aide/demandes/{at_the_academy.pk}/lecture/"), {"shares": "0"})
    page = desk.get(url(f"/assistance/demandes/{at_the_academy.pk}/", "academie.localhost")).content.decode()
    assert WORDS not in page


def test_a_thread_is_read_for_fifteen_days(at_the_academy, agent):
    header = header_of(at_the_academy)
    with in_public():
        assert helpdesk.read_thread(actor=agent, header=header)
        with time_machine.travel(timezone.now() + timedelta(days=16), tick=False):
            assert not helpdesk.read_thread(actor=agent, header=header)


def test_an_academy_that_forgot_the_end_of_the_reading_is_refused_by_the_commune(at_the_academy, agent, lakanal):
    """The commune's own row decides, not the copy of its date."""
    with in_schema(SCHEMA):
        tickets.share(actor=lakanal.head, ticket=at_the_academy, shares=False)
    header = header_of(at_the_academy)
    assert header.is_readable
    with in_public():
        assert helpdesk.read_thread(actor=agent, header=header) == []


# --- answered from the academy


def test_the_agent_s_answer_comes_down_and_its_text_is_not_kept(at_the_academy, desk, lakanal, agent):
    path = url(f"/assistance/demandes/{at_the_academy.pk}/repondre/", "academie.localhost")
    page = desk.post(path, {"body": "Videz le cache du navigateur.", "then": "solves"})
    assert "Votre réponse est dans la commune" in page.content.decode()
    deliver()
    row = fresh(at_the_academy)
    assert row.state == "solved"
    with in_schema(SCHEMA):
        message = row.messages.last()
        assert (message.voice, message.author, message.body) == ("academy", None, "Videz le cache du navigateur.")
        assert str(message.agent) == helpdesk.agent_number(agent, header_of(row).commune)
        assert Entry.objects.filter(action="support.agent_answered").exists()
    header = header_of(row)
    assert (header.state, header.assigned_to) == ("solved", agent)
    assert "cache" not in str(TicketHeader.objects.values())
    assert len(told(lakanal.guardians["Sophie"])) == 2


def test_the_agent_gives_it_back_and_the_thread_closes(at_the_academy, desk, lakanal):
    path = url(f"/assistance/demandes/{at_the_academy.pk}/repondre/", "academie.localhost")
    desk.post(path, {"body": "C’est à vous de le faire.", "then": "returns"})
    deliver()
    row = fresh(at_the_academy)
    assert (row.level, row.is_readable) == ("school", False)
    assert header_of(row).level == "school"
    assert any("vous la rend" in notice.title for notice in told(lakanal.head))


def test_what_is_at_the_school_again_is_not_answered_from_the_academy(ticket, agent, lakanal):
    escalated(ticket, lakanal.head)
    header = header_of(ticket)
    with in_public():
        helpdesk.give_back(actor=agent, header=header, body="À vous.")
        with pytest.raises(DomainError):
            helpdesk.answer(actor=agent, header=header, body="Encore.")


def test_a_suspended_commune_is_told_in_words(at_the_academy, agent, narbonne):
    narbonne.state = narbonne.State.SUSPENDED
    narbonne.save()
    with in_public(), pytest.raises(DomainError):
        helpdesk.answer(actor=agent, header=header_of(at_the_academy), body="…")


# --- lists


def test_the_lists_cost_the_same_however_long(lakanal, browser, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sophie, head = browser(lakanal.guardians["Sophie"]), browser(lakanal.head)
    counts = []
    for _turn in range(2):
        for _n in range(3):
            opened(lakanal.guardians["Sophie"], "guardian", school=lakanal.school)
        for device, path in ((sophie, "/aide/"), (head, "/aide/recues/")):
            device.get(url(path))
            with CaptureQueriesContext(
                connection,
            ) as captured:
                device.get(url(path))
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_the_request_of_who_is_erased_goes_with_its_thread(ticket, lakanal):
    from core.registry import Erased
    from tenant_apps.support.personal_data import erase

    with in_schema(SCHEMA):
        erase(Erased(frozenset(), frozenset(), frozenset({lakanal.guardians["Sophie"].pk})))
        assert not Ticket.objects.exists()
        assert not TicketMessage.objects.exists()


def test_what_one_wrote_is_in_my_data(ticket, lakanal):
    from tenant_apps.support.personal_data import tickets_of

    with in_schema(SCHEMA):
        (row,) = tickets_of(lakanal.guardians["Sophie"].person.pk)["demandes_d_aide"]
    assert row["body"] == WORDS

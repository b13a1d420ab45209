"""Writing, seeing who will read, sending, reading: through the pages."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from shared_apps.files.models import StoredFile
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.messages import audience, services
from tenant_apps.messages.models import Copy, Message
from tenant_apps.people.models import StaffAssignment
from tests.tenant_apps.liaison import factories as school
from tests.tenant_apps.messages import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


def page(name, *args):
    return reverse(f"messaging:{name}", args=args)


def text(response):
    return " ".join(response.content.decode().split())


def parents(room):
    return f"guardians:{room.school_class.pk}"


def readers(message):
    return {copy.account for copy in message.copies.received().select_related("account")}


def send_by_pages(browser, *to, go="send", **typed):
    answer = browser.post(page("write"), {"to": to, "body": "Bonjour", "subject": "Piscine", "go": go} | typed)
    message = Message.objects.latest("created_at")
    return browser.post(answer.url), message


def test_a_teacher_sees_who_will_read_then_each_parent_gets_a_copy(room, browser_of):
    browser = browser_of(HOST, room.teacher)
    answer = browser.post(page("write"), {"to": [parents(room)], "body": "Bonjour", "subject": "Piscine", "go": "send"})
    message = Message.objects.get()
    assert answer.url == page("send", message.pk)
    shown = text(browser.get(answer.url))
    assert "5 parents liront ceci" in shown
    assert "3 enfants" in shown
    assert not Copy.objects.exists()
    assert browser.post(answer.url).url == page("inbox")
    factories.deliver()
    assert readers(message) == set(room.guardians.values())
    message.refresh_from_db()
    assert (message.is_sent, message.reached) == (True, 5)


def test_children_whom_the_message_does_not_touch_are_named(room, browser_of):
    school.add_family(room, "Théo", "Robert", [])
    draft = factories.draft(room.teacher, parents(room))
    assert "Théo Robert" in text(browser_of(HOST, room.teacher).get(page("send", draft.pk)))


def test_copies_are_written_by_one_statement(room):
    few = factories.queued(room.teacher, factories.person(room.guardians["Sophie"]))
    many = factories.queued(room.teacher, parents(room))
    with CaptureQueriesContext(connection) as seen:
        factories.deliver()
    inserts = [query["sql"] for query in seen.captured_queries if "INSERT INTO messaging_copy\n" in query["sql"]]
    assert len(inserts) == 2
    assert (few.copies.received().count(), many.copies.received().count()) == (1, 5)


def test_a_parent_writes_to_the_teacher_and_not_to_another_parent(room, browser_of):
    browser = browser_of(HOST, room.guardians["Sophie"])
    _answer, message = send_by_pages(browser, factories.person(room.teacher), factories.person(room.guardians["Laure"]))
    factories.deliver()
    assert readers(message) == {room.teacher}


def test_rights_are_asked_when_it_leaves_and_not_when_it_is_written(room):
    message = factories.queued(room.teacher, parents(room))
    StaffAssignment.objects.filter(person__account=room.teacher).update(ends_on=timezone.localdate())
    factories.deliver()
    assert readers(message) == set()


def test_a_pupil_writes_to_her_teacher_and_to_no_other_class(cm2, room, browser_of):
    ines = cm2.pupils["Inès"].person.account
    browser = browser_of(HOST, ines)
    shown = text(browser.get(page("write")))
    assert "Joan" in shown or "Pujol" in shown
    assert "Vidal" not in shown
    forged = [
        f"pupils:{room.school_class.pk}",
        parents(room),
        factories.person(room.teacher),
        factories.person(room.head),
    ]
    send_by_pages(browser, *forged, factories.person(cm2.teacher))
    factories.deliver()
    assert set(Copy.objects.received().values_list("account", flat=True)) == {cm2.teacher.pk}


def test_a_child_before_cm1_has_no_box(room, browser_of):
    child = room.pupils["Inès"].person
    child.account = school.account("petite", "Ferrer")
    child.save()
    assert browser_of(HOST, child.account).get(page("inbox")).status_code == 404


def test_a_message_for_nobody_stays_a_draft(room, browser_of):
    browser = browser_of(HOST, room.guardians["Sophie"])
    answer, message = send_by_pages(browser, factories.person(room.guardians["Laure"]))
    assert "Personne ne le recevrait" in text(answer)
    assert message.is_draft


def test_an_autosave_keeps_a_draft_and_tells_its_address(room, browser_of):
    browser = browser_of(HOST, room.teacher)
    answer = browser.post(page("write"), {"body": "Bonj", "go": "auto"})
    message = Message.objects.get()
    assert answer["HX-Replace-Url"] == page("change", message.pk)
    browser.post(page("change", message.pk), {"body": "Bonjour", "go": "auto"})
    message.refresh_from_db()
    assert message.body == "Bonjour"


def test_a_deferred_message_leaves_at_its_hour_and_can_be_taken_back(room, browser_of):
    browser = browser_of(HOST, room.teacher)
    later = timezone.localtime() + timedelta(hours=2)
    _answer, message = send_by_pages(browser, parents(room), scheduled_at=f"{later:%Y-%m-%dT%H:%M}")
    factories.deliver()
    assert not Copy.objects.exists()
    browser.post(page("hold_back", message.pk))
    with travel(later + timedelta(minutes=1)):
        factories.deliver()
        assert not Copy.objects.exists()
        browser.post(page("send", message.pk))
        factories.deliver()
        assert message.copies.received().count() == 5


def test_a_reader_answers_who_wrote_and_the_thread_shows_both(room, browser_of):
    message = factories.sent(room.teacher, parents(room))
    sophie = browser_of(HOST, room.guardians["Sophie"])
    assert "Pensez aux bottes" in text(sophie.get(message.get_absolute_url()))
    sophie.post(page("answer", message.pk), {"body": "Merci beaucoup"})
    factories.deliver()
    shown = text(browser_of(HOST, room.teacher).get(message.get_absolute_url()))
    assert "Pensez aux bottes" in shown
    assert "Merci beaucoup" in shown
    assert "Merci beaucoup" not in text(browser_of(HOST, room.guardians["Laure"]).get(message.get_absolute_url()))


def test_answering_all_reaches_those_whom_the_matrix_allows(room, browser_of):
    message = factories.sent(room.head, parents(room), f"staff:{room.school.pk}", f"families:{room.school.pk}")
    assert room.teacher in readers(message)
    browser_of(HOST, room.guardians["Sophie"]).post(page("answer", message.pk), {"body": "Merci", "to_all": "on"})
    factories.deliver()
    assert readers(Message.objects.get(answers=message)) == {room.head, room.teacher}


def test_a_message_without_answer_is_not_answered(room, browser_of):
    message = factories.sent(room.teacher, parents(room), is_no_reply=True)
    sophie = browser_of(HOST, room.guardians["Sophie"])
    assert "n’attend pas de réponse" in text(sophie.get(message.get_absolute_url()))
    assert sophie.post(page("answer", message.pk), {"body": "Merci"}).status_code == 403


def test_a_parent_does_not_close_a_message_to_answers(room):
    assert not factories.draft(room.guardians["Sophie"], factories.person(room.teacher), is_no_reply=True).is_no_reply


def test_a_message_is_taken_back_from_those_who_have_not_read_it(room, browser_of):
    message = factories.sent(room.teacher, parents(room))
    browser_of(HOST, room.guardians["Sophie"]).get(message.get_absolute_url())
    assert "Repris à 4 personnes" in text(browser_of(HOST, room.teacher).post(page("recall", message.pk), follow=True))
    assert browser_of(HOST, room.guardians["Laure"]).get(message.get_absolute_url()).status_code == 404
    assert browser_of(HOST, room.guardians["Sophie"]).get(message.get_absolute_url()).status_code == 200


def test_the_mail_of_what_was_taken_back_does_not_leave(room, mailoutbox):
    message = factories.queued(room.teacher, parents(room))
    outbox.deliver_due(limit=1)  # the message, and not yet its mails
    assert OutboxEntry.objects.pending().filter(kind="notifications.mail").count() == 5
    message.refresh_from_db()
    services.recall(actor=room.teacher, message=message)
    factories.deliver()
    assert mailoutbox == []


def test_each_reader_is_told_once_with_the_name_of_the_child(room, mailoutbox):
    factories.sent(room.teacher, parents(room))
    titles = Notification.objects.filter(user=room.guardians["Sophie"]).values_list("title", flat=True)
    assert list(titles) == ["Inès · Message de Mme Vidal : Piscine"]
    assert len(mailoutbox) == 5
    assert "bottes" not in mailoutbox[0].body


def test_a_file_is_read_by_the_readers_only(room, browser_of):
    pdf = SimpleUploadedFile("programme.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf")
    browser = browser_of(HOST, room.teacher)
    send_by_pages(browser, factories.person(room.guardians["Sophie"]), uploads=[pdf])
    factories.deliver()
    file = StoredFile.objects.get(purpose="messaging.message")
    assert browser_of(HOST, room.guardians["Sophie"]).get(file.get_absolute_url()).status_code == 302
    assert browser_of(HOST, room.guardians["Laure"]).get(file.get_absolute_url()).status_code == 404
    assert browser_of(HOST, room.head).get(file.get_absolute_url()).status_code == 404


def test_readers_see_groups_and_numbers_but_no_other_family(room):
    codes = [factories.person(room.guardians["Laure"]), factories.person(room.guardians["Sophie"]), parents(room)]
    words = audience.words_of(codes)
    assert words == "Parents · CE2 et 2 personnes"


def test_nobody_else_reads_a_message_not_even_the_head(room, browser_of):
    message = factories.sent(room.teacher, factories.person(room.guardians["Sophie"]))
    assert browser_of(HOST, room.head).get(message.get_absolute_url()).status_code == 404

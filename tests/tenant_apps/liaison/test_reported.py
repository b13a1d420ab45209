"""Words about a note shown to the head: who may, what the head sees and decides, what each one reads afterwards."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core import registry
from core.registry import Erased
from shared_apps.audit.models import Entry
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.liaison import threads, works
from tenant_apps.liaison.models import Reply, ReplyReport
from tenant_apps.people.models import Guardianship, StaffAssignment
from tests.support.pages import said
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.messages import factories as messages

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
HARSH = "Vous n’y connaissez rien."
REASON = "Ce ton n’est pas acceptable."
QUEUE = "/messages/signales/"


@pytest.fixture
def note(room):
    return factories.note(room, published=True)


@pytest.fixture
def words(room, note):
    """Sophie wrote about Inès, and it has left."""
    return write(room, note, "Sophie")


@pytest.fixture
def report(words, teacher):
    show(teacher, words, REASON)
    return ReplyReport.objects.get()


def write(room, note, name: str, child: str = "Inès", body: str = HARSH) -> Reply:
    row = threads.reply(actor=room.guardians[name], note=note, pupil=room.pupils[child], body=body)
    outbox.deliver_due()
    row.refresh_from_db()
    return row


def show(browser, reply, reason: str = ""):
    return browser.post(reverse("liaison:report_words", args=[reply.pk]), {"reason": reason})


def shown_after(browser, reply) -> str:
    return said(browser.post(reverse("liaison:report_words", args=[reply.pk]), {"reason": ""}, follow=True))


def decide(browser, report, act: str):
    return browser.post(reverse("moderation:decide", args=[report.pk]), {"act": act})


def thread(browser, reply) -> str:
    return said(browser.get(reverse("liaison:thread", args=[reply.note_id, reply.pupil_id])))


def told(user) -> list[str]:
    return list(Notification.objects.filter(user=user, kind="moderation.decided").values_list("title", flat=True))


def test_a_teacher_shows_a_family_s_words_to_the_head_who_reads_who_wrote_to_whom(room, report, teacher, head):
    assert Notification.objects.filter(user=room.head, kind="moderation.reported").count() == 1
    shown = said(head.get(QUEUE))
    for expected in (HARSH, REASON, "Sophie Ferrer", "Écrit à l’école pour Inès Ferrer", "Sortie au musée Narbo Via"):
        assert expected in shown
    assert "Claire" not in shown
    assert Entry.objects.get(action="liaison.reported").actor_id is None
    assert "Vous l’avez signalé" in thread(teacher, report.reply)


def test_the_head_s_queue_holds_messages_too(room, report, head, sophie):
    message = messages.sent(room.teacher, f"guardians:{room.school_class.pk}", body="Un texte qui blesse.")
    sophie.post(reverse("messaging:report", args=[message.pk]), {"reason": "", "go": "report"})
    shown = said(head.get(QUEUE))
    assert "Un texte qui blesse." in shown
    assert HARSH in shown


def test_withdrawn_words_are_read_by_their_author_alone(room, report, note, teacher, head, sophie, karim):
    decide(head, report, "withdraw")
    assert HARSH not in thread(teacher, report.reply)
    assert "la direction l’a retiré" in thread(teacher, report.reply)
    assert HARSH not in said(karim.get(note.get_absolute_url()))
    assert "Ce message a été retiré par la direction." in said(karim.get(note.get_absolute_url()))
    own = said(sophie.get(note.get_absolute_url()))
    assert HARSH in own
    assert "Il n’est plus lu que par vous." in own
    assert HARSH not in [row.body for row in Reply.objects.visible_to(room.teacher)]
    assert not Notification.objects.filter(user=room.teacher, kind="liaison.reply", read_at=None).exists()


def test_who_reported_and_who_wrote_are_told_what_is_decided(room, report, head):
    decide(head, report, "withdraw")
    assert told(room.teacher) == ["La direction a retiré le message que vous avez signalé."]
    assert told(room.guardians["Sophie"]) == [
        "La direction a retiré un de vos messages : les autres ne le lisent plus."
    ]
    assert told(room.guardians["Karim"]) == []
    assert "retiré" in said(head.get(QUEUE))
    assert Entry.objects.get(action="liaison.report_withdrawn").actor_id == room.head.pk


def test_words_that_are_left_stay_and_their_author_never_knows(room, report, teacher, head, sophie, note):
    decide(head, report, "keep")
    assert HARSH in thread(teacher, report.reply)
    assert "la direction l’a lu, et l’a laissé" in thread(teacher, report.reply)
    assert told(room.guardians["Sophie"]) == []
    assert "signalé" not in said(sophie.get(note.get_absolute_url()))


def test_a_guardian_shows_what_the_other_wrote_and_nobody_shows_their_own(words, karim, sophie, note):
    assert "Signaler à la direction" in said(karim.get(note.get_absolute_url()))
    assert show(sophie, words).status_code == 403
    assert "La direction est prévenue" in shown_after(karim, words)


def test_it_is_shown_once_by_each_reader_and_every_report_is_answered(words, teacher, karim, head):
    for browser in (teacher, teacher, karim):
        show(browser, words)
    assert ReplyReport.objects.count() == 2
    decide(head, ReplyReport.objects.first(), "keep")
    assert not ReplyReport.objects.waiting().exists()


def test_other_families_and_other_classes_do_not_know_of_it(room, words, browser_of):
    other = factories.next_class(room)
    for user in (room.guardians["Laure"], other.teacher):
        assert show(browser_of(HOST, user), words).status_code == 404
    Guardianship.objects.filter(guardian__account=room.guardians["Karim"]).update(has_parental_authority=False)
    assert show(browser_of(HOST, room.guardians["Karim"]), words).status_code == 404


def test_words_still_at_the_gate_are_not_reported(room, note, karim):
    waiting = threads.reply(actor=room.guardians["Sophie"], note=note, pupil=room.pupils["Inès"], body=HARSH)
    assert show(karim, waiting).status_code == 404


def test_what_the_head_wrote_is_judged_by_another_head_and_the_academy_knows_that_nobody_can(room, words, sophie, head):
    answer = threads.answer(actor=room.head, note=words.note, pupil=words.pupil, body="Taisez-vous.")
    outbox.deliver_due()
    assert "l’académie saura" in said(sophie.get(reverse("liaison:report_words", args=[answer.pk])))
    told = shown_after(sophie, answer)
    assert "L’académie est prévenue" in told and "l’inspection de la circonscription" in told
    report = ReplyReport.objects.get()
    assert decide(head, report, "keep").status_code == 404
    assert "Taisez-vous." not in said(head.get(QUEUE))
    sent = OutboxEntry.objects.get(payload__data__report=str(report.pk)).payload["data"]
    assert sent == {"report": str(report.pk), "uai": room.school.uai, "heads": 0, "state": "waiting"}


def test_where_nobody_is_the_head_who_reports_is_told_so(room, words, karim):
    StaffAssignment.objects.filter(role="head").update(ends_on=timezone.localdate())
    assert "Personne n’est à la direction" in said(karim.get(reverse("liaison:report_words", args=[words.pk])))
    assert "l’inspection de la circonscription" in shown_after(karim, words)


def test_the_head_of_another_school_does_not_read_it(report, browser_of):
    far = factories.classroom(uai="0110358E", label="CM2", prefix="b")
    browser = browser_of(HOST, far.head)
    assert HARSH not in said(browser.get(QUEUE))
    assert decide(browser, report, "withdraw").status_code == 404


def test_who_heads_no_more_decides_no_more(room, report, head):
    teaching = {"role": "teacher", "school_class": room.school_class}
    StaffAssignment.objects.filter(person__account=room.head).update(**teaching)
    assert head.get(QUEUE).status_code == 403
    assert decide(head, report, "withdraw").status_code == 404


def test_a_report_goes_with_its_reporter_and_with_the_words(room, report, teacher):
    assert works.personal_data(room.teacher.person.pk)["signalements_sur_les_mots"][0]["reason"] == REASON
    states = OutboxEntry.objects.filter(payload__data__report=str(report.pk)).values_list("payload__data__state")
    works.erase(Erased(persons=frozenset(), pupils=frozenset(), accounts=frozenset({room.guardians["Sophie"].pk})))
    assert not ReplyReport.objects.exists()
    assert {state for (state,) in states} == {"waiting", "kept"}  # nothing waits at the academy any more


def test_an_erased_reporter_leaves_the_words(room, report):
    works.erase(Erased(persons=frozenset(), pupils=frozenset(), accounts=frozenset({room.teacher.pk})))
    assert not ReplyReport.objects.exists()
    assert Reply.objects.filter(body=HARSH).exists()


def test_the_queue_costs_the_same_with_more_reports(room, note, report, head, teacher, django_assert_max_num_queries):
    for n in range(4):
        show(teacher, write(room, note, "Laure", "Noé", f"Mot {n}"))
    head.get(QUEUE)
    with django_assert_max_num_queries(12):
        assert "Mot 3" in said(head.get(QUEUE))


def test_each_app_says_how_its_words_read():
    assert {app for app, _source in registry.reported.items()} == {"liaison", "messaging"}

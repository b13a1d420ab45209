"""A note that leaves by itself, one that is put right before any signature, and its follow-up on paper."""

from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from core.errors import DomainError
from shared_apps.audit.models import Entry
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification, OutboxEntry
from shared_apps.signatures.models import Slot
from tenant_apps.liaison import notifications, services
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.people.models import StaffAssignment
from tests.support.pages import said
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db


def page(name: str, *args) -> str:
    return reverse(f"liaison:{name}", args=args)


def evening(days: int = 1) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(18), tzinfo=timezone.get_default_timezone())


def plan(browser, note, moment: datetime):
    typed = {"act": "plan", "planned_for": f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"}
    return browser.post(page("publish", note.pk), typed)


def at_its_hour(moment: datetime) -> None:
    with travel(moment + timedelta(minutes=1)):
        outbox.deliver_due()


def sign(room, note) -> None:
    slot = Slot.objects.get(request__object_id=note.pk, signer_id=room.guardians["Laure"].person.pk)
    services.sign_note(actor=room.guardians["Laure"], note=note, slot=slot, answer="yes")


def test_a_planned_note_is_seen_by_nobody_then_leaves_by_itself(room, teacher, sophie):
    note = factories.note(room)
    plan(teacher, note, evening())
    assert "Partira seul" in said(teacher.get(page("notes")))
    assert note.title not in said(sophie.get(page("notes")))
    outbox.deliver_due()
    note.refresh_from_db()
    assert note.is_draft
    at_its_hour(evening())
    note.refresh_from_db()
    assert note.is_published
    assert note.planned_for is None
    assert Notification.objects.filter(url=note.get_absolute_url()).count() == 5
    assert note.title in said(sophie.get(page("notes")))


@pytest.mark.parametrize("change", ["rewritten", "taken back", "put off"])
def test_what_was_changed_since_does_not_leave_at_its_first_hour(room, teacher, change):
    note = factories.note(room)
    plan(teacher, note, evening())
    if change == "rewritten":
        typed = {"title": "Musée", "category": "outing", "body": "Bonjour", "answer": "none"}
        teacher.post(page("change", note.pk), typed | {"classes": [room.school_class.pk]})
    elif change == "taken back":
        teacher.post(page("publish", note.pk), {"act": "unplan"})
    else:
        plan(teacher, note, evening(3))
    at_its_hour(evening())
    note.refresh_from_db()
    assert note.is_draft
    assert (note.planned_for is not None) == (change == "put off")


def test_who_lost_the_class_since_is_told_that_it_did_not_leave(room, teacher):
    note = factories.note(room)
    plan(teacher, note, evening())
    StaffAssignment.objects.filter(person__account=room.teacher).update(ends_on=timezone.localdate())
    at_its_hour(evening())
    note.refresh_from_db()
    assert note.is_draft
    assert note.planned_for is None
    assert Notification.objects.get(user=room.teacher).kind == "liaison.not_sent"


def test_an_hour_that_is_past_or_after_the_answer_is_refused(room, teacher):
    due = timezone.localdate() + timedelta(days=2)
    note = factories.note(room, answer="signature", due_on=due)
    assert "Cette heure est passée" in said(plan(teacher, note, timezone.now() - timedelta(hours=1)))
    assert "doivent répondre avant" in said(plan(teacher, note, evening(3)))
    note.refresh_from_db()
    assert note.planned_for is None


def test_a_sent_note_is_not_planned(room):
    note = factories.note(room, published=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        LiaisonNote.objects.filter(pk=note.pk).update(planned_for=timezone.now())


def correct(browser, note, **typed):
    facts = {"title": note.title, "body": note.body, "happens": "", "to_bring": "", "due_on": note.due_on.isoformat()}
    return browser.post(page("correct", note.pk), facts | typed)


def test_before_any_signature_a_note_is_put_right_and_its_families_read_it_again(room, teacher, sophie):
    note = factories.consent(room)
    sophie.get(note.get_absolute_url())
    assert Slot.objects.filter(read_at__isnull=False).exists()
    due = note.due_on + timedelta(days=7)
    correct(teacher, note, body="Le car part à 8 h 30.", due_on=due.isoformat())
    assert not Slot.objects.filter(read_at__isnull=False).exists()
    assert Slot.objects.filter(request__due_on=due).count() == 5
    shown = said(sophie.get(note.get_absolute_url()))
    assert "8 h 30" in shown
    assert "corrigé" in shown
    told = Notification.objects.filter(title="Inès · Mot corrigé, à relire : Sortie au musée Narbo Via")
    assert told.count() == 2
    assert Entry.objects.get(action="liaison.note_corrected").facts["fields"] == ["body", "due_on"]


def test_the_reminder_follows_the_date_that_was_put_right(room, teacher):
    note = factories.consent(room)
    before = OutboxEntry.objects.get(kind=notifications.REMINDER)
    correct(teacher, note, due_on=(note.due_on + timedelta(days=7)).isoformat())
    services.remind_before_due(before.payload)
    assert not Slot.objects.filter(reminded_at__isnull=False).exists()
    after = OutboxEntry.objects.filter(kind=notifications.REMINDER).exclude(pk=before.pk).get()
    services.remind_before_due(after.payload)
    assert Slot.objects.filter(reminded_at__isnull=False).exists()


def test_once_somebody_signed_a_note_is_not_rewritten(room, teacher):
    note = factories.consent(room)
    assert "Corriger ce mot" in said(teacher.get(page("follow", note.pk)))
    sign(room, note)
    assert "Corriger ce mot" not in said(teacher.get(page("follow", note.pk)))
    assert correct(teacher, note, body="Autre chose").status_code == 403
    note.refresh_from_db()
    assert note.body != "Autre chose"


def test_a_signature_that_comes_meanwhile_stops_the_correction(room, monkeypatch):
    note = factories.consent(room)
    sign(room, note)
    monkeypatch.setattr(services, "_check", lambda *_asked: None)  # the right was read just before
    with pytest.raises(DomainError) as refused:
        services.correct_note(actor=room.teacher, note=note, facts={"body": "Autre chose"})
    assert refused.value.code == "already_signed"
    note.refresh_from_db()
    assert note.body != "Autre chose"


def test_a_colleague_does_not_correct_and_the_head_does(room, head, browser_of):
    note = factories.consent(room)
    colleague = factories.account("Alain", "Roux")
    alain = factories.person("Alain", "Roux", user=colleague)
    place = {"school": room.school, "school_class": room.school_class, "starts_on": timezone.localdate()}
    StaffAssignment.objects.create(person=alain, role="teacher", **place)
    assert correct(browser_of("narbonne.localhost", colleague), note, body="Non").status_code == 403
    assert correct(head, note, body="Oui").status_code == 302


def test_the_follow_up_is_printed_whole_or_for_what_is_missing(room, teacher):
    note = factories.consent(room)
    sign(room, note)
    whole = said(teacher.get(page("print", note.pk)))
    assert "Réponses signées : 1 sur 3" in whole
    assert "J’autorise" in whole
    assert "Inès Ferrer" in whole
    short = said(teacher.get(page("print", note.pk) + "?voir=manque"))
    assert "Inès Ferrer" in short
    assert "Noé Cabanel" not in short

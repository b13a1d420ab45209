"""Requests to sign: who signed for whom, by which rule, until when. Their pages are the notebook's."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import DomainError
from core.tenancy import in_schema
from shared_apps.audit.models import Entry
from shared_apps.signatures import services
from shared_apps.signatures.models import SignatureRequest, Slot
from tests.support.people import account

INES, TOM = uuid.uuid4(), uuid.uuid4()
SOPHIE, KARIM = uuid.uuid4(), uuid.uuid4()
CHOICES = [["yes", "J’autorise"], ["no", "Je n’autorise pas"]]
DUE = date(2026, 11, 30)
BEFORE, AFTER = "2026-11-30 22:30+01:00", "2026-12-01 00:30+01:00"  # the deadline is Europe/Paris's midnight


def ask(rule: str = "one", **facts):
    slots = [(INES, SOPHIE), (INES, KARIM), (TOM, SOPHIE)]
    values = {"purpose": "test.outing", "object_id": uuid.uuid4(), "choices": CHOICES, "due_on": DUE, "slots": slots}
    return services.open_request(actor=None, rule=rule, **values | facts)


def slot_of(request, subject, signer) -> Slot:
    return request.slots.get(subject_id=subject, signer_id=signer)


def sign(request, subject=INES, signer=SOPHIE, answer="yes", **facts) -> Slot:
    return services.sign(actor=facts.pop("actor", None), slot=slot_of(request, subject, signer), answer=answer, **facts)


def counts(request) -> dict[str, int]:
    found = services.progress(request)
    return {name: getattr(found, name) for name in ("signed", "read", "unread", "paper")}


@pytest.fixture(autouse=True)
def before_the_deadline():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False) as clock:
        yield clock


@pytest.fixture
def commune(in_narbonne):
    return in_narbonne


# --- asking


def test_each_adult_has_one_place_per_child(commune):
    request = ask(slots=[(INES, SOPHIE), (INES, SOPHIE), (TOM, SOPHIE)])
    assert sorted(request.slots.values_list("subject_id", "signer_id")) == sorted([(INES, SOPHIE), (TOM, SOPHIE)])


def test_an_object_is_asked_about_once(commune):
    request = ask()
    with pytest.raises(DomainError) as refusal:
        ask(object_id=request.object_id)
    assert refusal.value.code == "already_open"
    assert Slot.objects.count() == 3


@pytest.mark.parametrize("values", [{"answer": "yes"}, {"is_paper": True}])
def test_the_database_wants_a_signature_under_an_answer(commune, values):
    request = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        request.slots.update(**values)


# --- signing


def test_a_signature_says_who_when_what_and_counts_as_read(commune):
    user = account()
    slot = sign(ask(), actor=user, comment="Il prend le bus.")
    slot.refresh_from_db()
    assert (slot.signed_by, slot.answer, slot.comment, slot.is_paper) == (user, "yes", "Il prend le bus.", False)
    assert slot.signed_at == slot.read_at == timezone.now()
    entry = Entry.objects.get(action="signatures.signed")
    assert (entry.actor_id, entry.object_id, entry.facts) == (user.pk, str(slot.pk), {"answer": "yes", "before": ""})


@pytest.mark.parametrize(("choices", "answer"), [(CHOICES, ""), (CHOICES, "maybe"), ([], "yes")])
def test_only_the_answers_proposed_are_taken(commune, choices, answer):
    request = ask(choices=choices)
    with pytest.raises(DomainError) as refusal:
        sign(request, answer=answer)
    assert refusal.value.code == "unknown_answer"
    assert not Entry.objects.filter(action="signatures.signed").exists()


def test_where_nothing_is_proposed_the_signature_is_the_answer(commune):
    assert sign(ask(choices=[]), answer="").is_signed


def test_one_changes_ones_mind_until_the_day_and_the_audit_keeps_what_was_said(commune, before_the_deadline):
    request = ask()
    sign(request)
    before_the_deadline.move_to(BEFORE)
    assert sign(request, answer="no").answer == "no"
    before_the_deadline.move_to(AFTER)
    with pytest.raises(DomainError) as refusal:
        sign(request, answer="yes")
    assert refusal.value.code == "too_late"
    assert slot_of(request, INES, SOPHIE).answer == "no"
    entries = Entry.objects.filter(action="signatures.signed").values_list("facts", flat=True)
    assert list(entries) == [{"answer": "yes", "before": ""}, {"answer": "no", "before": "yes"}]


def test_two_clicks_are_one_signature(commune, before_the_deadline):
    request = ask()
    first = sign(request)
    before_the_deadline.shift(60)
    assert sign(request).signed_at == first.signed_at
    assert Entry.objects.filter(action="signatures.signed").count() == 1


def test_one_may_sign_late_for_the_first_time_as_long_as_it_is_open(commune, before_the_deadline):
    request = ask()
    before_the_deadline.move_to(AFTER)
    assert slot_of(request, INES, SOPHIE).is_late
    assert sign(request).is_signed


def test_once_closed_nobody_signs_on_screen_or_on_paper(commune):
    request = ask()
    stale = SignatureRequest.objects.get()
    services.close(actor=None, request=request)
    services.close(actor=None, request=stale)
    for act in (lambda: sign(request), lambda: services.record_paper(actor=None, request=stale, subject_id=INES)):
        with pytest.raises(DomainError) as refusal:
            act()
        assert refusal.value.code == "closed"
    assert Entry.objects.filter(action="signatures.request_closed").count() == 1


def test_the_first_reading_is_the_one_that_counts(commune, before_the_deadline):
    request = ask()
    assert services.mark_read(request=request, signer_id=SOPHIE) == 2  # for both her children
    first = timezone.now()
    before_the_deadline.shift(3600)
    assert services.mark_read(request=request, signer_id=SOPHIE) == 0
    assert set(request.slots.for_signer(SOPHIE).values_list("read_at", flat=True)) == {first}
    assert slot_of(request, INES, KARIM).read_at is None


# --- paper


def test_a_coupon_stands_for_the_adults_who_have_not_signed(commune):
    user, request = account(), ask("each")
    sign(request, signer=KARIM, answer="no")
    (slot,) = services.record_paper(actor=user, request=request, subject_id=INES, answer="yes")
    assert (slot.signer_id, slot.is_paper, slot.answer, slot.signed_by) == (SOPHIE, True, "yes", user)
    assert slot_of(request, INES, KARIM).answer == "no"
    assert not slot_of(request, TOM, SOPHIE).is_signed


def test_a_coupon_may_stand_for_one_adult_only(commune):
    request = ask("each")
    services.record_paper(actor=None, request=request, subject_id=INES, answer="yes", signer_id=SOPHIE)
    assert not slot_of(request, INES, KARIM).is_signed
    assert counts(request)["signed"] == 0


def test_a_coupon_recorded_twice_is_said_and_changes_nothing(commune):
    request = ask()
    services.record_paper(actor=None, request=request, subject_id=INES, answer="yes")
    with pytest.raises(DomainError) as refusal:
        services.record_paper(actor=None, request=request, subject_id=INES, answer="no")
    assert refusal.value.code == "already_signed"
    assert set(request.slots.filter(subject_id=INES).values_list("answer", flat=True)) == {"yes"}


def test_a_guardian_may_replace_a_coupon_by_their_own_signature(commune):
    request = ask()
    services.record_paper(actor=None, request=request, subject_id=INES, answer="yes")
    slot = sign(request, answer="yes", actor=account())
    assert not slot.is_paper and slot.signed_by is not None


# --- counting


def test_one_guardian_suffices_or_each_must(commune):
    for rule, signed in (("one", 1), ("each", 0)):
        request = ask(rule)
        sign(request)
        assert counts(request)["signed"] == signed, rule
        sign(request, signer=KARIM)
        assert counts(request)["signed"] == 1, rule


def test_children_are_counted_once_as_signed_read_or_unread(commune):
    request = ask("each")
    assert counts(request) == {"signed": 0, "read": 0, "unread": 2, "paper": 0}
    services.mark_read(request=request, signer_id=KARIM)
    assert counts(request) == {"signed": 0, "read": 1, "unread": 1, "paper": 0}
    services.record_paper(actor=None, request=request, subject_id=TOM, answer="yes")
    assert counts(request) == {"signed": 1, "read": 1, "unread": 0, "paper": 1}


def test_counting_costs_one_query_for_any_number_of_requests_and_children(commune):
    requests = [ask()]
    with CaptureQueriesContext(connection) as one:
        services.progress_of(requests)
    requests += [ask(slots=[(uuid.uuid4(), SOPHIE) for _child in range(30)]) for _request in range(4)]
    with CaptureQueriesContext(connection) as many:
        found = services.progress_of(requests)
    assert len(one) == len(many) == 1
    assert [found[request.pk].unread for request in requests] == [2, 30, 30, 30, 30]


# --- reminding


def test_those_whose_signature_is_missing_for_the_child_are_reminded_once_a_day(commune, before_the_deadline):
    request = ask()
    sign(request)  # for Inès, one suffices: neither Karim nor she is bothered
    today = timezone.localdate()
    (slot,) = services.slots_to_remind(request, on=today)
    assert (slot.subject_id, slot.signer_id) == (TOM, SOPHIE)
    services.mark_reminded([slot])
    assert services.slots_to_remind(request, on=today) == []
    before_the_deadline.shift(timedelta(days=1))
    assert len(services.slots_to_remind(request, on=timezone.localdate())) == 1


def test_where_each_must_sign_the_other_guardian_is_reminded(commune):
    request = ask("each")
    sign(request)
    slots = services.slots_to_remind(request, on=timezone.localdate())
    assert {(slot.subject_id, slot.signer_id) for slot in slots} == {(INES, KARIM), (TOM, SOPHIE)}


# --- at the same time


def test_a_request_closed_while_somebody_signs_keeps_only_what_was_signed_before(own_database):
    with in_schema("c_11262"):
        request = ask(due_on=None)
    together = Barrier(2)

    def in_a_thread(act) -> bool:
        try:
            with in_schema("c_11262"):
                together.wait(30)
                act()
                return True
        except DomainError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        signing = threads.submit(in_a_thread, lambda: sign(request))
        threads.submit(in_a_thread, lambda: services.close(actor=None, request=request)).result()
        signed = signing.result()
    with in_schema("c_11262"):
        slot = slot_of(request, INES, SOPHIE)
        assert slot.is_signed is signed
        acts = list(Entry.objects.values_list("action", flat=True))[1:]
        assert acts == (["signatures.signed"] if signed else []) + ["signatures.request_closed"]


def test_the_same_children_in_two_communes_are_asked_apart(narbonne, lezignan):
    found = {}
    for schema in ("c_11262", "c_11203"):
        with in_schema(schema):
            found[schema] = ask()
    with in_schema("c_11262"):
        sign(found["c_11262"])
    with in_schema("c_11203"):
        assert counts(found["c_11203"])["signed"] == 0
        assert not SignatureRequest.objects.filter(pk=found["c_11262"].pk).exists()

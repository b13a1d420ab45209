"""What messages leave in time: the bin after a month, a message after two years, with its files."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from time_machine import travel

from shared_apps.files.models import StoredFile
from tenant_apps.messages import forgetting, services
from tenant_apps.messages.models import Copy, Message
from tenant_apps.moderation import services as moderation
from tests.tenant_apps.messages import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


def forget(**later):
    now = timezone.now() + timedelta(**later)
    with travel(now):
        return forgetting.forget(now)


@pytest.fixture
def message(room):
    upload = SimpleUploadedFile("sac.pdf", PDF, content_type="application/pdf")
    return factories.sent(room.teacher, factories.person(room.guardians["Sophie"]), uploads=[upload])


def throw_away(user, message):
    services.move(actor=user, messages=[message.pk], act="trash")


def test_the_bin_is_emptied_after_a_month_and_the_others_keep_theirs(message, room):
    throw_away(room.guardians["Sophie"], message)
    forget(days=29)
    assert Copy.objects.count() == 2
    forget(days=31)
    assert [copy.account for copy in Copy.objects.all()] == [room.teacher]


def test_a_message_in_nobody_s_box_goes_with_its_files(message, room):
    throw_away(room.guardians["Sophie"], message)
    throw_away(room.teacher, message)
    assert forget(days=31) == 1
    assert not Message.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_message_goes_two_years_after_it_was_sent_and_drafts_that_old_too(message, room):
    factories.draft(room.teacher, factories.person(room.head))
    assert forget(days=729) == 0
    assert forget(days=731) == 2
    assert not Copy.objects.exists()


def test_what_a_head_has_still_to_read_stays(message, room):
    report = services.report(actor=room.guardians["Sophie"], message=message, reason="")
    throw_away(room.guardians["Sophie"], message)
    assert forget(days=731) == 0
    assert Copy.objects.count() == 2
    moderation.decide(actor=room.head, report=report, withdraws=False)
    assert forget(days=731) == 1


def test_what_waits_for_its_hour_is_not_touched(room):
    later = timezone.now() + timedelta(days=40)
    factories.queued(room.teacher, factories.person(room.head), scheduled_at=later)
    assert forget(days=35) == 0

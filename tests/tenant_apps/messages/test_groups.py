"""Messages to groups of pupils: to whom, within the rules of the school; what is said before they leave."""

import pytest

from tenant_apps.messages import audience, services
from tenant_apps.messages.models import Message, RecipientList
from tenant_apps.people import services as people
from tests.tenant_apps.messages import factories
from tests.tenant_apps.messages.test_sending import HOST, page, readers, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def choir(room, cm2):
    """Inès (CE2), Noé and Aya (CM2, who have a box), led by the teacher of the CE2."""
    pupils = [room.pupils["Inès"], cm2.pupils["Noé"], cm2.pupils["Aya"]]
    return people.make_group(
        actor=room.head, school=room.school, name="Chorale", kind="choir", pupils=pupils,
        leaders=[room.teacher.person],
    )  # fmt: skip


def test_the_head_writes_to_the_parents_of_a_group_of_pupils(room, cm2, choir, browser_of):
    browser = browser_of(HOST, room.head)
    assert f'value="group_guardians:{choir.pk}"' in text(browser.get(page("write")))
    to = {"to": [f"group_guardians:{choir.pk}"], "body": "Bonjour", "subject": "Concert", "go": "send"}
    answer = browser.post(page("write"), to)
    shown = text(browser.get(answer.url))
    assert "5 parents liront ceci" in shown and "3 enfants" in shown and "Parents du groupe · Chorale" in shown
    browser.post(answer.url)
    factories.deliver()
    expected = {room.guardians[name] for name in ("Sophie", "Karim")}
    expected |= {cm2.guardians[name] for name in ("Laure", "Éric", "Samia")}
    assert readers(Message.objects.get()) == expected


def test_the_rules_of_the_school_hold_for_who_leads_a_group_and_who_is_left_out_is_said(room, cm2, choir, browser_of):
    browser = browser_of(HOST, room.teacher)
    draft = factories.draft(room.teacher, f"group_guardians:{choir.pk}")
    shown = text(browser.get(page("send", draft.pk)))
    assert "2 parents liront ceci" in shown
    left_out = shown.split("ne vous laissent pas écrire aux parents de")[1]
    assert "Noé Cabanel, Aya Khelifi" in left_out
    assert "ne touche pas" not in shown
    browser.post(page("send", draft.pk))
    factories.deliver()
    assert readers(Message.objects.get()) == {room.guardians["Sophie"], room.guardians["Karim"]}


def test_pupils_of_a_group_are_written_to_as_the_rules_allow(cm2, choir, room, browser_of):
    people.change_group(
        actor=room.head, group=choir, name="Chorale", kind="choir",
        pupils=[cm2.pupils["Noé"], cm2.pupils["Aya"]], leaders=[cm2.teacher.person],
    )  # fmt: skip
    message = factories.sent(cm2.teacher, f"group_pupils:{choir.pk}")
    assert readers(message) == {cm2.pupils[name].person.account for name in ("Noé", "Aya")}
    assert audience.summary_of(message).words == "2 élèves liront ceci."


def test_a_group_that_one_does_not_keep_is_neither_offered_nor_taken(room, cm2, choir, browser_of):
    code = f"group_guardians:{choir.pk}"
    for user in (cm2.teacher, room.guardians["Sophie"]):
        browser = browser_of(HOST, user)
        assert "Chorale" not in text(browser.get(page("write") + f"?a={code}"))
        browser.post(page("write"), {"to": [code], "body": "Bonjour", "subject": "Essai", "go": "send"})
        assert Message.objects.get(author=user).to == []


def test_a_message_waits_for_its_hour_and_who_leads_the_group_no_more_reaches_nobody(room, choir):
    message = factories.queued(room.teacher, f"group_guardians:{choir.pk}")
    people.change_group(
        actor=room.head, group=choir, name="Chorale", kind="choir", pupils=[room.pupils["Inès"]], leaders=[]
    )
    factories.deliver()
    assert readers(message) == set()


def test_a_child_who_left_the_group_and_a_group_that_is_ended_are_not_written_to(room, cm2, choir):
    message = factories.queued(room.head, f"group_guardians:{choir.pk}")
    people.change_group(
        actor=room.head, group=choir, name="Chorale", kind="choir", pupils=[cm2.pupils["Noé"]], leaders=[]
    )
    factories.deliver()
    assert readers(message) == {cm2.guardians["Laure"], cm2.guardians["Éric"]}
    late = factories.queued(room.head, f"group_guardians:{choir.pk}")
    people.end_group(actor=room.head, group=choir)
    factories.deliver()
    assert readers(late) == set()


def test_a_saved_list_keeps_a_group_of_pupils(room, choir):
    services.save_list(actor=room.head, name="Concert", to=[f"group_guardians:{choir.pk}"])
    [mine] = RecipientList.objects.filter(owner=room.head)
    assert factories.draft(room.head, f"list:{mine.pk}").to == [f"group_guardians:{choir.pk}"]

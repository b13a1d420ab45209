"""What reaches a person, and when, is as they chose: at once, in a mail of several, never; not in quiet hours."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import registry
from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import Device
from shared_apps.notifications import digests, outbox, quiet, services, tasks, types
from shared_apps.notifications.forms import PreferenceForm
from shared_apps.notifications.models import Notification, OutboxEntry, Preference, PushSubscription
from shared_apps.notifications.services import Notice, notify_all
from tenants.stops import Sent
from tests.shared_apps.notifications.test_push import service_key
from tests.support.people import account

PARIS = ZoneInfo("Europe/Paris")
NARBONNE = "narbonne.localhost"
THURSDAY = "2026-11-26 17:30:00+01:00"
FRIDAY = "2026-11-27 17:30:00+01:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.fixture
def sophie(in_narbonne):
    return account(email="sophie@exemple.fr")


@pytest.fixture
def page(sophie, browser_of, monkeypatch):
    facts = registry.AccountFacts()
    monkeypatch.setattr("shared_apps.notifications.views.facts_of", lambda user: facts)
    return browser_of(NARBONNE, sophie)


@pytest.fixture
def as_a_parent(monkeypatch):
    known = types.types_for(("guardian",))
    monkeypatch.setattr("shared_apps.notifications.views.types_for", lambda profiles: known)


def tell(user, *titles, kind="liaison.to_read", children=("0193a1c2-0000-7000-8000-000000000001",), sent=None):
    notify_all(Notice(user, kind, title, "/mots/", f"{kind}:{title}:{user.pk}", children, sent) for title in titles)


def choose(user, kind, when, **others):
    return services.choose(actor=user, mail={kind: when}, **others)


def beat():
    with in_public():
        tasks.ask_digests.apply_async()
    outbox.deliver_due()  # its own row plans, those it plans write
    outbox.deliver_due()


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2026-11-26 12:00", "2026-11-26 12:00"),
        ("2026-11-26 20:00", "2026-11-27 07:30"),
        ("2026-11-27 06:59", "2026-11-27 07:30"),
        ("2026-11-27 20:00", "2026-11-30 07:30"),
        ("2026-11-28 12:00", "2026-11-30 07:30"),
        ("2026-11-29 23:00", "2026-11-30 07:30"),
    ],
)
def test_evenings_nights_and_weekends_are_quiet(moment, leaves):
    hours = (time(20), time(7, 30))
    assert quiet.after(at(moment), hours, weekends=True) == at(leaves)


@pytest.mark.django_db
@time_machine.travel("2026-11-26 21:00:00+01:00", tick=False)
def test_a_mail_of_the_evening_waits_for_the_morning_and_an_absence_does_not(sophie, settings):
    settings.ENT_QUIET_HOURS = True
    tell(sophie, "Inès · À signer : sortie", kind="liaison.to_sign")
    tell(sophie, "Inès · Pas en classe", kind="attendance.absent")
    outbox.deliver_due()
    assert [one.subject for one in mail.outbox] == ["Inès · Pas en classe"]
    assert OutboxEntry.objects.pending().get().not_before == at("2026-11-27 07:30")


@pytest.mark.django_db
@time_machine.travel("2026-11-28 10:00:00+01:00", tick=False)
def test_who_wants_no_quiet_hours_has_none(sophie, settings):
    settings.ENT_QUIET_HOURS = True
    services.choose(actor=sophie, quiet_from=None, quiet_until=None, is_quiet_at_weekends=False)
    tell(sophie, "Inès · À signer : sortie", kind="liaison.to_sign")
    outbox.deliver_due()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_never_is_never_even_for_what_waits_and_the_page_says_it_all_the_same(sophie):
    tell(sophie, "Inès · À signer : un", kind="liaison.to_sign")
    choose(sophie, "liaison.to_sign", "never")
    tell(sophie, "Inès · À signer : deux", kind="liaison.to_sign")
    outbox.deliver_due()
    assert mail.outbox == []
    assert Notification.objects.count() == 2


@pytest.mark.django_db
def test_ones_own_safety_is_not_chosen(sophie):
    choose(sophie, "accounts", "never")
    tell(sophie, "Nouvelle connexion", kind="accounts.new_device", children=())
    outbox.deliver_due()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
@time_machine.travel(THURSDAY, tick=False)
def test_a_digest_goes_by_child_then_by_what_is_asked(sophie):
    services.choose(actor=sophie, mail={"liaison.to_sign": "daily", "support": "daily"})
    tell(sophie, "Tom · À lire : piscine", "Inès · À lire : photo")
    tell(sophie, "Inès · À signer : sortie", kind="liaison.to_sign")
    tell(sophie, "Demande d’aide 12", kind="support.ticket", children=())
    assert mail.outbox == []
    beat()
    (sent,) = mail.outbox
    assert "4 nouvelles" in sent.subject
    said = [line.strip() for line in sent.body.splitlines() if line.strip() and "http" not in line]
    first = said.index("Inès")
    assert said[first : first + 12] == [
        "Inès", "À signer", "- À signer : sortie", "À lire", "- À lire : photo",
        "Tom", "À lire", "- À lire : piscine",
        "Pour vous", "À faire", "- Demande d’aide 12", said[first + 11],
    ]  # fmt: skip


@pytest.mark.django_db
@time_machine.travel(THURSDAY, tick=False)
def test_the_same_children_stand_together_whatever_the_order_in_which_they_were_named(sophie):
    tell(sophie, "Tom et Inès · À lire : piscine", "Inès et Tom · À lire : photo", "Tom · À lire : dent")
    beat()
    (sent,) = mail.outbox
    assert sent.subject.startswith("Inès et Tom · 3 nouvelles")
    assert sent.body.count("Inès et Tom") == 1 and "Tom et Inès" not in sent.body


@pytest.mark.django_db
def test_a_day_has_one_digest_however_often_it_is_asked(sophie):
    with time_machine.travel(THURSDAY, tick=False):
        tell(sophie, "Inès · À lire : un")
        beat()
        tell(sophie, "Inès · À lire : deux")
        beat()
        assert len(mail.outbox) == 1
    with time_machine.travel(FRIDAY, tick=False):
        beat()
    first, second = (one.body for one in mail.outbox)
    assert "À lire : un" in first and "À lire : deux" in second
    assert "À lire : un" not in second


@pytest.mark.django_db
def test_a_weekly_digest_waits_for_friday(sophie):
    choose(sophie, "liaison.to_read", "weekly")
    with time_machine.travel(THURSDAY, tick=False):
        tell(sophie, "Inès · À lire : un")
        beat()
        assert mail.outbox == []
    with time_machine.travel(FRIDAY, tick=False):
        beat()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
@time_machine.travel(THURSDAY, tick=False)
def test_what_was_read_is_not_said_again(sophie):
    tell(sophie, "Inès · À lire : un")
    services.mark_all_read(sophie)
    beat()
    assert mail.outbox == []
    assert not Notification.objects.waiting_for(["daily"]).exists()


@pytest.mark.django_db
@time_machine.travel(THURSDAY, tick=False)
def test_what_an_emergency_switch_stops_stays_out_of_the_digest(sophie, monkeypatch):
    tell(sophie, "Inès · À lire : mot")
    tell(sophie, "Message de Karim", children=(), sent=Sent(("guardian",)))
    monkeypatch.setattr(digests, "may_send", lambda sent: sent.parties != ("guardian",))
    beat()
    (sent,) = mail.outbox
    assert "mot" in sent.body and "Karim" not in sent.body
    assert Notification.objects.waiting_for(["daily"]).get().title == "Message de Karim"


@pytest.mark.django_db
@time_machine.travel(THURSDAY, tick=False)
def test_a_digest_costs_the_same_for_more_news(sophie):

    def cost(day, count):
        with time_machine.travel(day, tick=False):
            tell(sophie, *(f"Inès · À lire : {day} {number}" for number in range(count)))
            with CaptureQueriesContext(connection) as queries:
                beat()
        return len(queries)

    cost("2026-11-23 17:30:00+01:00", 1)
    assert cost("2026-11-24 17:30:00+01:00", 1) == cost("2026-11-25 17:30:00+01:00", 20)


@pytest.mark.django_db
def test_each_commune_says_its_own(sophie, lezignan):
    with in_schema("c_11203"):
        twin = account(pk=sophie.pk, email="autre@exemple.fr")
        choose(twin, "liaison.to_sign", "never")
    tell(sophie, "Inès · À signer : sortie", kind="liaison.to_sign")
    outbox.deliver_due()
    assert [one.to for one in mail.outbox] == [["sophie@exemple.fr"]]


def said_by(shown):
    """What a browser sends of the page as it was shown."""
    return {field.html_name: field.value() for field in shown.context["form"] if field.value()}


@pytest.mark.django_db
def test_the_page_keeps_what_was_chosen(sophie, page):
    shown = page.get("/notifications/reglages/")
    data = said_by(shown)
    answer = page.post("/notifications/reglages/", data | {"quiet_from": "21:00", "quiet_until": "06:30"})
    assert answer.url == "/notifications/reglages/"
    assert Preference.objects.get(user=sophie).quiet_from == time(21)
    assert page.post("/notifications/reglages/", data | {"quiet_until": ""}).status_code == 422


@pytest.mark.parametrize("profile", sorted(types.EVERYBODY))
def test_each_type_that_one_chooses_stands_in_one_fold(profile):
    known = types.types_for((profile,))
    folds = types.by_theme(known)
    assert set(folds) <= set(types.THEMES)
    assert sorted(name for fold in folds.values() for name in fold) == sorted(known)


def themes_of(user, **chosen):
    form = PreferenceForm(types=types.types_for(("guardian",)), instance=Preference(user=user, **chosen), has_push=True)
    return {theme.label: (theme.mail, theme.push) for theme in form.themes()}


@pytest.mark.django_db
def test_a_fold_says_how_its_news_come(sophie):
    assert themes_of(sophie)["À signer"] == ("courriel tout de suite", "alerte")
    assert themes_of(sophie)["La classe et l’école"] == ("courriel selon le cas", "alerte selon le cas")
    told = themes_of(sophie, mail={"attendance.absent": "never", "attendance.here": "never"})
    assert told["Absences"] == ("pas de courriel", "alerte")


@pytest.mark.django_db
def test_a_fold_whose_choice_is_refused_is_open(page, as_a_parent):
    shown = page.get("/notifications/reglages/")
    assert shown.content.decode().count("<details") == 6 and "open>" not in shown.content.decode()
    said = said_by(shown) | {"mail-homework": "sometimes", "quiet_until": ""}
    refused = page.post("/notifications/reglages/", said)
    assert refused.status_code == 422
    assert refused.content.decode().count('<details class="past" open>') == 2


@pytest.mark.django_db
def test_alerts_chosen_stay_while_no_browser_can_be_called(sophie, page, as_a_parent):
    services.choose(actor=sophie, push={"other": True}, shows_names=True)
    shown = page.get("/notifications/reglages/")
    assert "Alerte" not in shown.content.decode() and "écran verrouillé" not in shown.content.decode()
    assert page.post("/notifications/reglages/", said_by(shown) | {"mail-other": "daily"}).status_code == 302
    kept = Preference.objects.get(user=sophie)
    assert (kept.mail["other"], kept.push, kept.shows_names) == ("daily", {"other": True}, True)


@pytest.mark.django_db
def test_waiting_news_follow_a_new_choice(sophie):
    tell(sophie, "Inès · À lire : un")
    choose(sophie, "liaison.to_read", "weekly")
    assert Notification.objects.get().digest == "weekly"
    choose(sophie, "liaison.to_read", "never")
    assert Notification.objects.get().digest == ""


@pytest.mark.django_db
def test_the_page_of_choices_costs_the_same_with_more_browsers(sophie, page, settings):
    settings.ENT_PUSH_KEY = service_key()

    def called(count):
        for number in range(count):
            mark = f"{Device.objects.count()}:{number}"
            facts = {"token_digest": mark, "label": mark, "last_seen_at": timezone.now()}
            device = Device.objects.create(user=sophie, **facts)
            PushSubscription.objects.create(device=device, endpoint="https://x", endpoint_digest=mark)

    called(1)
    page.get("/notifications/reglages/")
    with CaptureQueriesContext(connection) as one:
        assert "0:0" in page.get("/notifications/reglages/").content.decode()
    called(5)
    with CaptureQueriesContext(connection) as six:
        page.get("/notifications/reglages/")
    assert len(six) == len(one) <= 12

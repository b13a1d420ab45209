"""News and flashes, as families, pupils, teachers, heads and the town read and publish them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.tenancy import in_public
from shared_apps.notifications.models import Notification
from tenant_apps.news.audience import places
from tenant_apps.news.models import Comment, Post, Reach, Reading, Thread
from tenants.models import Commune
from tests.support.pages import said
from tests.tenant_apps.agenda.factories import officer
from tests.tenant_apps.homework.factories import pupil_account
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.messages.factories import deliver
from tests.tenant_apps.news.factories import EVERYBODY, draft, flash, news, of_the_town, thread

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
NEWS = "/actualites/"


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


# --- who reads what


def test_a_family_reads_the_news_of_its_class_and_of_its_school_and_of_no_other(room, sophie):
    news(room, title="Piscine")
    news(room, reach="school", title="Kermesse")
    news(factories.next_class(room), by=room.head, title="Voile")
    far = factories.classroom(uai="0110358E", prefix="f")
    news(far, reach="school", title="Autre école")
    page = said(sophie.get(NEWS))
    assert "Piscine" in page and "Kermesse" in page
    assert "Voile" not in page and "Autre école" not in page


def test_a_post_is_read_by_the_profiles_chosen_and_no_other(room, browser_of, sophie, teacher):
    pupil = browser_of(HOST, pupil_account(room, "Inès"))
    post = news(room, title="Pour les grands", readers=["guardian"])
    assert sophie.get(post.get_absolute_url()).status_code == 200
    assert pupil.get(post.get_absolute_url()).status_code == 404
    assert "Pour les grands" not in said(pupil.get(NEWS))


def test_a_thread_narrowed_later_hides_what_was_published_in_it(room, sophie):
    post = news(room)
    Thread.objects.update(readers=["teacher", "head"])
    assert sophie.get(post.get_absolute_url()).status_code == 404


def test_a_draft_a_coming_and_an_ended_one_are_not_read(room, sophie, teacher):
    now = timezone.now()
    posts = [
        draft(room, title="Brouillon"),
        news(room, title="Demain", starts_at=now + timedelta(days=1)),
        news(room, title="Hier"),
    ]
    Post.objects.filter(title="Hier").update(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    assert [sophie.get(post.get_absolute_url()).status_code for post in posts] == [404, 404, 404]
    mine = said(teacher.get(f"{NEWS}?voir=miennes"))
    assert all(words in mine for words in ("brouillon", "prévue", "terminée"))


def test_the_town_reads_what_is_for_the_whole_school_and_no_class(room, browser_of):
    news(room, title="Classe")
    news(room, reach="school", title="École")
    page = said(browser_of(HOST, officer()).get(NEWS))
    assert "École" in page and "Classe" not in page


def test_a_guardian_without_the_authority_reads_nothing(room, sophie):
    post = news(room)
    room.pupils["Inès"].guardianships.update(has_parental_authority=False)
    assert sophie.get(post.get_absolute_url()).status_code == 404


def test_what_is_pinned_stands_first(room, sophie):
    news(room, title="Ancienne", is_pinned=True)
    news(room, title="Nouvelle")
    page = said(sophie.get(NEWS))
    assert page.index("Ancienne") < page.index("Nouvelle")


def test_the_list_asks_the_same_queries_whatever_its_length(room, sophie):
    news(room)
    sophie.get(NEWS)
    with CaptureQueriesContext(connection) as few:
        sophie.get(NEWS)
    for n in range(8):
        news(room, title=f"Numéro {n}")
    with CaptureQueriesContext(connection) as many:
        sophie.get(NEWS)
    assert len(many) == len(few)


def test_readers_are_counted_once_by_profile_and_never_named(room, sophie, teacher, browser_of):
    post = news(room)
    karim = browser_of(HOST, room.guardians["Karim"])
    for reader in (sophie, sophie, karim):
        reader.get(post.get_absolute_url())
    teacher.get(post.get_absolute_url())
    assert Reading.objects.filter(profile="guardian").count() == 2
    page = said(teacher.get(post.get_absolute_url()))
    assert "2 lecteurs" in page and "Sophie" not in page
    assert "2 lecteurs" not in said(sophie.get(post.get_absolute_url()))


# --- who publishes


def test_a_teacher_writes_then_reads_again_then_publishes(room, teacher, sophie):
    fil = thread(room)
    typed = {"thread": fil.pk, "title": "Expo", "body": "Venez.", "readers": ["guardian"]}
    answer = teacher.post(f"{NEWS}ecrire/", typed | {"places": [str(room.school_class.pk)]})
    post = Post.objects.get()
    assert answer["Location"] == f"{NEWS}{post.pk}/publier/"
    assert "Expo" not in said(sophie.get(NEWS))
    teacher.post(answer["Location"])
    assert "Expo" in said(sophie.get(NEWS))


def test_a_teacher_does_not_publish_for_the_whole_school_nor_for_another_class(room, teacher):
    fil, other = thread(room), factories.next_class(room)
    typed = {"thread": fil.pk, "title": "Expo", "body": "Venez.", "readers": ["guardian"]}
    for place in (room.school.pk, other.school_class.pk):
        assert teacher.post(f"{NEWS}ecrire/", typed | {"places": [str(place)]}).status_code == 422
    assert not Post.objects.exists()


def test_the_service_itself_refuses_a_place_that_is_not_the_author_s(room):
    with pytest.raises(PermissionDenied):
        draft(room, by=room.teacher, reach="school")


def test_a_thread_closed_to_teachers_is_the_head_s_alone(room, teacher, head):
    thread(room)
    Thread.objects.update(is_open_to_teachers=False)
    assert teacher.get(f"{NEWS}ecrire/").status_code == 403
    assert head.get(f"{NEWS}ecrire/").status_code == 200


def test_a_post_is_not_for_readers_whom_its_thread_leaves_out(room, teacher):
    fil = thread(room, title="Équipe", defaults={"readers": ["teacher"]})
    typed = {"thread": fil.pk, "title": "Expo", "body": "Venez.", "readers": ["guardian"]}
    answer = teacher.post(f"{NEWS}ecrire/", typed | {"places": [str(room.school_class.pk)]})
    assert answer.status_code == 422 and "Ce fil ne se lit pas" in said(answer)


def test_families_are_told_once_whatever_reaches_them_with_their_child_s_name(room):
    post = news(room, title="Loto")
    deliver()
    told = Notification.objects.filter(kind="news.published", user=room.guardians["Sophie"])
    assert [one.title for one in told] == ["Inès · Actualité : Loto"]
    theirs = Notification.objects.get(kind="news.published", user=room.head)
    assert theirs.title == f"{room.school_class.label} · Actualité : Loto"
    assert not Notification.objects.filter(kind="news.published", user=post.author).exists()


def test_what_is_withdrawn_before_its_hour_is_told_to_nobody(room, teacher):
    post = news(room, starts_at=timezone.now() + timedelta(hours=1))
    teacher.post(f"{NEWS}{post.pk}/retirer/")
    Post.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    deliver()
    assert not Notification.objects.filter(kind="news.published").exists()


# --- the town, and the head who lets it in


def test_the_town_s_word_waits_in_each_school_for_its_head(room, sophie, head):
    post = of_the_town(officer(), room.school)
    assert sophie.get(post.get_absolute_url()).status_code == 404
    assert Notification.objects.filter(kind="news.asked", user=room.head).exists()
    assert "Piscine fermée" in said(head.get(f"{NEWS}a-decider/"))
    head.post(f"{NEWS}a-decider/{Reach.objects.get().pk}/accord/", {"act": "oui"})
    assert sophie.get(post.get_absolute_url()).status_code == 200
    deliver()
    assert Notification.objects.filter(kind="news.published", user=room.guardians["Sophie"]).count() == 1


def test_the_town_chooses_among_schools_by_name_and_a_head_the_whole_school_or_a_class(room):
    assert [label for _place, label in places(officer()).values()] == [str(room.school)]
    assert [label for _place, label in places(room.head).values()] == [
        f"Toute l’école : {room.school}",
        f"{room.school_class.label} · {room.school}",
    ]


def test_a_head_refuses_for_one_school_alone(room, head, browser_of):
    far = factories.classroom(uai="0110358E", prefix="f")
    post = of_the_town(officer(), room.school, far.school)
    decide = f"{NEWS}a-decider/{Reach.objects.get(school=room.school).pk}/accord/"
    head.post(decide, {"act": "non"})
    assert Reach.objects.get(school=room.school).state == Reach.State.WAITING  # not without a reason
    head.post(decide, {"act": "non", "refusal": "Le même jour que notre fête."})
    assert "Le même jour que notre fête." in said(browser_of(HOST, post.author).get(post.get_absolute_url()))
    browser_of(HOST, far.head).post(
        f"{NEWS}a-decider/{Reach.objects.get(school=far.school).pk}/accord/", {"act": "oui"}
    )
    assert browser_of(HOST, room.guardians["Sophie"]).get(post.get_absolute_url()).status_code == 404
    assert browser_of(HOST, far.guardians["Sophie"]).get(post.get_absolute_url()).status_code == 200


def test_the_convention_may_free_the_town_from_asking(room, sophie):
    with in_public():
        Commune.objects.filter(schema_name="c_11262").update(asks_heads=False)
    post = of_the_town(officer(), room.school)
    assert sophie.get(post.get_absolute_url()).status_code == 200


# --- comments


def test_a_comment_is_read_again_before_it_is_shown(room, sophie, teacher, browser_of):
    post = news(room, takes_comments=True)
    laure = browser_of(HOST, room.guardians["Laure"])
    sophie.post(f"{post.get_absolute_url()}commenter/", {"body": "Bravo à tous"})
    assert "Bravo à tous" in said(sophie.get(post.get_absolute_url()))
    assert "Bravo à tous" not in said(laure.get(post.get_absolute_url()))
    teacher.post(f"{NEWS}a-decider/{Comment.objects.get().pk}/commentaire/", {"act": "publier"})
    assert "Bravo à tous" in said(laure.get(post.get_absolute_url()))


def test_a_reported_comment_is_out_of_sight_until_it_is_decided_on_and_reported_once(room, sophie, teacher, browser_of):
    post = news(room, takes_comments=True)
    comment = Comment.objects.create(post=post, author=room.guardians["Laure"], body="Trop long", state="shown")
    signal = f"{NEWS}commentaire/{comment.pk}/signaler/"
    sophie.post(signal)
    assert "Trop long" not in said(sophie.get(post.get_absolute_url()))
    teacher.post(f"{NEWS}a-decider/{comment.pk}/commentaire/", {"act": "publier"})
    assert "Trop long" in said(sophie.get(post.get_absolute_url()))
    assert sophie.post(signal).status_code == 403


def test_what_takes_no_comment_takes_none(room, sophie):
    post = news(room)
    assert sophie.post(f"{post.get_absolute_url()}commenter/", {"body": "Bravo"}).status_code == 403


# --- flashes


def test_a_flash_is_over_each_page_until_it_is_said_read(room, sophie, browser_of):
    post = flash(room, level="warn")
    assert "Entrée par la rue Droite" in said(sophie.get("/"))
    assert "Entrée par la rue Droite" in said(sophie.get(NEWS))
    answer = sophie.post(f"{post.get_absolute_url()}lu/", {"retour": "/agenda/"})
    assert answer["Location"] == "/agenda/"
    assert "Entrée par la rue Droite" not in said(sophie.get("/"))
    assert "Entrée par la rue Droite" in said(browser_of(HOST, room.guardians["Karim"]).get("/"))


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_after_reading_one_goes_back_to_a_page_of_ours(room, sophie, where):
    post = flash(room)
    assert sophie.post(f"{post.get_absolute_url()}lu/", {"retour": where})["Location"] == "/"


def test_a_flash_is_for_its_schools_and_profiles(room, teacher, browser_of):
    far = factories.classroom(uai="0110358E", prefix="f")
    flash(room)
    assert "Verglas" not in said(teacher.get("/"))
    assert "Verglas" not in said(browser_of(HOST, far.guardians["Sophie"]).get("/"))


def test_a_flash_ends_by_itself_and_at_once_when_it_is_withdrawn(room, sophie, head):
    post = flash(room)
    sophie.get("/")
    head.post(f"{NEWS}{post.pk}/retirer/")
    assert "Verglas" not in said(sophie.get("/"))


def test_no_flash_costs_no_query_and_one_costs_one(room, sophie):
    def cost() -> int:
        sophie.get("/agenda/")
        with CaptureQueriesContext(connection) as asked:
            sophie.get("/agenda/")
        return len(asked)

    without = cost()
    assert "news_post" not in str(connection.queries_log)
    flash(room)
    assert cost() == without + 1


def test_a_flash_is_short_and_has_an_end(room, head):
    typed = {"title": "Verglas", "body": "x" * 281, "level": "info", "readers": EVERYBODY, "owner": str(room.school.pk)}
    answer = head.post(f"{NEWS}flash/ecrire/", typed | {"places": [str(room.school.pk)]})
    assert answer.status_code == 422
    ends = {"ends_at": (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")}
    answer = head.post(f"{NEWS}flash/ecrire/", typed | ends | {"places": [str(room.school.pk)]})
    assert answer.status_code == 422 and "280" in said(answer)

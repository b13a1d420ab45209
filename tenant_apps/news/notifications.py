"""What news tells: « Inès · Actualité : le loto de l’école ». Once for each person, whatever reaches them.

To who has no child there, the class it is of: a head has one of each.
"""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from shared_apps.notifications import outbox
from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.news.audience import Told, told
from tenant_apps.news.models import Post, Reach
from tenant_apps.people.models import StaffAssignment

TELL = "news.tell"


def plan(post: Post, *, occasion: str = "published") -> None:
    """When it begins to be read. A flash is seen on each page: nobody is told of it."""
    if not post.is_flash:
        key, payload = f"{TELL}:{post.pk}:{occasion}", {"post": str(post.pk)}
        outbox.put(TELL, key=key, payload=payload, not_before=max(post.starts_at, timezone.now()))


def tell(payload: dict[str, Any]) -> None:
    """As it is then: what was withdrawn meanwhile is not told."""
    post = Post.objects.live().select_related("thread").filter(pk=payload["post"]).first()
    if post is not None:
        school_class = _only_class(post)
        notify_all(_notice(post, one, school_class) for one in told(post))


def _only_class(post: Post) -> str:
    """Of which class it is; nothing for what is of several, or of a school."""
    labels = list(post.reaches.order_by("pk").values_list("school_class__label", flat=True))
    return labels[0] or "" if len(labels) == 1 else ""


def _notice(post: Post, one: Told, school_class: str) -> Notice:
    names = get_text_list([first for _pk, first in one.children], _("et"))
    facts = {"for": names or school_class, "title": post.title}
    title = _("%(for)s · Actualité : %(title)s") if facts["for"] else _("Actualité : %(title)s")
    key = f"news:{post.pk}:{one.account.pk}"
    children = [pk for pk, _first in one.children]
    return Notice(one.account, "news.published", title % facts, post.get_absolute_url(), key, children)


def ask_heads(post: Post) -> None:
    """Where the town's word waits for a head."""
    schools = post.reaches.filter(state=Reach.State.WAITING).values("school")
    heads = StaffAssignment.objects.on().heading().filter(school__in=schools, person__account__isnull=False)
    accounts = {one.person.account_id: one.person.account for one in heads.select_related("person__account")}
    title = _("La mairie propose une publication dans votre école : %(title)s") % {"title": post.title}
    path = reverse("news:review")
    notify_all(Notice(user, "news.asked", title, path, f"news.asked:{post.pk}:{pk}") for pk, user in accounts.items())

"""What surveys bring to the home page: those that wait for an answer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.frozen import frozen
from core.registry import Todo
from tenant_apps.surveys.models import Survey

AT_MOST = 5


def todos(user: Any, profile: str) -> Iterable[Todo]:
    if profile not in {"guardian", "teacher"}:
        return []
    return [_todo(one) for one in _unanswered.in_pages(user, profile=profile)[0:AT_MOST]]


def of_guardian(user: Any, _now: datetime) -> QuerySet[Survey]:
    return _left_to(user, "guardian")


def _left_to(user: Any, profile: str) -> QuerySet[Survey]:
    return Survey.objects.asked_as(user, profile).open().unanswered_by(user)


@frozen
def _unanswered(user: Any, *, profile: str) -> QuerySet[Survey]:
    return _left_to(user, profile).select_related("school").order_by("ends_on", "pk")


def _todo(survey: Survey) -> Todo:
    detail = _("Sondage · %(school)s") % {"school": survey.school}
    url = survey.get_absolute_url()
    return Todo(when=survey.ends_on, kind="do", title=survey.title, detail=detail, url=url, action=_("Répondre"))

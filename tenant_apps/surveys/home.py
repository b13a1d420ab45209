"""What surveys bring to the home page: those that wait for an answer."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.frozen import Asked, frozen
from core.registry import Todo
from tenant_apps.surveys.models import Survey

AT_MOST = 5


def todos(user: Any, profile: str) -> Iterable[Todo] | Asked:
    if profile not in {"guardian", "teacher"}:
        return []
    unanswered = _unanswered.in_pages(user, profile=profile).first(AT_MOST)
    return unanswered.then(lambda surveys: [_todo(one) for one in surveys])


@frozen
def _unanswered(user: Any, *, profile: str) -> QuerySet[Survey]:
    rows = Survey.objects.asked_as(user, profile).open().unanswered_by(user)
    return rows.select_related("school").order_by("ends_on", "pk")


def _todo(survey: Survey) -> Todo:
    detail = _("Sondage · %(school)s") % {"school": survey.school}
    url = survey.get_absolute_url()
    return Todo(when=survey.ends_on, kind="do", title=survey.title, detail=detail, url=url, action=_("Répondre"))

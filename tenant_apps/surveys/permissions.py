"""Who asks, who answers, who reads the results."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.surveys.models import Survey
from tenant_apps.surveys.querysets import classes_asked_by


@predicate
def has_classes(user: Any, _obj: Any = None) -> bool:
    return classes_asked_by(user).exists()


@predicate
def is_author(user: Any, survey: Any) -> bool:
    return survey.author_id == user.pk


@predicate
def is_draft(_user: Any, survey: Any) -> bool:
    return survey.is_draft


@predicate
def is_open(_user: Any, survey: Any) -> bool:
    return survey.is_open


@predicate
def follows(user: Any, survey: Any) -> bool:
    return Survey.objects.followed_by(user).filter(pk=survey.pk).exists()


@predicate
def is_asked(user: Any, survey: Any) -> bool:
    return Survey.objects.asked_of(user).filter(pk=survey.pk).exists()


RIGHTS = declare(
    "surveys",
    {
        "write": has_classes,
        "change": is_author & is_draft & has_classes,
        "follow": follows & ~is_draft & has_classes,
        "close": follows & is_open & has_classes,
        "answer": is_open & is_asked,
    },
)

"""Who is told of a survey: each adult once. Pupils find it on their page."""

from typing import Any

from django.utils.translation import gettext as _

from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.people.models import Guardianship, StaffAssignment
from tenant_apps.surveys.models import Survey


def published(survey: Survey) -> None:
    title = _("Sondage : %(title)s") % {"title": survey.title}
    notify_all(
        Notice(user, "surveys.published", title, survey.get_absolute_url(), f"survey:{survey.pk}:{user.pk}")
        for user in _adults(survey)
    )


def _adults(survey: Survey) -> list[Any]:
    classes = survey.classes.all()
    if survey.audience == Survey.Audience.GUARDIAN:
        links = Guardianship.objects.informed().of_classes(classes).filter(guardian__account__isnull=False)
        found = [link.guardian.account for link in links.select_related("guardian__account").order_by("pk")]
    elif survey.audience == Survey.Audience.TEACHER:
        rows = StaffAssignment.objects.on().of_the_school_staff().filter(school_class__in=classes)
        rows = rows.filter(person__account__isnull=False).select_related("person__account").order_by("pk")
        found = [one.person.account for one in rows]
    else:
        found = []
    return list(dict.fromkeys(found))

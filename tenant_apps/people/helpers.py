"""Who is told that somebody can't get in any more: a pupil's teachers; an adult's head, who renews the code."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from core.registry import Helper
from tenant_apps.people.keepers import keepers_of
from tenant_apps.people.models import Enrollment, Person, StaffAssignment

TENANT_URLS = "config.urls.tenant"  # asked by a worker, which has no request to choose them


def helpers_of(account: Any) -> Iterator[Helper]:
    person = Person.objects.filter(account=account).first()
    if person is None:
        return
    enrollment = Enrollment.objects.on().filter(pupil__person=person).select_related("school_class").first()
    if enrollment is not None:
        path = reverse("people:class", TENANT_URLS, [enrollment.school_class_id])
        teachers = StaffAssignment.objects.on().teaching().filter(school_class=enrollment.school_class_id)
        found = [Helper(user, path) for user in _accounts(teachers)]
        yield from found or _heads(person, path)
    else:
        yield from _heads(person, reverse("people:code", TENANT_URLS, [person.pk]))


def _heads(person: Person, path: str) -> list[Helper]:
    """Of the school that gives this person's code (`keepers`); nobody helps themselves."""
    school = keepers_of([person.pk])[person.pk]
    heads = StaffAssignment.objects.on().heading().filter(school=school).exclude(person=person)
    return [Helper(user, path) for user in _accounts(heads)] if school else []


def _accounts(assignments: Any) -> list[Any]:
    rows = assignments.filter(person__account__is_active=True).select_related("person__account")
    return list({row.person.account_id: row.person.account for row in rows}.values())

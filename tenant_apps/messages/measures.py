"""What the academy asks of a commune in an emergency. Each runs twice without harm; returns what it touched."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import User
from shared_apps.bounds.vocabulary import Party
from tenant_apps.messages import notifications
from tenant_apps.messages.models import Copy
from tenant_apps.people.models import StaffAssignment
from tenant_apps.rights.recipients import people_of
from tenant_apps.rights.ties import PARTY_OF_ROLE
from tenant_apps.schools.models import School


def recall(facts: dict[str, Any]) -> int:
    """Unread copies of what these people sent since then: put aside, not destroyed."""
    rows = Copy.objects.unread().filter(held_at=None, message__sent_at__gte=facts["since"])
    if facts["parties"]:
        rows = rows.filter(message__parties__overlap=facts["parties"])
    if facts["uai"]:
        rows = rows.filter(Q(message__school__uai=facts["uai"]) | Q(message__school=None))
    pairs = list(rows.values_list("message", "account"))
    now = timezone.now()
    count = rows.update(held_at=now, held_by=facts["measure"], updated_at=now)
    notifications.take_back(pairs)
    return count


def restore(facts: dict[str, Any]) -> int:
    rows = Copy.objects.filter(held_by__in=facts["measures"])
    return rows.update(held_at=None, held_by=None, updated_at=timezone.now())


def end_sessions(facts: dict[str, Any]) -> int:
    return accounts.end_sessions_of(_cohort(facts))


def renew_passwords(facts: dict[str, Any]) -> int:
    return accounts.renew_passwords_of(_cohort(facts), chosen_before=facts["since"])


def _cohort(facts: dict[str, Any]) -> Any:
    """The active accounts of whoever bears one of these faces today."""
    schools = School.objects.filter(uai=facts["uai"]) if facts["uai"] else School.objects.all()
    parties = [Party(party) for party in facts["parties"] or Party.values]
    found = Q(pk__in=[])
    for school in schools:
        for party in parties:
            found |= Q(person__in=people_of(party, school).values("pk"))
    if not facts["uai"]:
        roles = {role for role, party in PARTY_OF_ROLE.items() if party in parties}
        found |= Q(person__in=StaffAssignment.objects.on().filter(school=None, role__in=roles).values("person"))
    return User.objects.active().filter(found)


MEASURES = {"recall": recall, "restore": restore, "sessions": end_sessions, "renewal": renew_passwords}

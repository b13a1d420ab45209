"""The charter of use: a text for each kind of person, whose version one accepts once.

The texts are templates (`accounts/charter/`). Changing the meaning of one changes its version here, and everybody
concerned reads and accepts anew at their next sign-in.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from core.registry import AccountFacts
from shared_apps.accounts.models import User
from shared_apps.audit.services import record

VERSIONS = {"pupil": "2026-09", "family": "2026-09", "staff": "2026-09"}


def audience(facts: AccountFacts) -> str:
    """Who works here and is a parent too reads the text of those who work."""
    if facts.is_pupil:
        return "pupil"
    return "staff" if facts.is_staff else "family"


def version(facts: AccountFacts) -> str:
    """`family:2026-09`"""
    return f"{audience(facts)}:{VERSIONS[audience(facts)]}"


def is_due(user: Any, facts: AccountFacts) -> bool:
    """A child who can't read yet is told the rules in class."""
    return not facts.is_too_young and user.charter_version != version(facts)


@transaction.atomic
def accept(*, actor: User, facts: AccountFacts) -> None:
    now = timezone.now()
    rows = User.objects.filter(pk=actor.pk)
    rows.update(charter_version=version(facts), charter_accepted_at=now, updated_at=now)
    record(actor=actor, action="accounts.charter_accepted", obj=actor, version=version(facts))

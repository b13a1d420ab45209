"""A human being enters the directory."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from shared_apps.accounts.services import create_account
from shared_apps.audit.services import record
from tenant_apps.people.models import Person


def check(actor: Any, permission: str, obj: Any) -> None:
    if actor is not None and not actor.has_perm(permission, obj):
        raise PermissionDenied


@transaction.atomic
def add_person(*, actor: Any, first_name: str, last_name: str, email: str = "", **facts: Any) -> Person:
    """With an account, whose code waits on a sheet. `facts`: the other columns of Person.

    No right is asked here: a person without a link is nobody, and each link asks its own.
    """
    usage_name = facts.get("usage_name", "")
    account = create_account(first_name=first_name, last_name=usage_name or last_name, email=email)
    person = Person.objects.create(account=account, first_name=first_name, birth_name=last_name, email=email, **facts)
    record(actor=actor, action="people.person_added", obj=person)
    return person


CONTACT = ("civility", "email", "phone", "address", "postal_code", "city")


@transaction.atomic
def change_person(*, actor: Any, person: Person, **facts: Any) -> Person:
    """Where to reach an adult. The address that opens the account is of `accounts`, and not touched."""
    check(actor, "people.manage_person", person)
    if strange := facts.keys() - set(CONTACT):
        raise TypeError(f"Not columns of a person that one may change: {sorted(strange)}")
    changed = [name for name, value in facts.items() if getattr(person, name) != value]
    if changed:
        for name in changed:
            setattr(person, name, facts[name])
        person.save(update_fields=[*changed, "sort_name", "updated_at"])
        record(actor=actor, action="people.person_changed", obj=person, fields=sorted(changed))
    return person

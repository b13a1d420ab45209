"""A new code for one person: at the gate, by telephone, on a sheet."""

from typing import Any

from django.db import transaction

from shared_apps.accounts import services as accounts
from tenant_apps.people.models import Person
from tenant_apps.people.services.persons import check


@transaction.atomic
def renew_code(*, actor: Any, person: Person) -> str:
    """The previous code and the password open nothing any more. Audited by `accounts`."""
    check(actor, "people.renew_code", person)
    return accounts.renew_code(actor=actor, user=person.account)

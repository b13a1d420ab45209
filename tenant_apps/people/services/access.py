"""How people come in: sheets to hand out, a new code for one person. Codes leave the platform: the audit says so."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import User
from shared_apps.accounts.sheets import Sheet
from shared_apps.audit.services import record
from tenant_apps.people import sheets
from tenant_apps.people.models import Person
from tenant_apps.people.services.persons import check
from tenant_apps.schools.models import School


@transaction.atomic
def print_sheets(*, actor: Any, school: School, group: str, class_pk: Any = None) -> list[Sheet]:
    """The sheets of those who have not come in yet, in the order in which they are handed out.

    Their codes live from today: `accounts.publish_codes`.
    """
    check(actor, "people.print_sheets", school)
    people = sheets.waiting(school, group, class_pk)
    _publish(actor, people)
    record(actor=actor, action="people.sheets_printed", obj=school, group=str(group), sheets=len(people))
    return sheets.in_order(school, group, people)


@transaction.atomic
def print_sheet(*, actor: Any, person: Person) -> Sheet | None:
    """None when there is nothing to activate."""
    check(actor, "people.renew_code", person)
    if person.account is None or person.account.is_activated:
        return None
    _publish(actor, [person])
    school = sheets.school_of(person)  # none for an agent of the town
    record(actor=actor, action="people.sheets_printed", obj=school or person, group="one", sheets=1)
    return Sheet.of(person.account, school=school.name if school else _("Mairie"), detail="")


@transaction.atomic
def renew_code(*, actor: Any, person: Person) -> str:
    """The previous code and the password open nothing any more. Audited by `accounts`."""
    check(actor, "people.renew_code", person)
    account: Any = person.account  # the right asked for one
    return accounts.renew_code(actor=actor, user=account)


def _publish(actor: Any, people: list[Person]) -> None:
    if not people:
        return
    accounts.publish_codes(actor=actor, users=[person.account for person in people if person.account])
    fresh = User.objects.in_bulk([person.account_id for person in people])
    for person in people:
        person.account = fresh[person.account_id]

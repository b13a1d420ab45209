"""How people come in: sheets to hand out or to mail, a new code for one person.

Codes leave the platform: the audit says so.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.accounts import lots
from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import CodeLot, User
from shared_apps.accounts.sheets import Sheet
from shared_apps.audit.services import record
from shared_apps.notifications import outbox
from shared_apps.notifications.services import notify
from tenant_apps.people import sheets
from tenant_apps.people.models import Person
from tenant_apps.people.services.persons import check
from tenant_apps.schools.models import School


@dataclass(frozen=True, slots=True)
class Sent:
    mailed: int
    without_address: int


@transaction.atomic
def print_sheets(
    *,
    actor: Any,
    school: School,
    group: str,
    class_pk: Any = None,
    order: str = sheets.Order.CLASS,
    without_address: bool = False,
) -> list[Sheet]:
    """The sheets of those who have not come in yet, in the order asked for; a lot that can be revoked.

    Their codes live from today. `without_address`: those whom no mail reaches.
    """
    check(actor, "people.print_sheets", school)
    people = sheets.waiting(school, group, class_pk)
    if without_address:
        people = [person for person in people if person.account and not person.account.email]
    _publish(actor, people, school, sheets.title(school, group, class_pk), CodeLot.Way.PAPER)
    record(actor=actor, action="people.sheets_printed", obj=school, group=str(group), sheets=len(people))
    return sheets.in_order(school, group, people, order)


@transaction.atomic
def send_codes(*, actor: Any, school: School, group: str, class_pk: Any = None) -> Sent:
    """The same by mail, to those who have an address; the code is derived when the mail leaves."""
    check(actor, "people.print_sheets", school)
    people = sheets.waiting(school, group, class_pk)
    reached = [person for person in people if person.account and person.account.email]
    lot = _publish(actor, reached, school, sheets.title(school, group, class_pk), CodeLot.Way.MAIL)
    generations = lot.generations.items() if lot else ()
    outbox.put_all(
        "accounts.mail",
        [
            outbox.Effect(f"code:{lot.pk}:{user}", {"what": "code", "users": [user], "generation": generation})
            for user, generation in generations
        ],
    )
    record(actor=actor, action="people.codes_mailed", obj=school, group=str(group), mails=len(reached))
    return Sent(len(reached), len(people) - len(reached))


@transaction.atomic
def revoke_lot(*, actor: Any, lot: CodeLot) -> int:
    """A pile of sheets is lost. Audited by `accounts`."""
    check(actor, "people.print_sheets", School.objects.filter(pk=lot.place_id).first())
    return lots.revoke(actor=actor, lot=lot)


@transaction.atomic
def print_sheet(*, actor: Any, person: Person) -> Sheet | None:
    """None when there is nothing to activate."""
    check(actor, "people.renew_code", person)
    if person.account is None or person.account.is_activated:
        return None
    school = sheets.school_of(person)
    if school is None:  # an agent of the town
        accounts.publish_codes(actor=actor, users=[person.account])
    else:
        _publish(actor, [person], school, person.full_name, CodeLot.Way.PAPER)
    record(actor=actor, action="people.sheets_printed", obj=school or person, group="one", sheets=1)
    return Sheet.of(person.account, school=school.name if school else _("Mairie"), detail="")


@transaction.atomic
def renew_code(*, actor: Any, person: Person) -> str:
    """The previous code and the password open nothing any more. Audited by `accounts`."""
    check(actor, "people.renew_code", person)
    account: Any = person.account  # the right asked for one
    code = accounts.renew_code(actor=actor, user=account)
    # Whoever holds the new code gets what the account opens: its person must know, by the address they had.
    notify(
        user=account,
        kind="people.code_renewed",
        title=_("L’école vous a fait un nouveau code. Vous n’avez rien demandé ? Dites-le à la direction."),
        path=reverse("accounts:account"),
        key=f"code:{account.pk}:{account.code_generation + 1}",
    )
    return code


def _publish(actor: Any, people: list[Person], school: School, title: str, way: str) -> Any:
    users = [person.account for person in people if person.account]
    lot = lots.publish(actor=actor, users=users, place_id=school.pk, title=title, way=way)
    fresh = User.objects.in_bulk([user.pk for user in users])
    for person in people:
        person.account = fresh[person.account_id]
    return lot

"""One account per head and one for the town's school-service officer, from the contacts of the case."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import sort_key
from shared_apps.accounts.services import NewAccount, create_accounts
from shared_apps.audit import services as audit
from shared_apps.onboarding.services import ContactFacts, OpeningFacts
from tenant_apps.people.models import Person, StaffAssignment
from tenant_apps.schools.models import School

ROLES = {"head": StaffAssignment.Role.HEAD, "school_service": StaffAssignment.Role.SCHOOL_SERVICE}


def create(facts: OpeningFacts) -> None:
    """In the commune, one INSERT per table. Whoever already has the assignment is left as they are."""
    given = set(StaffAssignment.objects.filter(ends_on=None).values_list("role", "school__uai"))
    contacts = [c for c in facts.contacts if c.role in ROLES and (ROLES[c.role], c.uai or None) not in given]
    persons = _persons(contacts)
    schools = {school.uai: school for school in School.objects.all()}
    StaffAssignment.objects.bulk_create(
        StaffAssignment(
            person=persons[_key(contact)],
            role=ROLES[contact.role],
            school=schools.get(contact.uai),
            starts_on=timezone.localdate(),
        )
        for contact in contacts
    )
    audit.record(actor=None, action="provisioning.first_accounts", accounts=len(persons))


def _persons(contacts: list[ContactFacts]) -> dict[str, Person]:
    """Who heads two schools is one person with one account."""
    unique = {_key(contact): contact for contact in contacts}
    accounts = create_accounts(NewAccount(c.first_name, c.last_name, c.email) for c in unique.values())
    persons = [
        Person(account=account, first_name=account.first_name, birth_name=account.last_name, email=account.email)
        for account in accounts
    ]
    for person in persons:
        person.sort_name = person.make_sort_name()
    return dict(zip(unique, Person.objects.bulk_create(persons), strict=True))


def _key(contact: ContactFacts) -> str:
    return sort_key(contact.last_name, contact.first_name, contact.email)


def in_words(facts: OpeningFacts) -> str:
    """« mairie et 4 directions »"""
    heads = sum(contact.role == "head" for contact in facts.contacts)
    directions = ngettext("%(count)d direction", "%(count)d directions", heads) % {"count": heads}
    has_officer = any(contact.role == "school_service" for contact in facts.contacts)
    return _("mairie et %(heads)s") % {"heads": directions} if has_officer else directions

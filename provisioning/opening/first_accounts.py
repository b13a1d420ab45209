"""One account per head and one for the town's school-service officer, from the contacts of the case."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import slug, sort_key
from shared_apps.accounts.models import User
from shared_apps.onboarding.services import ContactFacts, OpeningFacts
from tenant_apps.people.models import Person, StaffAssignment
from tenant_apps.schools.models import School

ROLES = {"head": StaffAssignment.Role.HEAD, "school_service": StaffAssignment.Role.SCHOOL_SERVICE}


def create(facts: OpeningFacts) -> None:
    """In the commune. Whoever already has the assignment is left as they are."""
    schools = {school.uai: school for school in School.objects.all()}
    given = set(StaffAssignment.objects.filter(ends_on=None).values_list("role", "school__uai"))
    persons: dict[str, Person] = {}
    for contact in facts.contacts:
        role = ROLES.get(contact.role)
        if role is None or (role, contact.uai or None) in given:
            continue
        key = sort_key(contact.last_name, contact.first_name, contact.email)
        if key not in persons:  # who heads two schools has one account
            persons[key] = _person(contact)
        StaffAssignment.objects.create(
            person=persons[key], role=role, school=schools.get(contact.uai), starts_on=timezone.localdate()
        )


def _person(contact: ContactFacts) -> Person:
    account = User.objects.create(
        identifier=_identifier(contact),
        first_name=contact.first_name,
        last_name=contact.last_name,
        email=contact.email,
        password=make_password(None),
    )
    return Person.objects.create(
        account=account, first_name=contact.first_name, birth_name=contact.last_name, email=contact.email
    )


def _identifier(contact: ContactFacts) -> str:
    base = f"{slug(contact.first_name)}.{slug(contact.last_name)}"[:70]
    taken = set(User.objects.filter(identifier__startswith=base).values_list("identifier", flat=True))
    free = (f"{base}{number}" for number in range(2, 1000))
    return base if base not in taken else next(name for name in free if name not in taken)


def in_words(facts: OpeningFacts) -> str:
    """« mairie et 4 directions »"""
    heads = sum(contact.role == "head" for contact in facts.contacts)
    directions = ngettext("%(count)d direction", "%(count)d directions", heads) % {"count": heads}
    has_officer = any(contact.role == "school_service" for contact in facts.contacts)
    return _("mairie et %(heads)s") % {"heads": directions} if has_officer else directions

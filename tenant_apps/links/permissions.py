"""Who links accounts: adults who answer for a child here today. Who keeps the staff that the academy posts."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.links.models import AccountLink, PostedAssignment
from tenant_apps.people.models import Guardianship
from tenant_apps.schools.models import School


@predicate
def is_guardian(user: Any, _obj: Any = None) -> bool:
    return Guardianship.objects.informed().filter(guardian__account=user).exists()


@predicate
def is_theirs(user: Any, link: AccountLink) -> bool:
    return link.user_id == user.pk


@predicate
def heads_its_school(user: Any, posted: PostedAssignment) -> bool:
    return School.objects.headed_by(user).filter(pk=posted.assignment.school_id).exists()


RIGHTS = declare("links", {"link_account": is_guardian, "end_link": is_theirs, "keep_posted": heads_its_school})

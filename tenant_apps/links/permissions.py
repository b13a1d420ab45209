"""Who links accounts: adults who answer for a child here today."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.links.models import AccountLink
from tenant_apps.people.models import Guardianship


@predicate
def is_guardian(user: Any, _obj: Any = None) -> bool:
    return Guardianship.objects.informed().filter(guardian__account=user).exists()


@predicate
def is_theirs(user: Any, link: AccountLink) -> bool:
    return link.user_id == user.pk


RIGHTS = declare("links", {"link_account": is_guardian, "end_link": is_theirs})

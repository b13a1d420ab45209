"""Who posts staff, and who enters the communes where they are posted."""

from typing import Any

from rules import predicate

from core.permissions import declare
from core.tenancy import is_public
from shared_apps.mobility.models import Posting
from shared_apps.reference.scopes import Role, has_role


@predicate
def posts_staff(user: Any, _obj: Any = None) -> bool:
    """Deployment officers and administrators; an inspector, within the circonscription."""
    return has_role(user, Role.DEPLOYMENT, Role.ADMINISTRATOR, Role.INSPECTOR)


@predicate
def is_posted(user: Any, _obj: Any = None) -> bool:
    """From a relation of the day: nobody is given this as a role. Read once per request."""
    if not is_public():
        return False
    if not hasattr(user, "_is_posted"):
        user._is_posted = Posting.objects.on().of(user).exists()
    return user._is_posted


RIGHTS = declare("mobility", {"manage_postings": posts_staff, "enter_communes": is_posted})

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.permissions import heads_one, serves_the_commune


@predicate
def reads_usage(user: Any, _obj: Any = None) -> bool:
    """A head: their schools. The school service: the whole commune, without pedagogy."""
    return heads_one(user, None) or serves_the_commune(user)


RIGHTS = declare("usage", {"view_usage": reads_usage})

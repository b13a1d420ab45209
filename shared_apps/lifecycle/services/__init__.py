"""The verbs of a convention's later life. Each takes the acting person first and refuses with a `DomainError`."""

from shared_apps.lifecycle.services.comeback import come_back
from shared_apps.lifecycle.services.endings import (
    archive,
    expire,
    order_by_itself,
    order_erasure,
    take_back_order,
    terminate,
)
from shared_apps.lifecycle.services.suspension import lift_suspension, suspend
from shared_apps.lifecycle.services.terms import extend_tacitly, renew, set_terms

__all__ = [
    "archive",
    "come_back",
    "expire",
    "extend_tacitly",
    "lift_suspension",
    "order_by_itself",
    "order_erasure",
    "renew",
    "set_terms",
    "suspend",
    "take_back_order",
    "terminate",
]

from tenant_apps.year_change.services.classes import add_class, change_class, remove_class
from tenant_apps.year_change.services.drafts import complete, missing_pupils, opens_on, prepare, share
from tenant_apps.year_change.services.moves import move, receive, undo
from tenant_apps.year_change.services.publishing import publish, unpublish
from tenant_apps.year_change.services.switch import apply_draft, apply_due, close_forgotten

__all__ = [
    "add_class",
    "apply_draft",
    "apply_due",
    "change_class",
    "close_forgotten",
    "complete",
    "missing_pupils",
    "move",
    "opens_on",
    "prepare",
    "publish",
    "receive",
    "remove_class",
    "share",
    "undo",
    "unpublish",
]

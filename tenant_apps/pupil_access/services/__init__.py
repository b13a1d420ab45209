"""The door of a class and its pupils' keys: opened, closed, given, renewed, used. Each verb leaves an audit entry."""

from tenant_apps.pupil_access.services.doors import (
    choose_way,
    close_class,
    count_of_pictures,
    door_by_code,
    door_of,
    open_class,
    way_of,
)
from tenant_apps.pupil_access.services.entries import (
    ask_for_help,
    ask_for_help_of,
    enter_by_card,
    enter_by_pictures,
    leave,
    whose_card,
)
from tenant_apps.pupil_access.services.keys import (
    answer_help,
    ensure_keys,
    print_class,
    print_pupil,
    renew_class,
    renew_pupil,
    show_key,
)

__all__ = [
    "answer_help",
    "ask_for_help",
    "ask_for_help_of",
    "choose_way",
    "close_class",
    "count_of_pictures",
    "door_by_code",
    "door_of",
    "ensure_keys",
    "enter_by_card",
    "enter_by_pictures",
    "leave",
    "open_class",
    "print_class",
    "print_pupil",
    "renew_class",
    "renew_pupil",
    "show_key",
    "way_of",
    "whose_card",
]

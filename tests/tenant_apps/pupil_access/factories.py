"""A class with an open door: call inside a commune."""

from tenant_apps.pupil_access import secrets_of, services
from tenant_apps.pupil_access.models import PupilKey, Way
from tests.tenant_apps.liaison.factories import ClassRoom


def codes_of_an_open_class(room: ClassRoom) -> dict[str, str]:
    """Open for an hour: the code of its board, the card of one of its children."""
    services.choose_way(actor=None, school_class=room.school_class, way=Way.CARD)
    door = services.open_class(actor=None, school_class=room.school_class, duration="60")
    key = PupilKey.objects.get(pupil=room.pupils["Inès"])
    return {"board": secrets_of.board_code_of(door), "card": secrets_of.card_of(key)}

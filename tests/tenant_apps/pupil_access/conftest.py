"""A CP class with two children (Lou, Max), their teacher Claire, the head Martine; the CM1 of M. Pujol beside it."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tenant_apps.people.models import Enrollment
from tenant_apps.pupil_access import secrets_of, services
from tenant_apps.pupil_access.models import PupilKey
from tests.tenant_apps.people.factories import Town, add_pupil, town

HOST = "narbonne.localhost"
MORNING = "2026-11-24T09:00:00+01:00"


@pytest.fixture
def clock() -> Iterator[Any]:
    """A Tuesday, nine o'clock."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def made(clock: Any, in_narbonne: Any) -> Town:
    made = town()
    for first, last in (("Lou", "Sabatier"), ("Max", "Rieux")):
        add_pupil(made, first, last, "CE2")
    Enrollment.objects.filter(school_class=made.classes["CE2"]).update(grade="CP")
    return made


@pytest.fixture
def opened(made: Town) -> Any:
    """The class, open for an hour."""
    return services.open_class(actor=made.user("Claire"), school_class=made.classes["CE2"], duration="60")


@pytest.fixture
def browse(made: Town, browser_of: Any) -> Any:
    return lambda name: browser_of(HOST, made.user(name))


@pytest.fixture
def tablet() -> Client:
    return Client(headers={"host": HOST})


def key_of(made: Town, name: str) -> PupilKey:
    return PupilKey.objects.get(pupil=made.pupils[name])


def card_path(made: Town, name: str) -> str:
    return f"/entrer/carte/{secrets_of.card_of(key_of(made, name))}/"


def show_board(tablet: Client, door: Any) -> None:
    """The tablet reads the code of the board."""
    assert tablet.get(f"/entrer/classe/{secrets_of.board_code_of(door)}/").url == "/entrer/ma-classe/"


def press(tablet: Client, made: Town, name: str, pictures: list[str]) -> Any:
    """All the pictures at once, as the script sends them."""
    fields = {"qui": str(made.pupils[name].pk), "suite": " ".join(pictures[:-1]), "image": pictures[-1]}
    return tablet.post("/entrer/images/", fields)


def right(made: Town, name: str) -> list[str]:
    return secrets_of.pictures_of(key_of(made, name), 4)


def wrong(made: Town, name: str) -> list[str]:
    return right(made, name)[::-1]


def is_inside(tablet: Client, name: str) -> bool:
    return f"Bonjour {name}" in tablet.get("/").text


def is_signed_in(tablet: Client, user: Any) -> bool:
    """Whatever page asks something first."""
    return tablet.session.get("_auth_user_id") == str(user.pk)

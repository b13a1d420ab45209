"""What a person is for the emergency switches, from the profiles of the day: no query beside those of the page."""

from collections.abc import Iterable

from shared_apps.bounds.vocabulary import Party
from tenants.stops import Sent

PARTIES = {
    "head": Party.HEAD,
    "teacher": Party.TEACHER,
    "municipal": Party.TOWN,
    "guardian": Party.GUARDIAN,
    "pupil": Party.PUPIL,
}


def faces(profiles: Iterable[str]) -> Sent:
    return Sent(tuple(str(PARTIES[profile].value) for profile in profiles if profile in PARTIES))

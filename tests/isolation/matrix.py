"""The access matrix: each route, each profile, what it answers. A new route without a row fails.

200 a page · 302 sent elsewhere (to sign in, or back after an act) · 403 seen but not allowed · 404 not visible ·
405 the wrong method · 410 a letter that is gone · 422 a form to correct (so: allowed).

A route may have several rows, one per method and per object. `args` names objects of a place
(`commune_world.py`, `academy_world.py`).
"""

from dataclasses import dataclass

from tests.isolation.academy_rows import ACADEMY
from tests.isolation.commune_rows import COMMUNE

__all__ = ["ACADEMY", "COMMUNE", "ELSEWHERE", "FILES", "Row", "apps", "rows"]

# Routes of other hosts, asked by whoever passes: nobody signs in there.
ELSEWHERE = """
route              method args       visitor
home               GET    -          200
demo_enter         GET    schema,key 405
demo_enter         POST   schema,key 404
demo_mails         GET    -          200
demo_mail          GET    key        404
gallery:components GET    -          200
gallery:specimen   GET    specimen   200
gallery:theme      GET    theme      200
"""

FILES = """
route     method args         visitor
read_file GET    schema,key   404
read_file POST   schema,key   405
"""

# Pages that anybody may open.
PUBLIC_PAGES = {"accounts:sign_in", "accounts:activate", "accounts:choose_password"}
# Where a child comes in, with a card or on a device that was shown an open class.
PUBLIC_PAGES |= {
    f"pupil_access:{name}" for name in ("door", "board_code", "card", "faces", "pictures", "forgotten", "finish")
}
PUBLIC_PAGES |= {"help"}  # a visitor reads how to come in
# Nobody is signed in yet where one arrives from elsewhere; a letter is asked for.
PUBLIC_PAGES |= {"links:start", "links:arrive", "links:children"}
PUBLIC_PAGES |= {"accounts:confirm_address", "accounts:revert_address", "accounts:reset_password"}
# The town answers from its official mailbox; the link is what lets it in.
PUBLIC_PAGES |= {"onboarding:mandate"}
PUBLIC_PAGES |= {"lifecycle:receive"}  # a link good once, to who has no account left
# The assistance at the door of a commune: a letter of the academy is asked for.
PUBLIC_PAGES |= {"support:start", "support:arrive"}
PUBLIC_PAGES |= {"statistics:open_data", "statistics:open_file"}
PUBLIC_PAGES |= {"reference:find", "reference:go", "reference:forget"}
PUBLIC_PAGES |= {"training:feed", "training:verify"}
# A mayor signs by a link, anybody checks a document.
PUBLIC_PAGES |= {"onboarding:sign_online", "onboarding:online_pdf", "signing:verify"}
PUBLIC_PAGES |= {"accounts:forgotten", "accounts:forgotten_identifier", "accounts:forgotten_password"}
# What is opened by the secret in its address: not found elsewhere.
SECRETS = {"agenda:feed"}
PUBLIC_PAGES |= SECRETS


# What a route may be asked about → the same thing in a neighbouring relation: of another child of the class, of
# another class of the school. (Another school is asked by the columns colleague, stranger and far_head; another
# commune by every row.)
NEIGHBOURS = {
    "class": ["next_class"],
    "child": ["classmate", "next_child"],
    "link": ["mate_link", "next_link"],
    "adult": ["mate_adult", "next_adult"],
    "kid": ["mate_kid", "next_kid"],
    "place": ["mate_place", "next_place"],
    "assignment": ["next_assignment"],
    "note": ["next_note"],
    "said": ["mate_said", "next_said"],
    "announced": ["mate_announced", "next_announced"],
    "group": ["next_group"],
    "homework": ["next_homework"],
    "group_homework": ["next_group_homework"],
    "event": ["next_event"],
    "group_event": ["next_group_event"],
    "news": ["next_news"],
    "survey": ["next_survey"],
    "outing": ["next_outing"],
    "lesson": ["next_lesson"],
    "booking": ["mate_booking"],
    "meeting": ["next_meeting"],
    "roll": ["next_roll"],
    "mark": ["mate_mark", "next_mark"],
    "young": ["mate_young", "next_young"],
    "observation": ["mate_observation", "next_observation"],
    "edition": ["mate_edition", "next_edition"],
}


# Words of an address that mean the same in every commune: no object of one.
# The academy’s training sessions are the same seen from every commune.
WORDS = {"form", "party", "side", "model", "version", "training_session"}
WORDS |= {"day", "half", "month"}


def answers_by_itself(row: "Row") -> bool:
    """Of the API: says 401 to a visitor where a page would send them to sign in."""
    return row.expected["visitor"] == 401


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    args: tuple[str, ...]
    expected: dict[str, int]

    @property
    def app(self) -> str:
        """The namespace of the route; `home` for those that have none."""
        return self.route.split(":")[0] if ":" in self.route else "home"

    def distinct(self) -> dict[str, int]:
        """Who to ask. A wrong method is told to everybody alike, before anything is looked at: ask one."""
        return dict(list(self.expected.items())[:2]) if self.is_a_wrong_method() else self.expected

    def is_a_wrong_method(self) -> bool:
        return {status for profile, status in self.expected.items() if profile != "visitor"} == {405}

    def seen_by(self) -> list[str]:
        """Those who, at home, get further than « not found » or « not that way »."""
        return [p for p, status in self.expected.items() if p != "visitor" and status not in (404, 405)]

    def __str__(self) -> str:
        return f"{self.method} {self.route}({', '.join(self.args)})"


def rows(table: str, app: str | None = None) -> list[Row]:
    lines = [line.split() for line in table.strip().splitlines()]
    profiles = lines[0][3:]
    found = [
        Row(
            route=route,
            method=method,
            args=() if args == "-" else tuple(args.split(",")),
            expected=dict(zip(profiles, map(int, answers), strict=True)),
        )
        for route, method, args, *answers in lines[1:]
    ]
    return [row for row in found if app in (None, row.app)]


def apps(table: str) -> list[str]:
    return list(dict.fromkeys(row.app for row in rows(table)))

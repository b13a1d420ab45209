"""Where features meet without importing each other. Each app fills these in `AppConfig.ready()`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from core.frozen import Asked, beside

T = TypeVar("T")


class Registry(Generic[T]):
    """An ordered set of contributions, each under a name given once."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[Any, T] = {}

    def register(self, name: str | Promise, item: T) -> None:
        if name in self._items:
            raise ValueError(f"{self.what}: {name!r} is registered twice")
        self._items[name] = item

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __getitem__(self, name: str) -> T:
        return self._items[name]

    def __contains__(self, name: str) -> bool:
        return name in self._items

    def items(self) -> Iterable[tuple[str, T]]:
        return self._items.items()


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of « what must I do, for whom, before when? »."""

    when: date | None
    kind: str  # sign | pay | read | decide | do
    title: str
    detail: str
    url: str
    action: str = ""  # the button's words; empty for a thing only to be read
    subject_id: Any = None  # the child concerned (Person id), if any
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One of the four (five) entries of a profile."""

    label: str
    url_name: str
    icon: str
    profiles: frozenset[str]
    order: int
    badge: Callable[[HttpRequest], int] | None = None
    permission: str = ""


@dataclass(frozen=True, slots=True)
class ResourceLink:
    """A page found inside an entry (« Dans l'école », « Ma classe »). A pupil's is a tile: its icon is of emoji.txt."""

    label: str
    url_name: str
    icon: str
    profiles: frozenset[str]
    order: int = 100
    permission: str = ""
    note: Callable[[Any], str] | None = None  # (request) -> a word beside it (« nouveau »), or nothing


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence over every page, and where one reads more."""

    words: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Flash:
    """A short notice over every page, until who reads it posts to `read_url`."""

    title: str
    words: str
    read_url: str
    is_important: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A child as a page shows it: first name, « Lakanal, CE2 », colour of the cover."""

    name: str
    detail: str = ""
    cover: int = 1


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What its holder is: every sign-in asks."""

    is_pupil: bool = False
    is_too_young: bool = False  # a pupil who can't read yet
    is_staff: bool = False  # works for a school, for the town or for the académie
    # Opens the personal data of many: a password alone is not enough.
    needs_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class AccountTies:
    """Whom an account is for, and the words that whoever knows its holder would try first as a password."""

    children: tuple[Child, ...] = ()
    words: tuple[str, ...] = ()  # its school, its town


@dataclass(frozen=True, slots=True)
class Helper:
    """Who is told that somebody can't get in any more, and the page where they help."""

    user: Any
    path: str


@dataclass(frozen=True, slots=True)
class Uplink:
    """One kind of message that a commune sends up: what each field may hold, and who receives it in `public`.

    A field holds an id (`UUID`), a number (`int`), a day (`date`), one of some codes (a frozenset) or what a pattern
    knows (a UAI): no personal data crosses. `receive(schema, data)` gets ids and days as text.
    """

    fields: Mapping[str, type | frozenset[str] | re.Pattern[str]]
    receive: Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class HomeSection:
    """A block that an app adds to the home page: its template, what it shows, whom its script may ask."""

    template: str
    context: dict[str, Any]
    connects_to: tuple[str, ...] = ()  # origins


@dataclass(frozen=True, slots=True)
class Work:
    """Something a pupil takes away: a title, a day, some text, files (name, bytes). Nobody else's name in it."""

    title: str
    day: date | None = None
    text: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """Whom an app forgets. `names` and `ines` are for what was read from files before anybody was recognised."""

    persons: frozenset[Any]
    pupils: frozenset[Any]
    accounts: frozenset[Any]
    names: tuple[tuple[str, str], ...] = ()  # (last, first)
    ines: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[Any]:
        return self.persons | self.pupils | self.accounts


@dataclass(frozen=True, slots=True)
class Trainee:
    """Whom a registration to a training session means, as their commune says it while the session is being held."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class TrainingDesk:
    """What a commune does with the academy's training sessions, always in its own schema.

    `hear` is told what became of a registration; `names` says whose these ids are; `comments` gives what was written
    about them, without a name.
    """

    hear: Callable[[dict[str, Any]], None]
    names: Callable[[Iterable[Any]], dict[Any, Trainee]]
    comments: Callable[[Iterable[Any]], list[str]]


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How many children of a class are there on a half-day: no name, no reason."""

    school_id: Any
    class_id: Any
    label: str
    enrolled: int
    absent: int  # by the call once it is done; before, those whose family said so
    is_called: bool

    @property
    def present(self) -> int:
        return self.enrolled - self.absent


@dataclass(frozen=True, slots=True)
class AnnouncedAbsence:
    """A family says that a child won't come, or that it comes after all: to the services, neither reason nor file."""

    pupil_id: Any
    half_days: tuple[tuple[date, str], ...]  # of school, « am » or « pm »
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class AgendaAsk:
    """Whose days are asked for: an account, from a day to a day (included), and the children and classes meant.

    `pupils` says the class of each child of a family (or of the pupil itself); staff have classes alone.
    """

    user: Any
    first: date
    last: date
    pupils: Mapping[Any, Any]  # pupil id -> class id
    classes: frozenset[Any]


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """Something that has a day, or several, and perhaps hours (Europe/Paris)."""

    day: date
    title: str
    kind: str  # « sortie », « devoirs », or nothing
    uid: str  # the same as long as it is the same thing
    icon: str = "calendar-blank"
    last: date | None = None  # the last day, when there are several
    begins_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    detail: str = ""
    url: str = ""
    pupils: tuple[Any, ...] = ()  # the children meant, when not all are
    is_off: bool = False  # no school that day

    @property
    def ends_on(self) -> date:
        return self.last or self.day


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """Words that a reader reported, as the head of the school reads them."""

    author: str
    body: str
    to: str  # to whom they were said, in words
    title: str = ""
    url: str = ""  # where they stand among others, when the head may open it


@dataclass(frozen=True, slots=True)
class Reported:
    """An app whose words can be reported: where its reports are, how they read, what hides the words."""

    model: Any  # of `moderation.AbstractReport`
    lines: Callable[[list[Any]], Mapping[Any, ReportedLine]]  # reports -> a line by report id, in a few queries
    withdraw: Callable[[Any], None]  # (words) -> nobody but their author reads them any more
    path: Callable[[Any, Any], str]  # (words, account id) -> where this reader or author finds what is left


@dataclass(frozen=True, slots=True)
class NoticeType:
    """A sort of news, as people choose how it reaches them. `label` is all that a locked screen shows of it."""

    label: str
    profiles: frozenset[str]  # to whom it is sent
    need: str = "read"  # sign | pay | do | read: its place in a digest
    theme: str = "other"  # presence | words | school | other: its place on the page of choices
    mail: str = "instant"  # never | instant | daily | weekly, for who chose nothing
    has_push: bool = True  # the same
    is_urgent: bool = False  # leaves at any hour
    is_fixed: bool = False  # one’s own safety: nobody chooses
    # Said to the whole family: its words may be printed for the child to carry home.
    is_for_the_family: bool = False


@dataclass(frozen=True, slots=True)
class SignatureLines:
    """`say`: (unsigned slots of a guardian, what `ask` brought) -> lines of their home page.

    A slot is a row of values: subject_id, read_at, is_settled (the other guardian signed for that child), and of its
    request purpose, object_id, rule, due_on, closed_at. `ask`: what else `say` reads of this guardian, slots or not.
    """

    say: Callable[[list[Any], Any], Iterable[Todo]]
    ask: Callable[[Any], Asked | None] = lambda _user: None


# () -> {(uai, metric): value}, counted in the current commune; no personal data.
Counter = Callable[[], dict[tuple[str, str], int]]
# (user, profile) -> lines of the home page. Of what is asked, the page asks all sources in one message
TodoSource = Callable[[Any, str], Iterable[Todo] | Asked]
# (person_id) -> {table: rows}, for the export of one person's data; erasure returns the number of rows
PersonalDataExport = Callable[[Any], dict[str, list[dict[str, Any]]]]

menu_entries: Registry[MenuEntry] = Registry("menu entry")
resource_links: Registry[ResourceLink] = Registry("resource link")
# the one or two acts on top of the home page
home_actions: Registry[ResourceLink] = Registry("home action")
# (request) -> a block of the home page under the profile in use, or None; or what is asked to know
home_sections: Registry[Callable[[Any], HomeSection | Asked | None]] = Registry("home section")
todo_sources: Registry[TodoSource] = Registry("home lines")
# purpose of a signature request -> what waits for a guardian's signature, said by the room that asked
signature_lines: Registry[SignatureLines] = Registry("lines of what is signed")
# (account id) -> what every request of a signed-in person asks, to be read with its session; None in a schema that has
# none of it. The id is what the session's key says: `SessionStore.came_along` gives it to who knows the account
session_companions: Registry[Callable[[UUID], Asked | None]] = Registry("session companion")
# (what its holder is) -> when a session ends at the latest, or None (a pupil's ends with the half-day)
session_limits: Registry[Callable[[AccountFacts], datetime | None]] = Registry("session limit")
# (account) -> asks who keeps a pupil's access; False when it is no pupil
forgotten_by_pupils: Registry[Callable[[Any], bool]] = Registry("pupil's request")
counters: Registry[Counter] = Registry("roll-up counter")
personal_data: Registry[PersonalDataExport] = Registry("personal data export")
# kind of outbox entry -> what delivers it: (payload) -> None, in the schema of the entry
outbox_handlers: Registry[Callable[[dict[str, Any]], None]] = Registry("outbox handler")
# kind of message -> what may be in it, and who receives it (the one way from a commune to the academy)
uplink_handlers: Registry[Uplink] = Registry("uplink handler")
# what a commune makes of the staff that the academy posts there: (facts) -> postings by code, in the commune's schema
posted_staff: Registry[Callable[[dict[str, Any]], dict[str, set[Any]]]] = Registry("posted staff")
# purpose of a stored file -> may this account read it now? (user, file) -> bool
file_readers: Registry[Callable[[Any, Any], bool]] = Registry("file reader")
# purpose of files that the platform seals -> what the verification page calls one of them: (file) -> words
sealed_files: Registry[Callable[[Any], str]] = Registry("sealed files")
# (identifier of an account) -> what a foundation knows of its holder, or what is asked to know it
account_facts: Registry[Callable[[str], AccountFacts | Asked]] = Registry("account facts")
account_ties: Registry[Callable[[Any], AccountTies]] = Registry("account ties")
# (account) -> who may give it a way in again
account_helpers: Registry[Callable[[Any], Iterable[Helper]]] = Registry("account helpers")
# () -> the names among which one says « my school »
places: Registry[Callable[[], Iterable[str]]] = Registry("places")
# What an app offers to those below it: « outbox » plans an effect, « notify » tells an account.
ports: Registry[Callable[..., None]] = Registry("port")
# a label -> tries a crossing from one commune to another and says how it was refused (« Prouver l'isolement »)
crossings: Registry[Callable[[Any, Any], Any]] = Registry("isolation crossing")
# (account, enrolment of last year) -> [{label, url, icon, detail}]: what a feature still shows of last year's class
last_year_sources: Registry[Callable[[Any, Any], list[dict[str, Any]]]] = Registry("last year's class")
# a label -> what an app gives of one pupil's work: (person id) -> things to take away
works: Registry[Callable[[Any], Iterable[Work]]] = Registry("pupil's works")
# what an agent of the academy may do in a commune's support, door by door: (facts) -> answer, in the commune's schema
support_doors: Registry[Callable[[dict[str, Any]], Any]] = Registry("support door")
# what an app holds of erased people where no foreign key leads: free texts, rows of files, ids without a key
erasers: Registry[Callable[[Erased], None]] = Registry("eraser")
# who answers in a commune for the academy's training sessions
training_desks: Registry[TrainingDesk] = Registry("training desk")
# (request) -> a sentence over its pages, or None; never a query for each request
banners: Registry[Callable[[Any], Banner | None]] = Registry("banner")
# (request) -> a notice over its pages, or None; one query at most, none while there is nothing to say
flashes: Registry[Callable[[Any], Flash | None]] = Registry("flash")
# () -> the accounts of those who head a school of the current commune
school_heads: Registry[Callable[[], Iterable[Any]]] = Registry("school heads")
# what the academy may ask of each commune in an emergency: (facts) -> how many messages or accounts it touched
emergency_measures: Registry[Callable[[dict[str, Any]], int]] = Registry("emergency measure")
# since a moment -> how many messages people sent, in the current commune: a number, whoever wrote
send_counters: Registry[Callable[[datetime], int]] = Registry("send counter")
# (ids of schools, day, « am » or « pm ») -> a count by class, for the services that feed or keep the children
head_counts: Registry[Callable[[Iterable[Any], date, str], list[HeadCount]]] = Registry("head count")
# an announced absence -> what it changes in a service, said to the family, or nothing
announced_absences: Registry[Callable[[AnnouncedAbsence], str]] = Registry("announced absence")
# what has a day: (ask) -> lines of the calendar, in one query, of what this account may see
agenda_sources: Registry[Callable[[AgendaAsk], Iterable[AgendaLine]]] = Registry("agenda source")
# label of an app -> its words that readers may show to the head of the school
reported: Registry[Reported] = Registry("reported words")
# kind of notice, or all that is before its dot -> how people choose it
notice_types: Registry[NoticeType] = Registry("type of notice")


def todos_of(user: Any, profile: str) -> Asked:
    """The lines of all the sources."""
    said = beside(*(source(user, profile) for source in todo_sources))
    return said.then(lambda found: [todo for lines in found for todo in lines])

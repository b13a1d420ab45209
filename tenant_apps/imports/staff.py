"""What a list of adults at work would change: the teachers of a school, the agents of the town. Who is recognised is
told by the names with an address for mail or a function already held; else a person decides.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.text import sort_key
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine
from tenant_apps.imports.pupils import is_same_spelling, plain
from tenant_apps.imports.register import name_key, names_of
from tenant_apps.people.models import Person, StaffAssignment
from tenant_apps.people.roles import MUNICIPAL, Role
from tenant_apps.schools.models import School, SchoolClass
from tenant_apps.schools.services import current_year

Status = ImportLine.Status
CONTACT_FIELDS = ("civility", "usage_name", "email", "phone")
LABELS = {
    "civility": lazy("civilité"),
    "usage_name": lazy("nom d’usage"),
    "email": lazy("courriel"),
    "phone": lazy("téléphone"),
    "functions": lazy("fonctions"),
    "ends_on": lazy("fin"),
}


@dataclass(frozen=True, slots=True)
class Post:
    """A function as a line gives it; ids as text, for the plan keeps it as JSON."""

    role: str
    school: str = ""
    school_class: str = ""
    words: str = ""  # « enseignant, CE2 Mme Vidal »

    @property
    def key(self) -> tuple[str, str, str]:
        return self.role, self.school, self.school_class


def plan_teachers(school: School, rows: Iterable[Parsed]) -> list[Line]:
    return TeachersPlan(school, list(rows)).lines()


def plan_town_staff(_school: School | None, rows: Iterable[Parsed]) -> list[Line]:
    return TownPlan(None, list(rows)).lines()


class StaffPlan:
    """One file against the commune: three queries, whatever its size."""

    def __init__(self, school: School | None, rows: list[Parsed]) -> None:
        self.school, self.rows = school, rows
        self.held: dict[UUID, list[StaffAssignment]] = defaultdict(list)
        for assignment in self._assignments().select_related("school", "school_class"):
            self.held[assignment.person_id].append(assignment)
        self.adults: dict[tuple[str, str], dict[UUID, Person]] = defaultdict(dict)
        for adult in self._people():
            for key in names_of(adult.birth_name, adult.usage_name, adult.first_name):
                self.adults[key][adult.pk] = adult

    def _assignments(self) -> Any:
        raise NotImplementedError

    def posts(self, data: dict[str, Any]) -> tuple[list[Post], str]:
        """The functions that a line gives, and what is said of those that it can't."""
        raise NotImplementedError

    def _people(self) -> Iterable[Person]:
        data = [row.data for row in self.rows]
        lasts = ((last, d["first_name"]) for d in data for last in (d["birth_name"], d["usage_name"]) if last)
        named = Q(sort_name__in={sort_key(*names) for names in lasts})
        return Person.objects.filter(named | Q(pk__in=self.held), pupil=None).order_by("pk")

    def lines(self) -> list[Line]:
        lines = [self._line(row) for row in self.rows]
        groups: dict[Any, list[Line]] = defaultdict(list)
        for line in lines:
            if line.status != Status.REJECTED:
                groups[name_key(line.data["birth_name"], line.data["first_name"])].append(line)
        for group in groups.values():
            for position, line in enumerate(group[1:], start=1):
                _join(line, group[:position])
        return lines

    def _line(self, row: Parsed) -> Line:
        data = {field: plain(value) if not isinstance(value, list) else value for field, value in row.data.items()}
        shown = f"{data['first_name']} {data['usage_name'] or data['birth_name']}".strip()
        line = Line(number=row.number, name=shown[:210], data=data, column=row.column[:60], reason=row.reason[:300])
        if row.is_bad:
            line.status = Status.REJECTED
            return line
        posts, doubt = self.posts(row.data)
        if doubt:
            line.reason = f"{line.reason} {doubt}".strip()[:300]
        if not posts:
            line.status = Status.REJECTED
            return line
        posts = self._match(line, posts)
        data["posts"] = [[post.role, post.school, post.school_class, post.words] for post in posts]
        return line

    def _match(self, line: Line, posts: list[Post]) -> list[Post]:
        """Returns the posts that are to be given, should the person be the one recognised."""
        namesakes = self.namesakes(line.data)
        certain = [adult for adult in namesakes if self._is_certain(adult, line.data)]
        if not namesakes:
            line.status = Status.CREATED
            return posts
        adult = (certain or namesakes)[0]
        posts = self._without_less_precise(adult, posts)
        line.match_id, line.changes = adult.pk, self._changes(adult, line.data, posts)
        if len(certain) == 1:
            line.status = Status.UPDATED if line.changes else Status.UNCHANGED
        else:
            line.status = Status.TO_DECIDE
            line.reason = _("Une personne du même nom est déjà connue dans la commune.") + f" {line.reason}".rstrip()
        return posts

    def namesakes(self, data: dict[str, Any]) -> list[Person]:
        """Those who bear one of the names of the line, the oldest record first."""
        keys = names_of(data["birth_name"], data["usage_name"], data["first_name"])
        found = {pk: adult for key in keys for pk, adult in self.adults.get(key, {}).items()}
        return [found[pk] for pk in sorted(found)]

    def _without_less_precise(self, adult: Person, posts: list[Post]) -> list[Post]:
        """« Enseignant, sans classe » adds nothing to somebody who has a class there."""
        held = {(a.role, str(a.school_id)) for a in self.held.get(adult.pk, ()) if a.school_class_id}
        return [post for post in posts if post.school_class or (post.role, post.school) not in held]

    def _is_certain(self, adult: Person, data: dict[str, Any]) -> bool:
        """The same address for mail; or a function held here, and no other address."""
        if data["email"] and adult.email:
            return adult.email.lower() == data["email"]
        return adult.pk in self.held

    def _changes(self, adult: Person, data: dict[str, Any], posts: list[Post]) -> dict[str, list[Any]]:
        """Field → [before, after]. A function that the file doesn't name is kept: it ends by a person's act."""
        found: dict[str, list[Any]] = {}
        for field in CONTACT_FIELDS:
            before, after = getattr(adult, field), data.get(field)
            if after and before != after and not is_same_spelling(field, before, after):
                found[field] = [before, after]
        held = {key_of(assignment): assignment for assignment in self.held.get(adult.pk, ())}
        new = [post for post in posts if post.key not in held]
        if new:
            before = ", ".join(words_of(assignment) for assignment in held.values())
            found["functions"] = [before, ", ".join(post.words for post in new)]
        return found


class TeachersPlan(StaffPlan):
    """ONDE's list gives a class a line, or several columns « Classe »."""

    def __init__(self, school: School | None, rows: list[Parsed]) -> None:
        super().__init__(school, rows)
        classes = SchoolClass.objects.filter(school=school, year=current_year())
        self.classes = {sort_key(row.label): row for row in classes}
        mine = StaffAssignment.objects.on().filter(school=school, role=Role.HEAD)
        self.heads = set(mine.values_list("person_id", flat=True))

    def _assignments(self) -> Any:
        return StaffAssignment.objects.filter(not_ended(), school=self.school).of_the_school_staff()

    def posts(self, data: dict[str, Any]) -> tuple[list[Post], str]:
        school = str(self.school.pk) if self.school else ""
        posts, unknown = [], []
        for label in data["classes"]:
            row = self.classes.get(sort_key(label))
            if row is None:
                unknown.append(label)
            else:
                posts.append(
                    Post(Role.TEACHER.value, school, str(row.pk), _("enseignant, %(class)s") % {"class": row.label})
                )
        if not posts:
            posts = [Post(Role.TEACHER.value, school, "", _("enseignant, sans classe"))]
        return posts, self._doubt(data, unknown)

    def _doubt(self, data: dict[str, Any], unknown: list[str]) -> str:
        said = []
        if unknown:
            said.append(_("La classe « %(label)s » n’est pas dans l’école.") % {"label": ", ".join(unknown)})
        if data["is_head"]:
            said.append(_("La direction ne vient pas de ce fichier : elle est donnée par l’académie."))
        return " ".join(said)

    def _is_certain(self, adult: Person, data: dict[str, Any]) -> bool:
        """The head teaches too: ONDE's list names them."""
        return super()._is_certain(adult, data) or (bool(data["is_head"]) and adult.pk in self.heads)


class TownPlan(StaffPlan):
    def __init__(self, school: School | None, rows: list[Parsed]) -> None:
        super().__init__(school, rows)
        self.schools: dict[str, list[School]] = defaultdict(list)
        for row in School.objects.all():
            for key in {sort_key(row.uai), sort_key(row.name)}:
                self.schools[key].append(row)

    def _assignments(self) -> Any:
        return StaffAssignment.objects.filter(not_ended(), role__in=MUNICIPAL)

    def posts(self, data: dict[str, Any]) -> tuple[list[Post], str]:
        role = Role(data["role"])
        starts_on, ends_on = data["starts_on"] or timezone.localdate(), data["ends_on"]
        if ends_on is not None and ends_on <= max(starts_on, timezone.localdate()):
            return [], _("La fin vient avant le début, ou elle est passée.")
        if not data["school"]:
            return [Post(role.value, words=str(role.label))], ""
        found = self.schools.get(sort_key(data["school"]), [])
        if len(found) != 1:
            return [], _("L’école « %(name)s » n’est pas dans la commune : écrivez son nom ou son UAI.") % {
                "name": data["school"]
            }
        words = f"{role.label}, {found[0].name}"
        return [Post(role.value, str(found[0].pk), words=words)], ""

    def _changes(self, adult: Person, data: dict[str, Any], posts: list[Post]) -> dict[str, list[Any]]:
        found = super()._changes(adult, data, posts)
        keys = {post.key for post in posts}
        held = next((a for a in self.held.get(adult.pk, ()) if key_of(a) in keys), None)
        if held is not None and data["ends_on"] and held.ends_on != data["ends_on"]:
            found["ends_on"] = [plain(held.ends_on), plain(data["ends_on"])]
        return found


def _join(line: Line, before: list[Line]) -> None:
    """Two lines of one name: one person with two functions, unless their addresses say otherwise."""
    other = next((o for o in before if "same_as" not in o.data and not _is_another(line.data, o.data)), None)
    if other is None:
        return
    line.data["same_as"] = other.number
    if other.match_id == line.match_id and other.status in (Status.UPDATED, Status.UNCHANGED):
        line.changes = {field: pair for field, pair in line.changes.items() if field in ("functions", "ends_on")}
        line.status = Status.UPDATED if line.changes else Status.UNCHANGED


def _is_another(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["email"] and other["email"]) and one["email"] != other["email"]


def not_ended() -> Q:
    """Those to come included: a function is not given twice."""
    return Q(ends_on=None) | Q(ends_on__gt=timezone.localdate())


def key_of(assignment: StaffAssignment) -> tuple[str, str, str]:
    return assignment.role, str(assignment.school_id or ""), str(assignment.school_class_id or "")


def words_of(assignment: StaffAssignment) -> str:
    place = assignment.school_class or assignment.school
    return f"{assignment.get_role_display()}, {place}" if place else str(assignment.get_role_display())

"""What a head of the demo finds in the imports: a file with a homonym and departures, and a record in double."""

from django.utils.translation import gettext as _

from tenant_apps.imports import services
from tenant_apps.imports.models import ImportPlan
from tenant_apps.imports.samples import PUPIL_HEADERS
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.people.services import add_person, link_guardian
from tenant_apps.schools.models import School

ABSENT = 2  # pupils of the last class whom the file forgets


def seed(school: School) -> None:
    """Safe to repeat."""
    heading = StaffAssignment.objects.on().heading().filter(school=school).select_related("person__account").first()
    if heading is None or ImportPlan.objects.filter(school=school, state=ImportPlan.State.READY).exists():
        return
    _a_record_in_double(school)
    data = _file(school)
    services.make_plan(actor=heading.person.account, school=school, file_name=_("CSVExtraction-octobre.csv"), data=data)


def _a_record_in_double(school: School) -> None:
    """The mother of a child, entered again by hand for another: same mail, same telephone, one accent less."""
    links = Guardianship.objects.informed().filter(pupil__enrollments__school_class__school=school)
    link = links.exclude(guardian__email="").order_by("guardian__sort_name", "pk").select_related("guardian").first()
    enrolled = Enrollment.objects.on().filter(school_class__school=school).select_related("pupil")
    if link is None:
        return
    mother = link.guardian
    child = enrolled.exclude(pupil__guardianships__guardian=mother).order_by("pupil__person__sort_name", "pk").last()
    if child is not None:
        facts = {"email": mother.email, "phone": mother.phone, "civility": mother.civility}
        again = add_person(actor=None, first_name=mother.first_name, last_name=mother.last_name, **facts)
        link_guardian(actor=None, pupil=child.pupil, guardian=again)


def _file(school: School) -> bytes:
    """The last class as ONDE would give it again: two pupils less, and a homonym without INE."""
    label = Enrollment.objects.on().filter(school_class__school=school).order_by("-school_class__label")
    rows = Enrollment.objects.on().filter(school_class=label.values("school_class")[:1])
    rows = list(rows.select_related("pupil__person", "school_class").order_by("pupil__person__sort_name", "pk"))
    kept = rows[: len(rows) - ABSENT]
    lines = [_line(row, row.pupil.ine or "", str(row.pupil.person.birth_date)) for row in kept]
    if kept:
        lines.append(_line(kept[0], "", f"{kept[0].pupil.person.birth_date.year}-02-11"))
    return "\r\n".join([PUPIL_HEADERS, *lines, ""]).encode()


def _line(row: Enrollment, ine: str, born: str) -> str:
    person, label = row.pupil.person, row.school_class
    cells = [
        person.birth_name, person.usage_name, person.first_name, born, person.sex, ine,
        person.address, person.postal_code, person.city, "", "", "", "", "", "", row.grade, label.label, label.onde_id,
        "", "", "", "",
    ]  # fmt: skip
    return ";".join(cells)

"""What an import is without ours: row by row, `get_or_create` and `save`, in one transaction. No plan, no decision."""

import csv
import io
import time
from typing import Any


def rate(schema: str, school: Any) -> float:
    """Pupils by the second for the two files of one school."""
    from core.tenancy import in_schema
    from tenant_apps.imports.towns import make_town
    from tests.bench.town import prepare

    files = make_town([school])[school.uai]
    with in_schema(schema):
        row = prepare([school.uai])[school.uai]
        begun = time.perf_counter()
        load(row, files)
        return school.pupils / (time.perf_counter() - begun)


def load(school: Any, files: Any) -> None:
    from django.db import transaction

    with transaction.atomic():
        for row in _rows(files.pupils):
            _pupil(school, row)
        for cells in _cells(files.guardians):
            _guardian(school, cells)


def _pupil(school: Any, row: dict[str, str]) -> None:
    from django.utils import timezone

    from tenant_apps.people.models import Enrollment, Person, Pupil
    from tenant_apps.schools.models import SchoolClass, SchoolYear

    facts = {"birth_name": row["Nom élève"], "first_name": row["Prénom élève"], "birth_date": row["Date naissance"]}
    home = {"address": row["Adresse1"], "postal_code": row["Cp1"], "city": row["Commune1"], "sex": row["Sexe"]}
    person, is_new = Person.objects.get_or_create(**facts, defaults=home)
    if is_new:
        person.account = _account(person)
        person.save()
    pupil, _is_new = Pupil.objects.get_or_create(person=person, defaults={"ine": row["INE"] or None})
    year = SchoolYear.objects.get()
    found, _is_new = SchoolClass.objects.get_or_create(school=school, year=year, label=row["Libellé classe"])
    place = {"school_class": found, "grade": row["Niveau"], "starts_on": timezone.localdate()}
    Enrollment.objects.get_or_create(pupil=pupil, ends_on=None, defaults=place)


def _guardian(school: Any, cells: list[str]) -> None:
    from tenant_apps.people.models import Enrollment, Guardianship, Person

    civility, usage, last, first, address, code, city, _country, mail, _home, _work, phone, *children = cells
    facts = {"birth_name": last, "first_name": first, "phone": phone}
    rest = {"civility": civility[:4], "usage_name": usage, "email": mail, "address": address, "city": city}
    person, is_new = Person.objects.get_or_create(**facts, defaults=rest | {"postal_code": code})
    if is_new:
        person.account = _account(person)
        person.save()
    for start in range(0, len(children) - 3, 4):
        _usage, name, first_name, label = children[start : start + 4]
        if not name:
            continue
        who = {"pupil__person__birth_name": name, "pupil__person__first_name": first_name}
        rows = Enrollment.objects.filter(**who, school_class__label=label, school_class__school=school)
        for enrollment in rows.select_related("pupil"):
            Guardianship.objects.get_or_create(pupil=enrollment.pupil, guardian=person)


def _account(person: Any) -> Any:
    """As a form does it: an identifier that is free, no password, a code."""
    from core.text import slug
    from shared_apps.accounts import codes
    from shared_apps.accounts.models import User

    base = f"{slug(person.first_name)}.{slug(person.last_name)}"
    name, number = base, 2
    while User.objects.filter(identifier=name).exists():
        name, number = f"{base}{number}", number + 1
    user = User(identifier=name, first_name=person.first_name, last_name=person.last_name, email=person.email)
    user.set_unusable_password()
    user.code_generation = 1
    user.code_digest = codes.digest_of(codes.code_of(user))
    user.save()
    return user


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("iso-8859-1")), delimiter=";"))


def _cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("iso-8859-1")), delimiter=";"))[1:]

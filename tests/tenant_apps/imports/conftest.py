import pytest
from django.utils import timezone

from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School
from tests.tenant_apps.liaison.factories import account, person, school_year


@pytest.fixture
def school(in_narbonne):
    school_year()
    return School.objects.create(uai="0110427E", name="Lakanal", kind=School.Kind.ELEMENTARY)


@pytest.fixture
def head(school):
    user = account("Martine", "Calas")
    StaffAssignment.objects.create(
        person=person("Martine", "Calas", user=user), role="head", school=school, starts_on=timezone.localdate()
    )
    return user

"""An amendment signed by both opens its schools in a commune that is open already."""

import pytest
from django.core import mail

from core.tenancy import in_schema
from provisioning.opening.amended import open_schools
from shared_apps.notifications import outbox
from shared_apps.onboarding import services
from shared_apps.onboarding.models import CaseContact
from shared_apps.reference.models import RefSchool
from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School
from tests.shared_apps.conftest import few_communes, officer, reference  # noqa: F401  (fixtures)
from tests.shared_apps.onboarding import factories

pytestmark = pytest.mark.django_db
FIRST, ADDED = "0110427E", "0110430H"


@pytest.fixture
def amended(officer):  # noqa: F811
    case = factories.signed_by_both(officer, schools=[FIRST])
    contact = {"role": CaseContact.Role.HEAD, "first_name": "Sandrine", "last_name": "Tisseyre"}
    school = RefSchool.objects.get(uai=ADDED)
    services.save_contact(actor=officer, case=case, school=school, email="tisseyre@example.org", **contact)
    amendment = services.draft_amendment(actor=officer, case=case, added=[ADDED], drafted_on=factories.days_ago(9))
    for side in ("commune", "academy"):
        facts = factories.signature(signed_on=factories.days_ago(3))
        services.record_signature(actor=officer, case=case, convention=amendment, side=side, **facts)


def test_its_schools_are_there_and_their_heads_invited_once(amended, narbonne):
    for _twice in range(2):
        open_schools({"insee": factories.NARBONNE})
    with in_schema(narbonne.schema_name):
        assert School.objects.filter(uai=ADDED).count() == 1
        assert StaffAssignment.objects.filter(role="head", school__uai=ADDED, ends_on=None).count() == 1
        outbox.deliver_due()
    assert [message.to for message in mail.outbox if "tisseyre@example.org" in message.to] == [["tisseyre@example.org"]]

"""The academy lowers what schools may open, by its page, for every commune."""

import pytest

from core.tenancy import in_public, in_schema
from shared_apps.audit.models import Entry
from shared_apps.bounds.models import Bound
from shared_apps.bounds.services import ceilings, set_bounds
from shared_apps.bounds.shipped import MOST
from shared_apps.bounds.vocabulary import Cell, Scope
from tests.shared_apps.onboarding import factories

pytestmark = pytest.mark.django_db
WRITE = Cell.of("guardian.guardian.write")


@pytest.fixture
def administrator(reference, academy):
    return academy(factories.staff("Ana", "Admin", role=factories.Role.ADMINISTRATOR))


def posted(browser, **changed: str) -> dict[str, str]:
    form = browser.get("/bornes/guardian/").context["form"]
    return {name: field.initial for name, field in form.fields.items()} | changed


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_bound_lowered_on_the_page_reaches_every_commune(
    administrator, narbonne, lezignan, django_capture_on_commit_callbacks
):
    with in_schema(narbonne.schema_name):
        assert ceilings()[WRITE] is Scope.CLASS
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post("/bornes/guardian/", posted(administrator, **{WRITE.code: "none"}))
    for commune in (narbonne, lezignan):
        with in_schema(commune.schema_name):
            assert ceilings()[WRITE] is Scope.NONE
    entry = Entry.objects.get(action="bounds.set")
    assert entry.facts["changes"] == ["guardian.guardian.write:class:none"]
    assert "1 borne changée" in text(administrator.get("/bornes/"))


def test_a_bound_raised_back_to_ours_leaves_no_row(administrator):
    administrator.post("/bornes/guardian/", posted(administrator, **{WRITE.code: "none"}))
    assert Bound.objects.count() == 1
    set_bounds(actor=None, changes={WRITE: MOST[WRITE]})
    assert not Bound.objects.exists()


def test_no_bound_goes_above_ours(administrator):
    answer = administrator.post("/bornes/guardian/", posted(administrator, **{WRITE.code: "commune"}))
    assert answer.status_code == 422
    assert not Bound.objects.exists()


def test_who_cannot_be_seen_cannot_be_written_to(administrator):
    answer = administrator.post("/bornes/guardian/", posted(administrator, **{"guardian.guardian.see": "none"}))
    assert answer.status_code == 422
    assert "il faut d’abord le voir" in text(answer)


def test_the_staff_reads_and_administrators_set(reference, academy):
    trainer = academy(factories.staff(role=factories.Role.TRAINER))
    shown = trainer.get("/bornes/")
    assert shown.status_code == 200
    assert "/bornes/guardian/" not in shown.content.decode()  # a link that would refuse
    assert trainer.post("/bornes/guardian/", {WRITE.code: "none"}).status_code == 403
    with in_public():
        assert not Bound.objects.exists()

"""The directory under `/api/v1/`: the same people see the same rows as on the pages, and no column more."""

import json

import pytest

from shared_apps.audit.models import Entry
from tenant_apps.people.models import Guardianship, Pupil, StaffAssignment
from tests.tenant_apps.people.factories import add_guardian, add_pupil

pytestmark = pytest.mark.django_db


def rows(browser, path: str) -> list[dict]:
    answer = browser.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def names(browser, path: str = "pupils/") -> set[str]:
    return {row["first_name"] for row in rows(browser, path)}


@pytest.mark.parametrize(
    ("who", "children"),
    [
        ("Sophie", {"Inès", "Tom"}),
        ("Karim", {"Inès"}),
        ("Laure", {"Noé"}),
        ("Claire", {"Inès"}),
        ("Joan", {"Noé"}),
        ("Martine", {"Inès", "Noé"}),
        ("Solange", {"Tom"}),
        ("Rachid", {"Inès", "Noé"}),
        ("Jean", {"Inès", "Noé", "Tom"}),
        ("Élu", set()),
        ("Inès", {"Inès"}),
    ],
)
def test_everyone_reads_the_pupils_of_their_pages(api, who, children):
    assert names(api(who)) == children


def test_the_ine_is_never_told_and_the_pai_flag_only_to_the_school(made, api):
    Pupil.objects.filter(pk=made.pupils["Inès"].pk).update(ine="123456789AB", has_pai=True)
    flags = {}
    for who in ("Martine", "Claire", "Paul", "Sophie", "Rachid", "Inès"):
        answer = api(who).get(f"/api/v1/pupils/{made.pupils['Inès'].pk}/")
        assert b"123456789AB" not in answer.content
        flags[who] = (answer.json()["has_pai"], answer.json()["birth_date"])
    assert flags == {
        "Martine": (True, "2018-03-14"),
        "Claire": (True, "2018-03-14"),
        "Paul": (None, None),
        "Sophie": (None, "2018-03-14"),
        "Rachid": (None, None),
        "Inès": (None, "2018-03-14"),
    }


def test_guardians_are_those_of_the_families_one_knows(made, api):
    def told(who: str) -> set[str]:
        return {row["guardian"]["first_name"] for row in rows(api(who), "guardians/")}

    assert told("Claire") == {"Sophie", "Karim"}
    assert told("Sophie") == {"Sophie"}  # not the other parent's
    assert told("Rachid") == told("Paul") == told("Inès") == set()


def test_what_is_not_for_me_does_not_exist(made, api):
    for path in (f"pupils/{made.pupils['Noé'].pk}/", f"classes/{made.classes['CM1'].pk}/"):
        answer = api("Claire").get(f"/api/v1/{path}")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["title"] == "Cela n’existe pas, ou n’est pas pour vous."


def test_rows_are_filtered_by_the_declared_names_and_no_other(made, api):
    head = api("Martine")
    assert names(head, f"pupils/?class={made.classes['CE2'].pk}") == {"Inès"}
    assert names(head, f"pupils/?school={made.schools['Arago'].pk}") == set()
    assert len(rows(head, "staff/?role=teacher")) == 2
    refused = head.get("/api/v1/pupils/?clas=x")
    assert refused.status_code == 400
    assert "Filtre inconnu" in refused.json()["errors"]["clas"][0]
    assert head.get("/api/v1/pupils/?class=x").status_code == 400
    assert head.get("/api/v1/staff/?role=roi").status_code == 400


def test_a_filter_does_not_tell_where_a_child_is_to_who_does_not_see_the_class(made, api):
    """Karim sees his son's row and the class; a stranger's class filters nothing out loud."""
    assert names(api("Sophie"), f"pupils/?class={made.classes['CM1'].pk}") == set()


def test_pages_follow_each_other_without_naming_a_host(made, api):
    head = api("Martine")
    first = head.get("/api/v1/staff/?limit=2").json()
    assert len(first["results"]) == 2
    assert first["next"].startswith("/api/v1/staff/?")
    second = head.get(first["next"]).json()
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}
    assert len(head.get("/api/v1/staff/?limit=100000").json()["results"]) < 20


def test_the_number_of_queries_does_not_grow_with_rows(made, api, django_assert_num_queries):
    head, costs = api("Martine"), {}
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            head.get(f"/api/v1/{path}")
        return len(captured)

    paths = ("pupils/", "guardians/", "enrollments/", "staff/", "classes/")
    head.get("/api/v1/me/")
    costs = {path: cost(path) for path in paths}
    for first in ("Léa", "Zoé", "Max"):
        add_pupil(made, first, "Roca", "CE2")
        add_guardian(made, f"P{first}", "Roca", (first,))
    assert {path: cost(path) for path in paths} == costs


def test_nothing_is_kept_by_a_browser(made, api):
    for path in ("pupils/", "pupils/00000000-0000-7000-8000-000000000000/", "me/", "openapi.json"):
        assert api("Claire").get(f"/api/v1/{path}").headers["Cache-Control"] == "no-store"


def test_me_tells_my_profiles_and_my_children(made, api):
    told = api("Sophie").get("/api/v1/me/").json()
    assert told["person"]["first_name"] == "Sophie"
    assert told["profiles"] == ["guardian"]
    assert set(told["children"]) == {str(made.pupils[name].pk) for name in ("Inès", "Tom")}


# --- the few writes


def change(browser, path: str, **facts) -> tuple[int, dict]:
    answer = browser.patch(f"/api/v1/{path}", json.dumps(facts), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_head_changes_a_guardianship_as_on_the_page(made, api):
    link = made.link("Inès", "Karim")
    status, told = change(api("Martine"), f"guardians/{link.pk}/", may_collect=False)
    assert (status, told["may_collect"]) == (200, False)
    assert Entry.objects.filter(action="people.guardianship_changed", object_id=str(link.pk)).exists()


def test_a_parent_and_a_teacher_change_nothing(made, api):
    link = made.link("Inès", "Sophie")
    for who in ("Sophie", "Claire"):
        assert change(api(who), f"guardians/{link.pk}/", may_collect=False)[0] == 403
    assert change(api("Laure"), f"guardians/{link.pk}/", may_collect=False)[0] == 404
    assert Guardianship.objects.get(pk=link.pk).may_collect


def test_what_cannot_be_changed_is_left_alone(made, api):
    link = made.link("Inès", "Karim")
    change(api("Martine"), f"guardians/{link.pk}/", pupil=str(made.pupils["Noé"].pk))
    assert Guardianship.objects.get(pk=link.pk).pupil == made.pupils["Inès"]
    status, told = change(api("Martine"), f"guardians/{link.pk}/", contact_order=0)
    assert status == 400
    assert "contact_order" in told["errors"]


def test_the_head_ends_a_function_once(made, api):
    assignment = StaffAssignment.objects.get(person=made.people["Joan"])
    head = api("Martine")
    assert head.post(f"/api/v1/staff/{assignment.pk}/end/").status_code == 200
    assert head.post(f"/api/v1/staff/{assignment.pk}/end/").status_code == 404
    heading = StaffAssignment.objects.get(person=made.people["Martine"])
    assert head.post(f"/api/v1/staff/{heading.pk}/end/").status_code == 403


def test_a_session_must_send_its_csrf_token(made, api):
    browser = api("Martine")
    browser.handler.enforce_csrf_checks = True
    link = made.link("Inès", "Karim")
    assert change(browser, f"guardians/{link.pk}/", may_collect=False)[0] == 403

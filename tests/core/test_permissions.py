"""The permission door."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from rules import predicate

from core.permissions import UnknownPermission, declare
from shared_apps.accounts.models import User


@predicate
def owns(user: User, thing: object) -> bool:
    return thing == user.identifier


@pytest.fixture(scope="module", autouse=True)
def _declared():
    from rules.permissions import permissions

    declare("probe", {"open": owns})
    yield
    permissions.pop("probe.open")


@pytest.fixture
def user() -> User:
    return User(identifier="s.ferrer", password="!")


def test_a_right_is_what_its_predicate_says(user):
    assert user.has_perm("probe.open", "s.ferrer")
    assert not user.has_perm("probe.open", "other")


def test_an_account_that_is_not_active_has_no_right(user):
    user.is_active = False
    assert not user.has_perm("probe.open", "s.ferrer")


def test_a_visitor_has_no_right():
    assert not AnonymousUser().has_perm("probe.open", "s.ferrer")


@pytest.mark.filterwarnings("ignore:Unknown permission")
def test_an_unknown_permission_is_an_error_and_not_a_refusal(user):
    with pytest.raises(UnknownPermission):
        user.has_perm("probe.opne")
    with pytest.raises(UnknownPermission):
        AnonymousUser().has_perm("probe.opne")


def test_an_unknown_permission_warns_where_exceptions_are_swallowed(user):
    with pytest.warns(RuntimeWarning, match="probe.opne"), pytest.raises(UnknownPermission):
        user.has_perm("probe.opne")


def test_a_template_asks_by_the_same_door(user, rf):
    request = rf.get("/")
    request.user = user
    page = Template('{% can "probe.open" thing as may %}{{ may }}')
    assert page.render(Context({"request": request, "thing": "s.ferrer"})) == "True"
    assert page.render(Context({"request": request, "thing": "other"})) == "False"


def test_a_right_declared_twice_is_an_error():
    with pytest.raises(KeyError):
        declare("probe", {"open": owns})

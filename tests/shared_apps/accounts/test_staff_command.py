"""`manage.py staff`: the first administrator, and who lost every way in."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import SecondFactor, StaffRole, User
from shared_apps.audit.models import Entry
from tests.shared_apps.accounts.pages import ACADEMY, PASSWORD, SCHEMAS, account, visitor, words

pytestmark = pytest.mark.django_db
NADIA = ["nadia.bousquet", "--first-name=Nadia", "--last-name=Bousquet", "--email=nadia@example.org"]


def staff(*words: str) -> str:
    out = io.StringIO()
    call_command("staff", *words, stdout=out)
    return out.getvalue()


def code_in(text: str) -> str:
    return re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text).group()


def activate(code: str):
    browser = visitor(ACADEMY)
    browser.post("/activer/", {"code": code})
    return browser.post("/activer/mot-de-passe/", {"password": PASSWORD, "email": ""})


def test_the_code_printed_opens_the_account_with_its_role():
    printed = staff("add", *NADIA, "--role=administrator")
    assert "https://academie.localhost/activer/" in printed
    assert activate(code_in(printed)).url == "/charte/"
    with in_public():
        user = User.objects.get(identifier="nadia.bousquet")
        assert [(row.role, row.scope) for row in user.staff_roles.all()] == [("administrator", "")]
        assert Entry.objects.filter(action="accounts.staff_added", object_id=str(user.pk)).exists()


def test_the_account_is_the_academy_s_wherever_the_command_starts(in_narbonne):
    staff("add", *NADIA, "--role=trainer")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("role", "scope", "accepted"),
    [
        ("inspector", "0110041K", True),
        ("inspector", "", False),
        ("inspector", "11", False),
        ("dasen", "34", True),
        ("dasen", "", False),
        ("dasen", "0110041K", False),
        ("support", "", True),
        ("support", "34", False),
    ],
)
def test_only_an_inspector_and_a_dasen_have_a_scope_and_need_theirs(role, scope, accepted):
    arguments = ["add", *NADIA, f"--role={role}", f"--scope={scope}"]
    if accepted:
        staff(*arguments)
    else:
        with pytest.raises(CommandError, match="Le périmètre est"):
            staff(*arguments)
    with in_public():
        assert StaffRole.objects.filter(role=role, scope=scope).exists() is accepted
        assert User.objects.filter(identifier="nadia.bousquet").exists() is accepted


@pytest.mark.parametrize("identifier", ["Nadia.Bousquet", "nadia bousquet", "élodie", "", "-nadia"])
def test_an_identifier_that_nobody_could_type_is_refused(identifier):
    with pytest.raises(CommandError, match="Un identifiant s’écrit en minuscules"):
        staff("add", "--role=trainer", *NADIA[1:], "--", identifier)
    with in_public():
        assert not User.objects.exists()


def test_an_identifier_already_taken_is_refused():
    staff("add", *NADIA, "--role=trainer")
    with pytest.raises(CommandError, match="déjà pris"):
        staff("add", *NADIA, "--role=administrator")
    with in_public():
        assert StaffRole.objects.count() == 1


def test_a_wrong_address_and_an_unknown_role_are_refused():
    with pytest.raises(CommandError):
        staff("add", *NADIA[:3], "--email=nadia(at)example", "--role=trainer")
    with pytest.raises(CommandError, match="invalid choice"):
        staff("add", *NADIA, "--role=recteur")
    with in_public():
        assert not User.objects.exists()


def test_who_lost_phone_and_password_comes_in_again_and_enrols_anew():
    user = account(ACADEMY, "nadia.bousquet")
    with in_schema(SCHEMAS[ACADEMY]):
        SecondFactor.objects.create(user=user, secret=b"x", confirmed_at=user.activated_at)
    code = code_in(staff("code", "nadia.bousquet"))
    browser = visitor(ACADEMY)
    browser.post("/activer/", {"code": code})
    browser.post("/activer/mot-de-passe/", {"password": PASSWORD, "email": ""})
    assert "Protéger votre compte" in words(browser.get("/second-facteur/", follow=True))


def test_nobody_gets_a_code_for_an_account_that_is_not():
    with pytest.raises(CommandError, match="Aucun compte actif"):
        staff("code", "personne")


def test_the_list_says_who_is_activated():
    account(ACADEMY, "ada.admin")
    staff("add", *NADIA, "--role=dasen", "--scope=34")
    assert re.search(r"ada\.admin +activé", staff("list"))
    assert re.search(r"nadia\.bousquet +à activer +dasen 34", staff("list"))

"""How somebody of the academy gets into a commune: moving staff by a posting, an agent by a granted access.

The code that opens a session, or writes a letter that opens one, is listed here; a new place is a decision.
"""

import ast
from collections.abc import Callable

from core import registry
from tests.architecture.source import dotted, files, name_of, parsed

# Who opens a session, and on what: a password, a code, a card, a link of one's own, a posting, a granted access.
OPENS_A_SESSION = {
    "shared_apps/accounts/sessions.py",  # the function itself
    "shared_apps/accounts/views/session.py",
    "shared_apps/accounts/views/activation.py",
    "provisioning/demo/views.py",
    "tenant_apps/links/views/passages.py",
    "tenant_apps/pupil_access/doorway.py",
    "tenant_apps/support/views/entering.py",
}
# What the academy says to a commune through somebody's browser.
ACADEMY_WRITES_LETTERS = {"shared_apps/mobility/views.py", "shared_apps/support/views/accesses.py"}
# Pages that reach into a schema by themselves: the files' host, which knows no session.
PAGES_THAT_CROSS = {"shared_apps/files/views.py"}
# Who may knock at the doors that communes open to the assistance.
KNOCKS = {"shared_apps/support/services.py"}
DOORS = {"thread", "answer", "give_back", "ask_access", "withdraw_access"}


def calling(*names: str) -> Callable[[ast.Module], bool]:
    def find(tree: ast.Module) -> bool:
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        return any(dotted(call.func) in names for call in calls)

    return find


def where(find: Callable[[ast.Module], bool], *rooms: str) -> set[str]:
    return {name_of(path) for path in files() if name_of(path).startswith(rooms) and find(parsed(path))}


def test_sessions_are_opened_by_these_files_and_no_other():
    assert where(calling("enter", "login", "sessions.enter", "auth.login"), "") == OPENS_A_SESSION


def test_the_academy_writes_letters_for_postings_and_granted_accesses_only():
    found = where(calling("letters.write", "signing.dumps_for"), "shared_apps/")
    assert found == ACADEMY_WRITES_LETTERS


def test_no_page_of_the_academy_reads_a_commune_by_itself():
    found = where(calling("in_schema"), "shared_apps/")
    assert {name for name in found if "/views" in name} == PAGES_THAT_CROSS


def test_the_doors_of_the_assistance_are_known_and_none_opens_a_session():
    assert {name for name, _door in registry.support_doors.items()} == DOORS

    def knocks(tree: ast.Module) -> bool:
        subscripts = (node for node in ast.walk(tree) if isinstance(node, ast.Subscript))
        return any(dotted(node.value) == "registry.support_doors" for node in subscripts)

    assert where(knocks, "") == KNOCKS

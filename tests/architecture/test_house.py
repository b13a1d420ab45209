"""House rules that no linter knows."""

import ast
import platform
import re
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.source import ROOMS, ROOT, dotted, files, imported, name_of, parsed


def test_platform_is_a_folder_and_never_a_package():
    """Python's own `platform` module lives under that name: with the file, nothing starts."""
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert platform.python_version()


def test_no_python_version_file_hides_uv():
    assert not (ROOT / ".python-version").exists()


UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
# A home or a workplace of one machine has no place in the project.
OF_ONE_MACHINE = re.compile(r"(?<![\w.}])/(?:home|root|Users|work)/\w")


@pytest.mark.parametrize("pattern", [UNFINISHED, OF_ONE_MACHINE], ids=["unfinished", "of one machine"])
def test_no_file_is_left_unfinished_or_tied_to_a_machine(pattern):
    places = [*ROOMS.values(), ROOT / "docs", ROOT / "infra", ROOT / "helm"]
    written = {".py", ".html", ".md", ".sh", ".yaml", ".css", ".js", ".toml"}
    files = [path for place in places for path in place.rglob("*") if path.suffix in written and path.is_file()]
    assert [name_of(path) for path in files if pattern.search(path.read_text())] == []


@pytest.mark.parametrize("room", ["shared_apps", "tenant_apps"])
def test_tests_do_not_live_inside_the_apps(room):
    found = [name_of(path) for path in ROOMS[room].rglob("test*") if path.name.startswith("test")]
    assert found == []


Finder = Callable[[ast.Module], Iterator[ast.AST]]


def uses(*names: str) -> Finder:
    """Expressions that end with one of these dotted names."""

    def find(tree: ast.Module) -> Iterator[ast.AST]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute | ast.Name):
                full = dotted(node)
                if any(full == name or full.endswith(f".{name}") for name in names):
                    yield node

    return find


def calls(*names: str) -> Finder:
    def find(tree: ast.Module) -> Iterator[ast.AST]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
                yield node

    return find


def imports(*names: str) -> Finder:
    def find(tree: ast.Module) -> Iterator[ast.AST]:
        if any(full == name or full.startswith(f"{name}.") for full in imported(tree) for name in names):
            yield tree

    return find


def entering(*names: str) -> Finder:
    """`with commune:`: the library's context on the model."""

    def find(tree: ast.Module) -> Iterator[ast.AST]:
        for node in ast.walk(tree):
            if isinstance(node, ast.With | ast.AsyncWith):
                yield from (item for item in node.items if dotted(item.context_expr).split(".")[-1] in names)

    return find


def decorated_by(*names: str) -> Finder:
    def find(tree: ast.Module) -> Iterator[ast.AST]:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                decorators = [getattr(made, "func", made) for made in node.decorator_list]
                yield from (made for made in decorators if dotted(made).split(".")[-1] in names)

    return find


# What is forbidden, why, and the files that may.
BANNED: dict[str, tuple[Finder, set[str]]] = {
    "a raw driver cursor does not carry the commune": (uses("connection.connection.cursor"), set()),
    "a second driver session does not carry the commune": (
        uses("psycopg2.connect"),
        {"tenants/listener.py", "tenants/checks.py"},
    ),
    "`with commune:` swapped the communes of two threads": (entering("commune", "tenant"), set()),
    "the library's contexts pass by core.tenancy": (
        imports("django_tenants.utils.schema_context", "django_tenants.utils.tenant_context"),
        set(),
    ),
    "only core.tenancy chooses the commune": (
        calls("set_schema", "set_tenant", "set_schema_to_public", "activate_tenant"),
        {"platform/core/tenancy.py"},
    ),
    "a process keeps nothing of a commune between two requests": (
        decorated_by("cache", "lru_cache"),
        {
            "platform/core/frontend.py",  # which files the build made
            "provisioning/template.py",  # digest of the code
        },
    ),
    "a signature without its commune is good everywhere": (
        imports("django.core.signing.dumps", "django.core.signing.loads", "django.core.signing.Signer"),
        set(),
    ),
    "Django's reset tokens don't name the commune": (
        imports("django.contrib.auth.tokens", "django.contrib.auth.views"),
        set(),
    ),
    "a task names its commune": (
        imports("celery.shared_task", "celery.chain", "celery.chord"),
        {"platform/core/tasks.py"},
    ),
    "SQL of ours is written as SQL, in a cursor": (calls("raw", "extra"), set()),
    "an UPDATE with a volatile function is refused under Citus": (
        uses("RandomUUID", "TransactionNow", "gen_random_uuid", "clock_timestamp"),
        set(),
    ),
    "no file changes the path of imports": (uses("sys.path"), set()),
    "no JWT": (imports("jwt", "rest_framework_simplejwt"), set()),
}


@pytest.mark.parametrize("reason", BANNED)
def test_what_mixes_communes_is_not_written(reason):
    find, allowed = BANNED[reason]
    found = {name_of(path) for path in files() if any(True for _ in find(parsed(path)))}
    assert found - allowed == set(), reason
    assert allowed - found == set(), "an exception nobody needs any more"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("a raw driver cursor does not carry the commune", "connection.connection.cursor()"),
        ("a second driver session does not carry the commune", "import psycopg2\npsycopg2.connect()"),
        ("`with commune:` swapped the communes of two threads", "with row.commune:\n    pass"),
        ("only core.tenancy chooses the commune", "connection.set_schema('x')"),
        ("a process keeps nothing of a commune between two requests", "@lru_cache\ndef f(): ..."),
        ("a signature without its commune is good everywhere", "from django.core.signing import dumps"),
        ("a task names its commune", "from celery import shared_task"),
        ("SQL of ours is written as SQL, in a cursor", "User.objects.raw('x')"),
    ],
)
def test_the_reader_of_the_code_sees_what_is_forbidden(reason, code):
    find, _allowed = BANNED[reason]
    assert any(True for _ in find(ast.parse(code)))


def test_django_signing_is_used_by_core_signing_alone():
    found = {name_of(path) for path in files() for name in imported(parsed(path)) if name == "django.core.signing"}
    found |= {
        name_of(path)
        for path in files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        and node.module == "django.core"
        and any(alias.name == "signing" for alias in node.names)
    }
    assert found == {"platform/core/signing.py"}


@pytest.mark.parametrize("path", list(files(migrations=True)), ids=name_of)
def test_a_migration_imports_no_code_that_will_change(path):
    """It runs for years: it may lean on Django, on core, the rule of schema names, Python's hours and days."""
    allowed = ("django.", "core.", "tenants.names", "djmoney.", "datetime.")
    strange = [name for name in imported(parsed(path)) if not f"{name}.".startswith(allowed)]
    assert strange == []

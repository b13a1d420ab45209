"""The project's own source, read once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {
    "config": ROOT / "platform" / "config",
    "core": ROOT / "platform" / "core",
    "tenants": ROOT / "tenants",
    "shared_apps": ROOT / "shared_apps",
    "tenant_apps": ROOT / "tenant_apps",
    "provisioning": ROOT / "provisioning",
}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def files(*, migrations: bool = False) -> Iterator[Path]:
    for room in ROOMS.values():
        for path in sorted(room.rglob("*.py")):
            if ("migrations" in path.parts) == migrations:
                yield path


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def dotted(node: ast.AST) -> str:
    """`connection.connection.cursor` for the expression that says so; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module or name that a file imports, in full."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)

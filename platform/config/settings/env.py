"""Reading the environment: the only place that does."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[3]


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "oui"}


def number(name: str, default: int) -> int:
    return int(text(name, str(default)))


def folder(name: str, default: Path) -> Path:
    return Path(text(name) or default).resolve()


def database(url: str) -> dict[str, Any]:
    """`postgres://user:password@host:port/name` as psycopg2 wants it; empty when there is no URL."""
    if not url:
        return {}
    parts = urlsplit(url)
    return {
        "dbname": parts.path.lstrip("/"),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "host": parts.hostname or "",
        "port": str(parts.port or 5432),
    }

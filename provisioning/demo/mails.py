"""The mails that the demo sent: kept as files by its catcher, read on the front door."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.utils import timezone

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Mail:
    key: str
    to: str
    subject: str
    at: datetime
    body: str


def latest() -> list[Mail]:
    files = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_read(path) for path in files[:SHOWN]]


def find(key: str) -> Mail | None:
    return next((_read(path) for path in _folder().glob("*.eml") if path.stem == key), None)


def _folder() -> Path:
    return settings.DATA_DIR / "mail"


def _read(path: Path) -> Mail:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    at = datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_default_timezone())
    return Mail(path.stem, str(message["To"] or ""), str(message["Subject"] or ""), at, _text(message))


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    return part.get_content() if part is not None else ""

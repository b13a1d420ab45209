"""The proof of an erasure: what was there, what was handed over, what is gone; with hashes, without anybody's data."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from core.words import day, figure, file_size, moment
from shared_apps.lifecycle.models import Ending

SOURCE = Path(__file__).parent / "typst" / "statement.typ"


def close(ending: Ending, at: datetime) -> None:
    """Complete it and hash it. Nothing of it may change afterwards."""
    ending.statement |= {
        "insee": ending.case.insee,
        "schema": ending.schema_name,
        "ended_on": ending.ended_on.isoformat(),
        "erase_by": ending.erase_by.isoformat(),
        "erased_at": at.isoformat(),
        "packages": [_package(package) for package in ending.packages.all()],
        "steps": {step.name: step.done_at.isoformat() for step in ending.steps.all()},
    }
    ending.statement_sha256 = digest(ending.statement)
    ending.save(update_fields=["statement", "statement_sha256", "updated_at"])


def _package(package: Any) -> dict[str, Any]:
    received = [row.received_at.isoformat() for row in package.handovers.all() if row.received_at]
    return {
        "kind": package.kind,
        "uai": package.uai,
        "rows": package.rows,
        "files": package.files,
        "sha256": package.sha256,
        "received_at": received,
    }


def digest(statement: dict[str, Any]) -> str:
    text = json.dumps(statement, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal(ending: Ending) -> str:
    """What only this platform can write under that hash."""
    return salted_hmac("lifecycle.statement", f"{ending.pk}:{ending.statement_sha256}", algorithm="sha256").hexdigest()


def is_intact(ending: Ending, told: str = "") -> bool:
    """The row says what it said on its day; and the seal read on a PDF, when given, is ours."""
    same = digest(ending.statement) == ending.statement_sha256
    return same and (not told or constant_time_compare(told, seal(ending)))


def pdf(ending: Ending) -> bytes:
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document(ending))})


def document(ending: Ending) -> dict[str, Any]:
    said, commune = ending.statement, ending.case.commune
    return {
        "title": _("Attestation d’effacement, %(commune)s") % {"commune": commune.name},
        "commune": commune.name,
        "insee": commune.insee,
        "facts": [
            [_("Fin de la convention"), day(ending.ended_on)],
            [_("À effacer avant le"), day(ending.erase_by)],
            [_("Effacé"), moment(ending.erased_at)],
            [_("Tables"), figure(said["tables"])],
            [_("Lignes"), figure(said["rows"])],
            [_("Fichiers"), f"{figure(said['files'])} ({file_size(said['bytes'])})"],
            [_("Contacts tenus par l’académie"), figure(said["contacts"])],
            [_("Écritures du journal"), figure(said["audit_entries"])],
        ],
        "packages": [_line(package) for package in ending.packages.all()],
        "audit_head": said["audit_head"],
        "sha256": ending.statement_sha256,
        "seal": seal(ending),
        "rows_by_table": [[name, figure(rows)] for name, rows in said["rows_by_table"].items()],
    }


def _line(package: Any) -> list[str]:
    received = [row for row in package.handovers.all() if row.received_at]
    told = moment(received[0].received_at) if received else _("non retiré dans le délai")
    return [package.label, told, package.sha256]

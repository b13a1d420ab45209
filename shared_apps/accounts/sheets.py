"""Activation sheets as a PDF: name, code, QR picture. The code is derived when the sheet is printed, stored nowhere.

Who prints calls `services.publish_codes` first: the codes then live from that day.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
import typst
from django.urls import reverse
from django.utils.translation import gettext as _

from core.words import day
from shared_apps.accounts.codes import code_of
from tenants.addresses import base_url

SOURCE = Path(__file__).parent / "typst" / "sheets.typ"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's sheet. `place` is the school; `detail` says « pour Inès et Tom » or the class."""

    name: str
    identifier: str
    code: str
    place: str
    detail: str
    until: str

    @classmethod
    def of(cls, user: Any, *, school: str, detail: str) -> "Sheet":
        until = day(user.code_expires_at) if user.code_expires_at else ""
        return cls(user.get_full_name(), user.identifier, code_of(user), school, detail, until)


def sheets_pdf(rows: Sequence[Sheet], *, per_page: int = 8, title: str = "") -> bytes:
    """1, 2 or 8 sheets a page, to be cut along the dashes."""
    # The address comes from the commune's own domain, never from a header.
    address = base_url() + reverse("accounts:activate")
    document = {
        "title": title or _("Fiches de connexion"),
        "per_page": per_page,
        "words": {
            "code": _("Code d’activation, une seule fois"),
            "open": _("Photographiez l’image, ou ouvrez"),
            "type": _("Tapez le code. Majuscules ou minuscules, peu importe."),
            "choose": _("Choisissez un mot de passe : c’est prêt."),
            "identifier": _("Ensuite, identifiant :"),
            "until": _("Code valable jusqu’au"),
        },
        "sheets": [_sheet(row, address) for row in rows],
    }
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document)})


def _sheet(row: Sheet, address: str) -> dict[str, str]:
    return {
        "name": row.name,
        "identifier": row.identifier,
        "code": row.code,
        "place": row.place,
        "detail": row.detail,
        "until": row.until,
        # As one types it; the picture holds it whole.
        "address": address.removeprefix("https://").rstrip("/"),
        "qr": _qr(f"{address}?code={row.code}"),
    }


def _qr(text: str) -> str:
    out = io.BytesIO()
    # Readers take any mask; looking for the finest of the eight costs five times the rest.
    segno.make(text, error="m", mask=3).save(out, kind="svg", border=1, scale=4)
    return out.getvalue().decode()

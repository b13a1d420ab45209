"""Cards, pictures and passwords to cut, eight a page. What they say is derived when they print, and stored nowhere."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
import typst
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils.translation import gettext as _

from core import frontend
from tenant_apps.pupil_access import secrets_of
from tenant_apps.pupil_access.models import Way
from tenant_apps.pupil_access.pictures import drawing, named
from tenant_apps.pupil_access.services.doors import count_of_pictures
from tenant_apps.pupil_access.services.keys import Held, has_our_password
from tenants.addresses import base_url

SOURCE = Path(__file__).parent / "typst" / "cards.typ"


def pdf_of(held: Sequence[Held], way: Way) -> bytes:
    # The address comes from the commune's own domain, never from a header.
    base = base_url()
    document = {
        "title": _("Entrée des élèves"),
        "words": {
            "show": _("Je montre ma carte à la tablette"),
            "order": _("Je touche mes images dans l’ordre"),
            "identifier": _("Mon identifiant"),
            "password": _("Mon mot de passe"),
            "own": _("celui que j’ai choisi"),
            "address": _("J’entre sur"),
        },
        "address": base.split("://")[1],
        "cards": [_card(one, way, base) for one in held],
    }
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document)})


def _card(one: Held, way: Way, base: str) -> dict[str, Any]:
    school_class = one.enrollment.school_class
    common = {
        "kind": way.value,
        "name": f"{one.person.first_name} {one.person.last_name[:1]}.",
        "place": f"{school_class.label} · {school_class.school.name}",
        "face": _face(one.key.face),
    }
    return common | PARTS[way](one, base)


def _of_card(one: Held, base: str) -> dict[str, Any]:
    code = secrets_of.card_of(one.key)
    address = base + reverse("pupil_access:card", args=[code])
    return {"code": code, "qr": _qr(address), "address": _typed(base + reverse("pupil_access:door"))}


def _of_pictures(one: Held, base: str) -> dict[str, Any]:
    names = secrets_of.pictures_of(one.key, count_of_pictures(one.enrollment.grade))
    return {"pictures": [{"drawing": drawing(p.name), "label": p.label} for p in named(names)]}


def _of_password(one: Held, base: str) -> dict[str, Any]:
    account = one.person.account
    password = secrets_of.password_of(one.key) if has_our_password(one) else ""
    address = _typed(base + reverse("accounts:sign_in"))
    return {"identifier": account.identifier if account else "", "password": password, "address": address}


PARTS = {Way.CARD: _of_card, Way.PICTURES: _of_pictures, Way.PASSWORD: _of_password}


def _typed(address: str) -> str:
    """As one types it."""
    return address.split("://")[1].rstrip("/")


def _face(name: str) -> str:
    """The animal's drawing where the front end was built; the card says the name all the same."""
    path = finders.find(f"{frontend.BUILD}/emoji/{name}.svg")
    return Path(path).read_text(encoding="utf-8") if isinstance(path, str) else ""


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", mask=3).save(out, kind="svg", border=1, scale=4)
    return out.getvalue().decode()

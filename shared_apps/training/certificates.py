"""The certificate of one trainee: a number, and a code that ties the number to the name printed beside it.

The academy keeps no name. The code is an HMAC of the registration, its number and the folded name: whoever types what
is printed learns whether it was altered, and nothing that is not on the paper.
"""

import hmac
import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core.text import sort_key
from core.words import dated, figure
from shared_apps.training.models import Registration

SOURCE = Path(__file__).parent / "typst" / "certificate.typ"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, no U
LENGTH = 10


@dataclass(frozen=True, slots=True)
class Certificate:
    registration: Any
    number: str
    name: str
    school: str
    title: str
    level: str
    hours: Any
    day: date
    where: str


def code_of(registration: Any, number: str, name: str) -> str:
    """« K7PM4-R4TWB »."""
    message = f"ent.training.certificate:{registration}:{number}:{sort_key(name)}"
    value = int.from_bytes(hmac.digest(settings.SECRET_KEY.encode(), message.encode(), sha256))
    letters = ""
    for _turn in range(LENGTH):
        value, index = divmod(value, len(ALPHABET))
        letters += ALPHABET[index]
    return f"{letters[:5]}-{letters[5:]}"


def find_genuine(*, number: str, name: str, code: str) -> Registration | None:
    """The registration whose paper says exactly this, or nothing: never which of the three is wrong."""
    rows = Registration.objects.filter(state=Registration.State.PRESENT, certificate=number.strip())
    row = rows.select_related("session__training", "school__commune").first()
    if row is None:
        return None
    typed = "".join(filter(str.isalnum, code.upper()))
    expected = code_of(row.pk, row.certificate or "", name).replace("-", "")
    return row if hmac.compare_digest(typed.encode(), expected.encode()) else None


def _address() -> str:
    """Of the page that checks it: on the academy's host, whoever prints."""
    path = reverse("training:verify", urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    return f"{settings.ENT_ACADEMY_HOST}{settings.ENT_PORT_SUFFIX}{path}"


def certificate_pdf(certificate: Certificate) -> bytes:
    data = {
        "heading": _("Attestation de formation"),
        "academy": _("Académie de Montpellier"),
        "intro": _("L’académie de Montpellier atteste que"),
        "name": certificate.name,
        "school": certificate.school,
        "verb": _("a suivi la formation"),
        "title": certificate.title,
        "level": certificate.level,
        "facts": [
            [_("Date"), dated(certificate.day)],
            [_("Durée"), _("%(hours)s heures") % {"hours": figure(certificate.hours)}],
            [_("Lieu"), certificate.where],
        ],
        "number": _("Attestation n° %(number)s") % {"number": certificate.number},
        "code": _("Code de vérification : %(code)s")
        % {"code": code_of(certificate.registration, certificate.number, certificate.name)},
        "check": _("À vérifier sur %(address)s") % {"address": _address()},
    }
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(data)})

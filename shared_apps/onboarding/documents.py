"""The convention as a PDF, set by typst. Every varying word is passed as data, never written into the source."""

import json
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.words import figure
from shared_apps.onboarding.models import Convention, ConventionSignature

SOURCE = Path(__file__).parent / "typst" / "convention.typ"


def convention_pdf(convention: Convention) -> bytes:
    """The draft, or the text with its recorded signatures. About 0.2 s."""
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document(convention))})


def convention_images(convention: Convention, ppi: float = 80) -> list[bytes]:
    """The same pages as PNG, to look at."""
    data = {"data": json.dumps(document(convention))}
    pages = typst.compile(SOURCE.read_bytes(), format="png", ppi=ppi, sys_inputs=data)
    return pages if isinstance(pages, list) else [pages]


def document(convention: Convention) -> dict[str, Any]:
    """What the typst source reads."""
    commune = convention.case.commune
    annexed = list(convention.annexed_schools.select_related("school"))
    pupils = sum(a.pupils or 0 for a in annexed)
    return {
        "title": _("Convention n° %(number)s, %(commune)s") % {"number": convention.number, "commune": commune.name},
        "number": convention.number,
        "template_version": convention.template_version,
        "commune": commune.name,
        "of_commune": _of(commune.name),
        "insee": commune.insee,
        "siren": commune.siren,
        "is_signed": convention.is_signed,
        "deliberation": _deliberation(convention),
        "schools": [_school(a) for a in annexed],
        "schools_in_words": ngettext("%(count)s école", "%(count)s écoles", len(annexed)) % {"count": len(annexed)},
        "pupils_in_words": ngettext("%(count)s élève", "%(count)s élèves", pupils) % {"count": figure(pupils)}
        if pupils
        else None,
        "pupils_total": figure(pupils),
        "has_unknown_pupils": any(a.pupils is None for a in annexed),
        "sides": [
            _side(_("la commune"), convention.commune_signature),
            _side(_("l’académie"), convention.academy_signature),
        ],
    }


def _of(name: str) -> str:
    """« de Narbonne », « d’Alès », « du Vigan », « des Angles », « de La Grand-Combe »."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if name[0] in "AEIOUYÉÈÊÎÂ" else f"de {name}"


def _school(annexed: Any) -> dict[str, str]:
    school = annexed.school
    address = ", ".join(filter(None, [school.address, school.address_extra, school.postal_code]))
    pupils = figure(annexed.pupils) if annexed.pupils is not None else "–"
    return {"name": school.name, "uai": school.uai, "address": address, "pupils": pupils}


def _deliberation(convention: Convention) -> dict[str, str] | None:
    if convention.deliberated_on is None:
        return None
    return {"number": convention.deliberation_number, "on": _in_full(convention.deliberated_on)}


def _side(label: str, signature: ConventionSignature | None) -> dict[str, Any]:
    if signature is None:
        return {"label": label, "signed": False}
    return {
        "label": label,
        "signed": True,
        "name": signature.signer_name,
        "quality": signature.signer_quality,
        "place": signature.place,
        "on": _in_full(signature.signed_on),
    }


def _in_full(day: Any) -> str:
    return date_format(day, "j F Y").replace("1 ", "1er ", 1) if day.day == 1 else date_format(day, "j F Y")

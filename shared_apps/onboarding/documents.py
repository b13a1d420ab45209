"""The convention as a PDF, set by typst. Every varying word is passed as data, never written into the source."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.words import dated, figure
from shared_apps.onboarding import texts
from shared_apps.onboarding.models import Convention, ConventionSignature, SignatoryParty
from tenants.addresses import base_url

Side = ConventionSignature.Side

FOLDER = Path(__file__).parent / "typst"
# Archives keep it: fonts inside, nothing fetched (ISO 19005-2).
ARCHIVE = "a-2b"
# Where the last page of `convention.typ` leaves room for each signature, in points from its lower left corner.
BOXES = {Side.COMMUNE: (68, 541, 289, 640), Side.ACADEMY: (306, 541, 527, 640)}


def convention_pdf(convention: Convention, *, electronic: bool = False, words: texts.Words | None = None) -> bytes:
    """The draft, the text to be signed on the platform, or the one with its recorded paper signatures. About 0.2 s."""
    return _set("convention.typ", document(convention, electronic=electronic, words=words))


def stamp_pdf(*, name: str, quality: str, place: str, on: date, proof: str) -> bytes:
    """What a signature shows."""
    return _set("stamp.typ", {"name": name, "quality": quality, "place": place, "on": dated(on), "proof": proof})


def _set(source: str, data: dict[str, Any]) -> bytes:
    inputs = {"data": json.dumps(data)}
    return typst.compile((FOLDER / source).read_bytes(), format="pdf", pdf_standards=ARCHIVE, sys_inputs=inputs)


def convention_images(convention: Convention, ppi: float = 80) -> list[bytes]:
    """The same pages as PNG, to look at."""
    data = {"data": json.dumps(document(convention))}
    pages = typst.compile((FOLDER / "convention.typ").read_bytes(), format="png", ppi=ppi, sys_inputs=data)
    return pages if isinstance(pages, list) else [pages]


def document(convention: Convention, *, electronic: bool = False, words: texts.Words | None = None) -> dict[str, Any]:
    """What the typst source reads."""
    words = words or texts.of(convention)
    rows = list(convention.annexed_schools.select_related("school"))
    annexed = [row for row in rows if not row.is_withdrawn]
    withdrawn = [row for row in rows if row.is_withdrawn]
    facts = _facts(convention, annexed, withdrawn)
    return _identity(convention, words) | {
        "is_signed": convention.is_signed,
        "is_electronic": electronic,
        "is_draft": not (electronic or convention.is_signed),
        "articles": texts.sections(words.articles, facts),
        "privacy": texts.sections(words.privacy, facts) if words.privacy else [],
        "schools": [_school(row) for row in annexed],
        "withdrawn": [_school(row) for row in withdrawn],
        "schools_in_words": _schools_in_words(annexed),
        "pupils_in_words": _pupils_in_words(annexed),
        "pupils_total": figure(sum(row.pupils or 0 for row in annexed)),
        "has_unknown_pupils": any(row.pupils is None for row in annexed),
        "sides": [
            _side(_("la commune"), convention.commune_signature),
            _side(_("l’académie"), convention.academy_signature),
        ],
        "verify_url": f"{base_url()}{reverse('signing:verify', urlconf=settings.PUBLIC_SCHEMA_URLCONF)}",
    }


def _identity(convention: Convention, words: texts.Words) -> dict[str, Any]:
    """Its number and who makes it."""
    commune, number = convention.case.commune, convention.number
    if convention.is_amendment:
        names = {"number": number, "first": convention.case.convention_of(convention.closed_on)}
        headline = _("Avenant n° %(number)s à la convention n° %(first)s") % names
        annex = _("Annexe. Écoles de l’avenant")
    else:
        headline, annex = _("Convention n° %(number)s") % {"number": number}, _("Annexe 1. Écoles de la convention")
    return {
        "title": title_of(convention),
        "kind": str(convention.get_kind_display()),
        "headline": headline,
        "annex_title": annex,
        "number": number,
        "template_version": words.version,
        "commune": commune.name,
        "of_commune": _of(commune.name),
        "insee": commune.insee,
        "siren": commune.siren,
        "party": _party(convention.party),
        "deliberation": _deliberation(convention),
    }


def title_of(convention: Convention) -> str:
    names = {"number": convention.number, "commune": convention.case.commune.name}
    if convention.is_amendment:
        return _("Avenant n° %(number)s, %(commune)s") % names
    return _("Convention n° %(number)s, %(commune)s") % names


def file_name(convention: Convention) -> str:
    """« convention-2026-0385-11262 »"""
    return f"{'avenant' if convention.is_amendment else 'convention'}-{convention.number}-{convention.case.insee}"


def _party(party: SignatoryParty | None) -> dict[str, str] | None:
    if party is None:
        return None
    council = _("conseil communautaire") if party.kind == SignatoryParty.Kind.EPCI else _("comité syndical")
    return {"name": party.name, "siren": party.siren, "council": council}


def _facts(convention: Convention, annexed: list[Any], withdrawn: list[Any]) -> dict[str, str]:
    """What the placeholders of a text stand for."""
    schools, pupils = _schools_in_words(annexed), _pupils_in_words(annexed)
    facts = {
        "commune": convention.case.commune.name,
        "numero": convention.number,
        "duree": _term_in_words(convention),
        "ecoles": _("%(schools)s, soit %(pupils)s") % {"schools": schools, "pupils": pupils} if pupils else schools,
    }
    if convention.is_amendment:
        facts |= {
            "convention": str(convention.case.convention_of(convention.closed_on) or ""),
            "ajouts": _named(_("Sont ajoutées : %(names)s."), annexed),
            "retraits": _named(_("Sont retirées : %(names)s."), withdrawn),
        }
    return facts


TERMS = {
    Convention.Renewal.TACIT: gettext_lazy(
        "pour %(time)s ; elle se renouvelle ensuite par tacite reconduction, pour la même durée"
    ),
    Convention.Renewal.EXPRESS: gettext_lazy(
        "pour %(time)s ; elle ne se renouvelle que par un avenant signé des deux parties"
    ),
    Convention.Renewal.NONE: gettext_lazy("pour %(time)s, sans reconduction"),
}


def _term_in_words(convention: Convention) -> str:
    months, renewal = convention.term_months, convention.renewal
    if not months or not renewal:
        return _("jusqu’à ce que l’une des parties y mette fin")
    if months % 12:
        time = ngettext("%(count)s mois", "%(count)s mois", months) % {"count": months}
    else:
        time = ngettext("%(count)s an", "%(count)s ans", months // 12) % {"count": months // 12}
    return TERMS[Convention.Renewal(renewal)] % {"time": time}


def _named(sentence: str, rows: list[Any]) -> str:
    """Nothing to say of no school."""
    names = ", ".join(f"{row.school.name} ({row.school_id})" for row in rows)
    return sentence % {"names": names} if rows else ""


def _schools_in_words(rows: list[Any]) -> str:
    return ngettext("%(count)s école", "%(count)s écoles", len(rows)) % {"count": len(rows)}


def _pupils_in_words(rows: list[Any]) -> str | None:
    pupils = sum(row.pupils or 0 for row in rows)
    return ngettext("%(count)s élève", "%(count)s élèves", pupils) % {"count": figure(pupils)} if pupils else None


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
    return {"number": convention.deliberation_number, "on": dated(convention.deliberated_on)}


def _side(label: str, signature: ConventionSignature | None) -> dict[str, Any]:
    if signature is None:
        return {"label": label, "signed": False}
    return {
        "label": label,
        "signed": True,
        "name": signature.signer_name,
        "quality": signature.signer_quality,
        "place": signature.place,
        "on": dated(signature.signed_on),
    }

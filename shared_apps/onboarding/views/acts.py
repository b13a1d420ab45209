"""The acts on a case, one page each: contact, draft, deliberation, signatures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.acts import require
from shared_apps.onboarding import services
from shared_apps.onboarding.forms import (
    ContactedForm,
    ContactForm,
    DeliberationForm,
    DraftForm,
    HeadsConsentForm,
    SignatureForm,
)
from shared_apps.onboarding.models import Case, CaseContact, ConventionSignature
from shared_apps.onboarding.views.shared import act_on, visible_case
from shared_apps.reference.models import RefSchool
from tenants.models import Commune

Role = CaseContact.Role
Side = ConventionSignature.Side
# « affaires-scolaires » in the address of the page; a head's page bears the UAI of the school.
TOWN_ROLES = {"maire": Role.MAYOR, "affaires-scolaires": Role.SCHOOL_SERVICE}


def contacted(request: HttpRequest, insee: str) -> HttpResponse:
    case = visible_case(request, insee)
    require(request, "onboarding.manage_case", case)
    return act_on(
        request,
        "onboarding/contacted.html",
        case=case,
        form=ContactedForm(request.POST or None),
        act=lambda data: services.record_contacted(actor=request.user, case=case, **data),
        go=_("Noter le contact"),
        done=_("Le contact est noté."),
    )


def contact(request: HttpRequest, insee: str, who: str) -> HttpResponse:
    case = visible_case(request, insee)
    require(request, "onboarding.manage_case", case)
    role, school = _role_and_school(case, who)
    known = [c for c in case.contacts.all() if c.role == role and c.school_id == (school.uai if school else None)]
    return act_on(
        request,
        "onboarding/contact.html",
        case=case,
        form=ContactForm.of(known[0] if known else None, request.POST or None),
        act=lambda data: services.save_contact(actor=request.user, case=case, role=role, school=school, **data),
        go=_("Enregistrer le contact"),
        done=_("Le contact est enregistré."),
        role=role.label,
        school=school,
    )


def heads_consent(request: HttpRequest, insee: str) -> HttpResponse:
    case = visible_case(request, insee)
    require(request, "onboarding.sign_convention", case)
    town = get_object_or_404(Commune, insee=insee)
    return act_on(
        request,
        "onboarding/heads_consent.html",
        case=case,
        form=HeadsConsentForm(request.POST or None, initial={"asks_heads": "yes" if town.asks_heads else "no"}),
        act=lambda data: services.set_heads_consent(actor=request.user, case=case, **data),
        go=_("Enregistrer"),
        done=_("C’est enregistré."),
    )


def _role_and_school(case: Case, who: str) -> tuple[Role, RefSchool | None]:
    if who in TOWN_ROLES:
        return TOWN_ROLES[who], None
    school = RefSchool.objects.current().public().of_commune(case.insee).filter(uai=who).first()
    if school is None:
        raise Http404
    return Role.HEAD, school


def draft(request: HttpRequest, insee: str) -> HttpResponse:
    case = visible_case(request, insee)
    require(request, "onboarding.manage_convention", case)
    return act_on(
        request,
        "onboarding/draft.html",
        case=case,
        form=DraftForm(request.POST or None, case=case),
        act=lambda data: services.draft_convention(actor=request.user, case=case, **_with_party(data)),
        go=_("Rédiger le projet"),
        done=_("Le projet de convention est prêt."),
    )


def _with_party(data: dict[str, Any]) -> dict[str, Any]:
    """The group that signs is known by its SIREN, once for all its communes."""
    party = data.pop("party")
    facts = {"kind": party.kind, "name": party.name, "siren": party.siren} if party else None
    return data | {"party": services.known_party(**facts) if facts else None}


def deliberation(request: HttpRequest, insee: str) -> HttpResponse:
    case = visible_case(request, insee)
    require(request, "onboarding.manage_convention", case)
    return act_on(
        request,
        "onboarding/deliberation.html",
        case=case,
        form=DeliberationForm(request.POST or None),
        act=lambda data: services.record_deliberation(actor=request.user, case=case, **data),
        go=_("Enregistrer la délibération"),
        done=_("La délibération est enregistrée."),
        convention=case.convention,
    )


def sign_commune(request: HttpRequest, insee: str) -> HttpResponse:
    return _sign(request, insee, Side.COMMUNE, _("La signature de la commune est enregistrée."))


def sign_academy(request: HttpRequest, insee: str) -> HttpResponse:
    return _sign(
        request, insee, Side.ACADEMY, _("La signature de l’académie est enregistrée : la commune peut ouvrir.")
    )


def _sign(request: HttpRequest, insee: str, side: Side, done: str) -> HttpResponse:
    case = visible_case(request, insee)
    require(request, "onboarding.manage_convention", case)

    def act(data: dict[str, Any]) -> None:
        services.record_signature(actor=request.user, case=case, side=side, **data)

    return act_on(
        request,
        "onboarding/signature.html",
        case=case,
        form=SignatureForm(request.POST or None, request.FILES or None, case=case, side=side),
        act=act,
        go=_("Enregistrer la signature"),
        done=done,
        is_academy=side == Side.ACADEMY,
    )

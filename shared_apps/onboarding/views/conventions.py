"""One convention or amendment: its text, its annex, its signatures, and what may be done with it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import require
from core.csvs import csv_response
from core.errors import DomainError
from shared_apps.accounts.sessions import ask_factor_again, is_verified_within
from shared_apps.onboarding import documents, finding, services
from shared_apps.onboarding.forms import DeliberationForm, SignatureForm
from shared_apps.onboarding.forms_signing import SIDES, AmendmentForm, InviteForm, SignerForm
from shared_apps.onboarding.models import Convention, ConventionSignature
from shared_apps.onboarding.services.amendments import AMENDABLE
from shared_apps.onboarding.services.signing import FRESH
from shared_apps.onboarding.views.shared import act_on, visible_case
from shared_apps.signing import keys
from shared_apps.signing.verification import content_of

Side = ConventionSignature.Side
PER_PAGE = 20


def visible_convention(request: HttpRequest, number: str) -> Convention:
    request.nav_current = "onboarding:communes"
    rows = Convention.objects.visible_to(request.user).with_signatures()
    return get_object_or_404(rows, number=number)


def all_conventions(request: HttpRequest) -> HttpResponse:
    require(request, "onboarding.view_communes")
    request.nav_current = "onboarding:communes"
    asked = request.GET
    page = Paginator(finding.conventions(request.user, asked), PER_PAGE).get_page(asked.get("page"))
    context = {
        "page": page,
        "query": asked.get("q", "").strip(),
        "filters": finding.convention_filters(asked),
        "asked": finding.without(asked, "page"),
        "page_url": f"?{finding.without(asked, 'page')}&page=",
        "Stage": Convention.Stage,
    }
    return render(request, "onboarding/conventions.html", context)


def conventions_csv(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, whole."""
    require(request, "onboarding.view_communes")
    heads = [_("Numéro"), _("Nature"), _("Code INSEE"), _("Commune"), _("Département"), _("Étape"), _("Modèle")]
    heads += [_("Écoles"), _("Groupement signataire"), _("Projet du"), _("Délibération"), _("Délibérée le")]
    heads += [_("Signataire (commune)"), _("Signée le"), _("Signataire (académie)"), _("Signée le"), _("Dernier jour")]
    rows = [_cells(shown) for shown in finding.conventions(request.user, request.GET)]
    return csv_response("conventions.csv", heads, rows)


def _cells(shown: Convention) -> list[Any]:
    commune = shown.case.commune
    facts = [shown.number, shown.get_kind_display(), commune.insee, commune.name, commune.department]
    facts += [Convention.Stage(shown.stage).label, shown.template_version, shown.schools, shown.party or ""]
    facts += [shown.drafted_on, shown.deliberation_number, shown.deliberated_on or ""]
    for signature in (shown.commune_signature, shown.academy_signature):
        facts += (
            [f"{signature.signer_name}, {signature.signer_quality}", signature.signed_on] if signature else ["", ""]
        )
    return [*facts, shown.ends_on or ""]


def convention(request: HttpRequest, number: str) -> HttpResponse:
    shown = visible_convention(request, number)
    case, user = shown.case, request.user
    manages = user.has_perm("onboarding.manage_convention", case)
    may_start = shown.is_amendment or shown.is_deliberated
    context = {
        "convention": shown,
        "commune": case.commune,
        "rows": list(shown.annexed_schools.all()),
        "invitation": shown.live_invitation,
        "may_invite": manages and may_start and not shown.is_signed and keys.is_configured(),
        "may_record": manages and may_start and not shown.is_signed_by_both and not shown.is_electronic,
        "next_side": "commune" if shown.commune_signature is None else "academie",
        "may_sign": user.has_perm("onboarding.sign_convention", case)
        and shown.is_electronic
        and shown.academy_signature is None,
        "may_deliberate": manages and not shown.is_deliberated and not shown.is_signed,
        "may_drop": manages and shown.is_amendment and not shown.is_signed,
        "may_manage": manages,
    }
    return render(request, "onboarding/convention.html", context)


def pdf(request: HttpRequest, number: str) -> HttpResponse:
    return pdf_response(visible_convention(request, number))


def pdf_response(convention: Convention) -> HttpResponse:
    """The file that was signed on the platform, else what the text is today. Nobody knows that of an imported one."""
    if convention.imported_on:
        raise Http404
    data = content_of(convention.sealed) if convention.sealed else documents.convention_pdf(convention)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{documents.file_name(convention)}.pdf"'
    return response


def deliberate(request: HttpRequest, number: str) -> HttpResponse:
    """The council's vote, on an amendment as on a convention."""
    shown = visible_convention(request, number)
    require(request, "onboarding.manage_convention", shown.case)
    return act_on(
        request,
        "onboarding/deliberation.html",
        case=shown.case,
        form=DeliberationForm(request.POST or None),
        act=lambda data: services.record_deliberation(actor=request.user, case=shown.case, convention=shown, **data),
        go=_("Enregistrer la délibération"),
        done=_("La délibération est enregistrée."),
        back=shown,
        convention=shown,
    )


def invite(request: HttpRequest, number: str) -> HttpResponse:
    """Send the link to the commune."""
    shown = visible_convention(request, number)
    require(request, "onboarding.manage_convention", shown.case)
    return act_on(
        request,
        "onboarding/invite.html",
        case=shown.case,
        form=InviteForm.of(shown.case, request.POST or None),
        act=lambda data: services.invite(actor=request.user, convention=shown, **data),
        go=_("Envoyer le lien"),
        done=_("Le lien est parti à l’adresse de la commune."),
        back=shown,
        convention=shown,
    )


@require_POST
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    shown = visible_convention(request, number)
    require(request, "onboarding.manage_convention", shown.case)
    services.revoke_invitation(actor=request.user, convention=shown)
    messages.success(request, _("Le lien envoyé à la commune ne sert plus."))
    return redirect(shown)


def record_paper(request: HttpRequest, number: str, side: str) -> HttpResponse:
    """A signature on paper, of an amendment as of a convention."""
    shown = visible_convention(request, number)
    require(request, "onboarding.manage_convention", shown.case)
    if side not in SIDES:
        raise Http404
    chosen = SIDES[side]
    return act_on(
        request,
        "onboarding/paper.html",
        case=shown.case,
        form=SignatureForm(request.POST or None, request.FILES or None, case=shown.case, side=chosen),
        act=lambda data: services.record_signature(
            actor=request.user, case=shown.case, convention=shown, side=chosen, **data
        ),
        go=_("Enregistrer la signature"),
        done=_("La signature est enregistrée."),
        back=shown,
        convention=shown,
        is_academy=chosen == Side.ACADEMY,
    )


def sign(request: HttpRequest, number: str) -> HttpResponse:
    """The académie signs on the platform, its second factor given within ten minutes."""
    shown = visible_convention(request, number)
    require(request, "onboarding.sign_convention", shown.case)
    if request.method == "POST" and request.POST.get("act") == "again":
        ask_factor_again(request, then=request.path)
        return redirect("accounts:verify")
    form = SignerForm.for_academy(request.user, request.POST or None)
    return act_on(
        request,
        "onboarding/sign.html",
        case=shown.case,
        form=form,
        act=lambda _data: _sign(request, shown, form),
        go=_("Signer pour l’académie"),
        done=_("Le document est signé des deux côtés."),
        back=shown,
        convention=shown,
        is_fresh=_is_fresh(request),
    )


def _sign(request: HttpRequest, shown: Convention, form: SignerForm) -> None:
    if not _is_fresh(request):
        raise DomainError(_("Donnez de nouveau votre second facteur avant de signer."), code="not_fresh")
    services.sign_for_academy(actor=request.user, convention=shown, **form.facts())


def _is_fresh(request: HttpRequest) -> bool:
    return is_verified_within(request, FRESH)


def amend(request: HttpRequest, insee: str) -> HttpResponse:
    case = visible_case(request, insee)
    require(request, "onboarding.manage_convention", case)
    if case.state not in AMENDABLE:
        messages.error(request, _("Un avenant change une convention en vigueur."))
        return redirect("onboarding:commune", insee)
    return act_on(
        request,
        "onboarding/amend.html",
        case=case,
        form=AmendmentForm(request.POST or None, case=case),
        act=lambda data: services.draft_amendment(actor=request.user, case=case, **data),
        go=_("Rédiger l’avenant"),
        done=_("Le projet d’avenant est prêt."),
    )


@require_POST
def drop(request: HttpRequest, number: str) -> HttpResponse:
    shown = visible_convention(request, number)
    require(request, "onboarding.manage_convention", shown.case)
    try:
        services.drop_amendment(actor=request.user, amendment=shown)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(shown)
    messages.success(request, _("Le projet d’avenant est effacé."))
    return redirect("onboarding:commune", shown.case.insee)

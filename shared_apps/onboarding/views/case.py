"""The page of a commune: its case in one look, and the one next act."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import require
from core.errors import DomainError
from shared_apps.onboarding import journey, services
from shared_apps.onboarding.blocking import blocker, mandate_blocker
from shared_apps.onboarding.forms import ContactedForm, DeliberationForm, OwnerForm, SignatureForm
from shared_apps.onboarding.models import Case, CaseContact, ConventionSignature
from shared_apps.onboarding.services.mandates import mandate_of
from shared_apps.onboarding.staff import officers
from shared_apps.onboarding.views.conventions import pdf_response
from shared_apps.onboarding.views.shared import visible_case, visible_commune
from shared_apps.reference.models import RefCommune, RefSchool

State = Case.State


def commune(request: HttpRequest, insee: str) -> HttpResponse:
    place = visible_commune(request, insee)
    case = Case.objects.for_commune(insee).with_convention().first()
    schools = list(
        RefSchool.objects.current().public().of_commune(insee).visible_to(request.user).select_related("district")
    )
    context = {
        "commune": place,
        "case": case,
        "schools": schools,
        "pupils": sum(school.pupils or 0 for school in schools),
        "districts": sorted({school.district.short_name for school in schools if school.district}),
        "tag": journey.tag(case),
        "crumbs": _crumbs(place),
        "may_manage": request.user.has_perm("onboarding.manage_case", case),
    }
    if case is not None:
        context |= _case_context(request, case, schools)
    return render(request, "onboarding/commune.html", context)


def _crumbs(place: RefCommune) -> list[dict[str, str]]:
    url = reverse("onboarding:communes")
    return [
        {"label": _("Communes"), "url": url},
        {"label": place.department, "url": f"{url}?departement={place.department_code}"},
        {"label": place.name, "url": ""},
    ]


def _case_context(request: HttpRequest, case: Case, schools: list[RefSchool]) -> dict[str, Any]:
    contacts = list(case.contacts.all())
    heads = {c.school_id: c for c in contacts if c.role == CaseContact.Role.HEAD}
    annexed = {row.school_id: row for row in case.annexed}
    act = journey.act_of(case)
    blocks, delegate_waits = blocker(case), mandate_blocker(case)
    _delegate, mandate = mandate_of(case)
    may_manage = request.user.has_perm("onboarding.manage_case", case)
    to_do = list(case.tasks.to_do())
    return {
        "blocks": blocks,
        "delegate_waits": delegate_waits if delegate_waits != blocks else None,
        "needs_mandate": delegate_waits is not None and (mandate is None or not mandate.is_open),
        "mandate": mandate,
        "address": getattr(case, "official_address", None),
        "act_form": _act_form(case) if may_manage else None,
        "may_sign": request.user.has_perm("onboarding.sign_convention", case),
        "invitation": case.convention.live_invitation if case.convention else None,
        "draft_uais": [s.uai for s in schools] if may_manage and case.state == State.CONTACTED else [],
        "late_tasks": [task for task in to_do if task.is_overdue],
        "next_tasks": to_do[:3],
        "pinned": list(case.notes.filter(is_pinned=True).select_related("author")[:3]) if may_manage else [],
        "convention": case.convention,
        "steps": journey.steps(case),
        "gaps": journey.gaps(case),
        "act": act if act and request.user.has_perm(act.permission, case) else None,
        "act_url": _act_url(case, act),
        "paper_url": reverse(journey.ACTS[case.state].url_name, args=[case.insee]) if act and act.is_online else "",
        "rows": [_row(school, annexed, heads) for school in schools],
        "mayor": _of_role(contacts, CaseContact.Role.MAYOR),
        "officer": _of_role(contacts, CaseContact.Role.SCHOOL_SERVICE),
        "panel_url": _panel_url(case),
        "may_redraft": case.state == State.DRAFTED,
    }


def _act_url(case: Case, act: journey.Act | None) -> str:
    if act is None:
        return ""
    return reverse(act.url_name, args=[case.convention if act.is_online else case.insee])


def _act_form(case: Case) -> Any:
    """The next act is done on the page itself; its own page shows what is to be corrected."""
    side = ConventionSignature.Side
    makers: dict[str, Any] = {
        State.PROSPECT: ContactedForm,
        State.DRAFTED: DeliberationForm,
        State.DELIBERATED: lambda: SignatureForm(case=case, side=side.COMMUNE),
        State.SIGNED_BY_COMMUNE: lambda: SignatureForm(case=case, side=side.ACADEMY),
    }
    if case.convention is not None and case.convention.is_electronic:
        return None  # the other side signs the same file
    return makers[case.state]() if case.state in makers else None


def _row(school: RefSchool, annexed: dict[str, Any], heads: dict[str, CaseContact]) -> dict[str, Any]:
    line = annexed.get(school.uai)
    return {
        "school": school,
        "is_annexed": line is not None or not annexed,
        "pupils": line.pupils if line else school.pupils,
        "head": heads.get(school.uai),
    }


def _of_role(contacts: list[CaseContact], role: str) -> CaseContact | None:
    return next((c for c in contacts if c.role == role), None)


def _panel_url(case: Case) -> str:
    """The opening is `provisioning`'s: its panel comes by htmx, or by its link without JavaScript."""
    if case.state not in {State.SIGNED_BY_BOTH, State.PROVISIONING, State.OPEN}:
        return ""
    try:
        return reverse("provisioning:panel", args=[case.insee])
    except NoReverseMatch:
        return ""


@require_POST
def start(request: HttpRequest, insee: str) -> HttpResponse:
    place = visible_commune(request, insee)
    require(request, "onboarding.manage_case")
    try:
        services.start_case(actor=request.user, insee=place.insee)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("onboarding:commune", insee)
    messages.success(request, _("Le dossier est ouvert. Il est à votre nom."))
    return redirect("onboarding:contacts", insee)


def owner(request: HttpRequest, insee: str) -> HttpResponse:
    """Who follows the case."""
    case = visible_case(request, insee)
    require(request, "onboarding.manage_case", case)
    form = OwnerForm(request.POST or None, case=case, officers=officers())
    if request.method == "POST" and form.is_valid():
        services.assign_owner(actor=request.user, case=case, owner=form.cleaned_data["owner"])
        messages.success(request, _("Le dossier a changé de main."))
        return redirect("onboarding:commune", insee)
    context = {"case": case, "commune": case.commune, "form": form, "go": _("Confier le dossier")}
    return render(request, "onboarding/owner.html", context)


def convention_pdf(request: HttpRequest, insee: str) -> HttpResponse:
    case = visible_case(request, insee)
    if case.convention is None:
        raise Http404
    return pdf_response(case.convention)

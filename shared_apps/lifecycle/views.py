"""« Vie de la convention »: one page on the case, an act a page; and the page where a package is received."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.acts import require
from core.errors import DomainError
from core.security import client_address
from core.text import sort_key
from shared_apps.accounts import totp
from shared_apps.accounts.throttle import Throttle
from shared_apps.lifecycle import handover, packages, services, statement
from shared_apps.lifecycle.forms import (
    EraseForm,
    ReceiveForm,
    RenewForm,
    SendAgainForm,
    SuspendForm,
    TerminateForm,
    TermsForm,
)
from shared_apps.lifecycle.models import Ending, Handover, Package
from shared_apps.lifecycle.services.comeback import may_come_back
from shared_apps.lifecycle.services.terms import IN_FORCE
from shared_apps.onboarding.models import Case
from shared_apps.onboarding.services.states import NEXT
from shared_apps.onboarding.views.shared import visible_case
from tenants.models import Commune

State = Case.State
PER_ADDRESS = 40  # links that open nothing, in half an hour
PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@require_safe
def life(request: HttpRequest, insee: str) -> HttpResponse:
    case = visible_case(request, insee)
    require(request, "lifecycle.view_life")
    ending = case.endings.with_handing().prefetch_related("packages__handovers", "steps").first()
    space = Commune.objects.filter(insee=insee).first()
    able = request.user.has_perm
    context = {
        "case": case,
        "commune": case.commune,
        "convention": case.convention,
        "space": space,
        "ending": ending,
        "packages": _packages(ending) if ending else [],
        "mine": Handover.objects.visible_to(request.user).open().filter(package__ending__case=case).first(),
        "suspensions": case.suspensions.select_related("suspended_by", "lifted_by"),
        "renewals": case.convention.renewals.select_related("recorded_by") if case.convention else [],
        "may_manage": able("lifecycle.manage_terms"),
        "is_in_force": case.state in {*IN_FORCE, State.EXPIRED},
        "may_come_back": able("lifecycle.manage_terms") and may_come_back(case, space),
        "may_suspend": able("lifecycle.suspend"),
        "may_end": able("lifecycle.end") and State.TERMINATED in NEXT[case.state],
        "may_erase": able("lifecycle.erase"),
        "is_intact": ending is not None and bool(ending.statement_sha256) and statement.is_intact(ending),
    }
    return render(request, "lifecycle/life.html", context)


@require_safe
def to_erase(request: HttpRequest) -> HttpResponse:
    """The ends going on, the nearest day of the law first."""
    require(request, "lifecycle.view_life")
    request.nav_current = "home"
    endings = Ending.objects.going_on().visible_to(request.user).with_handing().select_related("case__commune")
    return render(request, "lifecycle/to_erase.html", {"endings": endings.order_by("erase_by", "pk")})


def _packages(ending: Ending) -> list[dict[str, Any]]:
    return [
        {"package": package, "handovers": list(package.handovers.all()), "percent": packages.progress(package)}
        for package in ending.packages.all()
    ]


def terms(request: HttpRequest, insee: str) -> HttpResponse:
    case = _case(request, insee, "lifecycle.manage_terms")
    if case.convention is None:
        raise Http404
    return _act(
        request,
        case,
        TermsForm(request.POST or None, convention=case.convention),
        lambda data: services.set_terms(actor=request.user, case=case, **data),
        title=_("Termes de la convention"),
        words=_("Le dernier jour est compté du premier. Des rappels partent six, trois et un mois avant."),
        go=_("Enregistrer les termes"),
        done=_("Les termes sont enregistrés."),
    )


def renew(request: HttpRequest, insee: str) -> HttpResponse:
    case = _case(request, insee, "lifecycle.manage_terms")
    return _act(
        request,
        case,
        RenewForm(request.POST or None),
        lambda data: services.renew(actor=request.user, case=case, **data),
        title=_("Reconduction expresse"),
        words=_("Les deux parties ont signé : le dernier jour est reporté d’autant."),
        go=_("Enregistrer la reconduction"),
        done=_("La convention est reconduite."),
    )


def suspend(request: HttpRequest, insee: str) -> HttpResponse:
    case = _case(request, insee, "lifecycle.suspend")
    return _act(
        request,
        case,
        SuspendForm(request.POST or None),
        lambda data: services.suspend(actor=request.user, insee=insee, **data),
        title=_("Suspendre l’accès"),
        words=_("Plus personne n’entre, les envois attendent, rien n’est effacé. Elle se lève à tout moment."),
        go=_("Suspendre"),
        done=_("L’accès est suspendu."),
        is_grave=True,
    )


@require_POST
def lift(request: HttpRequest, insee: str) -> HttpResponse:
    _case(request, insee, "lifecycle.suspend")
    return _do(
        request,
        insee,
        lambda: services.lift_suspension(actor=request.user, insee=insee),
        _("La suspension est levée : on entre à nouveau."),
    )


def terminate(request: HttpRequest, insee: str) -> HttpResponse:
    case = _case(request, insee, "lifecycle.end")

    def act(data: dict[str, Any]) -> None:
        services.terminate(actor=request.user, case=case, on=data["on"], reason=data["reason"])

    return _act(
        request,
        case,
        TerminateForm(request.POST or None),
        act,
        title=_("Résilier la convention"),
        words=_(
            "L’espace ne pourra plus être que lu, pour que chacun prenne ses données ; puis il sera archivé, remis aux "
            "écoles et à la commune, et effacé dans les trois mois."
        ),
        go=_("Résilier"),
        done=_("La convention est résiliée."),
        is_grave=True,
    )


@require_POST
def come_back(request: HttpRequest, insee: str) -> HttpResponse:
    case = _case(request, insee, "lifecycle.manage_terms")
    try:
        services.come_back(actor=request.user, case=case)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("lifecycle:life", insee)
    messages.success(request, _("Le dossier recommence : il faut une nouvelle convention."))
    return redirect("onboarding:commune", insee)


@require_POST
def prepare(request: HttpRequest, insee: str) -> HttpResponse:
    case = _case(request, insee, "lifecycle.end")
    ending = get_object_or_404(Ending.objects.going_on(), case=case)
    return _do(
        request,
        insee,
        lambda: packages.plan(actor=request.user, ending=ending),
        _("Les paquets se préparent."),
    )


def erase(request: HttpRequest, insee: str) -> HttpResponse:
    case = _case(request, insee, "lifecycle.erase")
    ending = get_object_or_404(Ending.objects.going_on(), case=case)

    def act(data: dict[str, Any]) -> None:
        # Before the code, which serves once.
        if sort_key(data["typed_name"]) != sort_key(case.commune.name):
            raise DomainError(_("Ce n’est pas le nom de la commune."), code="wrong_name")
        code = data["code"]
        if not totp.verify(request.user, code) and not totp.recover(request.user, code):
            raise DomainError(_("Ce code n’est pas le bon."), code="wrong_code")
        services.order_erasure(actor=request.user, ending=ending, typed_name=data["typed_name"])

    return _act(
        request,
        case,
        EraseForm(request.POST or None),
        act,
        title=_("Effacer les données de la commune"),
        words=_(
            "Rien ne pourra être retrouvé. L’effacement attend un jour, pendant lequel il s’annule ; il attend aussi "
            "que les paquets soient retirés, ou leur délai passé."
        ),
        go=_("Demander l’effacement"),
        done=_("L’effacement est demandé. Il peut être annulé jusqu’à demain."),
        is_grave=True,
    )


@require_POST
def keep(request: HttpRequest, insee: str) -> HttpResponse:
    case = _case(request, insee, "lifecycle.erase")
    ending = get_object_or_404(Ending.objects.going_on(), case=case)
    return _do(
        request,
        insee,
        lambda: services.take_back_order(actor=request.user, ending=ending),
        _("L’effacement est annulé."),
    )


def send_again(request: HttpRequest, insee: str, pk: Any) -> HttpResponse:
    case = _case(request, insee, "lifecycle.end")
    rows = Package.objects.exclude(kind=Package.Kind.ACADEMY).filter(ending__case=case)
    package = get_object_or_404(rows.select_related("ending__case"), pk=pk)
    return _act(
        request,
        case,
        SendAgainForm(request.POST or None, is_town=package.kind == Package.Kind.TOWN),
        lambda data: handover.send_again(actor=request.user, package=package, **data),
        title=_("Envoyer le lien : %(package)s") % {"package": package.label},
        words=_("Le lien précédent n’ouvre plus rien."),
        go=_("Envoyer le lien"),
        done=_("Le lien est parti."),
    )


@require_safe
def proof(request: HttpRequest, insee: str) -> HttpResponse:
    case = visible_case(request, insee)
    require(request, "lifecycle.view_life")
    ending = Ending.objects.filter(state=Ending.State.ERASED, case=case).order_by("-erased_at").first()
    if ending is None:
        raise Http404
    response = HttpResponse(statement.pdf(ending), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="effacement-{insee}.pdf"'
    return response


@require_POST
def take(request: HttpRequest, insee: str, pk: Any) -> HttpResponseBase:
    """The DASEN's own package, signed in."""
    visible_case(request, insee)
    require(request, "lifecycle.receive_school_data")
    row = get_object_or_404(Handover.objects.visible_to(request.user).open(), pk=pk)
    try:
        return _file(*handover.receive(actor=request.user, row=row, name=request.user.get_full_name()))
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("lifecycle:life", insee)


@login_not_required
def receive(request: HttpRequest, token: str) -> HttpResponseBase:
    """By the link that was sent: what it is, then who takes it, then the file, once."""
    row = handover.find(token)
    if row is None:
        return _private(_gone(request))
    form = ReceiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _file(*handover.receive(actor=None, row=row, name=form.cleaned_data["name"]))
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    status = 422 if form.is_bound else 200
    context = {"form": form, "handover": row, "package": row.package}
    return _private(render(request, "lifecycle/receive.html", context, status=status))


def _gone(request: HttpRequest) -> HttpResponse:
    """A link that is good is never refused for the guesses of others at the same address."""
    try:
        Throttle("package", client_address(request), limit=PER_ADDRESS).begin()
    except DomainError as refusal:
        return render(request, "lifecycle/gone.html", {"why": refusal.message}, status=429)
    return render(request, "lifecycle/gone.html", {"why": ""}, status=410)


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: no cache keeps it, no other site hears of it."""
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response


def _file(row: Handover, content: Any) -> FileResponse:
    name = f"ent-ecole-{row.package.ending.case.insee}-{row.package.uai or row.package.kind}.zip"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/zip", headers=PRIVATE)


def _case(request: HttpRequest, insee: str, permission: str) -> Case:
    case = visible_case(request, insee)
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return case


def _act(
    request: HttpRequest,
    case: Case,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    done: str,
    **context: Any,
) -> HttpResponse:
    """A form on the convention's life; when it is right, the act, and back; else why not (422)."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, done)
            return redirect("lifecycle:life", case.insee)
    status = 422 if form.is_bound and not form.is_valid() else 200
    context |= {"case": case, "commune": case.commune, "form": form}
    return render(request, "lifecycle/act.html", context, status=status)


def _do(request: HttpRequest, insee: str, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
        messages.success(request, done)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("lifecycle:life", insee)

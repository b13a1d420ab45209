"""The administrator's pages: who works here and with which roles, and the proof of isolation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import require
from core.errors import DomainError
from shared_apps.accounts.models import StaffRole, User
from shared_apps.accounts.services import activation_code, renew_code
from shared_apps.audit import services as audit
from shared_apps.onboarding.forms import IsolationForm, RolesForm, StaffForm
from shared_apps.onboarding.staff import add_member, give_roles
from tenants.crossings import prove_isolation
from tenants.models import Commune


def staff(request: HttpRequest) -> HttpResponse:
    require(request, "onboarding.manage_staff")
    request.nav_current = "home"
    members = User.objects.prefetch_related("staff_roles", "second_factors").order_by("last_name", "first_name", "id")
    lines = [
        {
            "member": member,
            "roles": [_role_in_words(row) for row in member.staff_roles.all()],
            "has_factor": any(factor.confirmed_at for factor in member.second_factors.all()),
        }
        for member in members
    ]
    return render(request, "onboarding/staff.html", {"lines": lines})


def _role_in_words(row: StaffRole) -> str:
    return f"{row.get_role_display()} ({row.scope})" if row.scope else str(row.get_role_display())


def add_staff(request: HttpRequest) -> HttpResponse:
    require(request, "onboarding.manage_staff")
    request.nav_current = "home"
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member = add_member(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Le compte %(id)s est créé. Donnez-lui un rôle.") % {"id": member.identifier})
        return redirect("onboarding:staff_member", member.pk)
    return render(request, "onboarding/add_staff.html", {"form": form}, status=422 if form.errors else 200)


def staff_member(request: HttpRequest, pk: Any) -> HttpResponse:
    require(request, "onboarding.manage_staff")
    request.nav_current = "home"
    member = get_object_or_404(User.objects.prefetch_related("staff_roles"), pk=pk)
    form = RolesForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            give_roles(actor=request.user, user=member, roles=form.pairs())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Les rôles de %(name)s sont enregistrés.") % {"name": member})
            return redirect("onboarding:staff")
    code = activation_code(member) if member.has_live_code else ""
    context = {"form": form, "member": member, "code": code, "is_me": member.pk == request.user.pk}
    return render(request, "onboarding/staff_member.html", context, status=422 if form.errors else 200)


@require_POST
def renew_staff_code(request: HttpRequest, pk: Any) -> HttpResponse:
    """For somebody who lost their way in: their password and their sessions end."""
    require(request, "onboarding.manage_staff")
    member = get_object_or_404(User, pk=pk)
    if member.pk == request.user.pk:
        raise PermissionDenied
    renew_code(actor=request.user, user=member)
    messages.success(request, _("Un nouveau code est prêt pour %(name)s.") % {"name": member})
    return redirect("onboarding:staff_member", pk)


def isolation(request: HttpRequest) -> HttpResponse:
    """Try on the running system to pass from one commune to another, and show each refusal."""
    require(request, "onboarding.prove_isolation")
    request.nav_current = "home"
    communes = list(Commune.objects.laid()[:2])
    proposed = {"origin": communes[0], "target": communes[1]} if len(communes) == 2 else None
    form = IsolationForm(request.POST or None, initial=proposed)
    context: dict[str, Any] = {"form": form, "is_possible": proposed is not None, "crossings": None}
    if request.method == "POST" and form.is_valid():
        context |= _prove(request, form.cleaned_data["origin"], form.cleaned_data["target"])
    return render(request, "onboarding/isolation.html", context, status=422 if form.errors else 200)


def _prove(request: HttpRequest, origin: Commune, target: Commune) -> dict[str, Any]:
    crossings = prove_isolation(origin, target)
    passed = sum(not crossing.ok for crossing in crossings)
    facts = {"origin": origin.insee, "target": target.insee, "tried": len(crossings), "passed": passed}
    audit.record(actor=request.user, action="onboarding.isolation_tried", **facts)
    return {"crossings": crossings, "passed": passed, "origin": origin, "target": target, "at": timezone.now()}

"""What the views of a case have in common: the commune one may see, the right to act, the refusal in words."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import DomainError
from shared_apps.onboarding.models import Case
from shared_apps.reference.models import RefCommune


def visible_commune(request: HttpRequest, insee: str) -> RefCommune:
    request.nav_current = "onboarding:communes"
    return get_object_or_404(RefCommune.objects.visible_to(request.user), insee=insee)


def visible_case(request: HttpRequest, insee: str) -> Case:
    commune = visible_commune(request, insee)
    case = Case.objects.for_commune(commune.insee).with_convention().first()
    if case is None:
        raise Http404
    return case


def act_on(
    request: HttpRequest,
    template: str,
    *,
    case: Case,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    go: str,
    done: str,
    back: Any = None,
    **context: Any,
) -> HttpResponse:
    """Show a form on a case; when it is right, do the act and come back to the case (or `back`); else say why (422)."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, done)
            return redirect(back) if back is not None else redirect("onboarding:commune", case.insee)
    status = 422 if form.is_bound and not form.is_valid() else 200
    context |= {"case": case, "commune": case.commune, "form": form, "go": go, "back": back}
    return render(request, template, context, status=status)

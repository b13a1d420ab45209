"""The academy's ceilings: read by its staff, set by its administrators."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from shared_apps.bounds import services, words
from shared_apps.bounds.forms import RulesForm
from shared_apps.bounds.shipped import MOST
from shared_apps.bounds.table import SHOWN, matrix_columns, matrix_lines
from shared_apps.bounds.vocabulary import Party


def bounds(request: HttpRequest) -> HttpResponse:
    _require(request, "bounds.view_bounds")
    now = services.ceilings()
    lowered = {cell for cell, scope in now.items() if scope is not MOST[cell]}
    may_set = request.user.has_perm("bounds.set_bounds")
    address = (lambda sender: reverse("bounds:sender", args=[sender.value])) if may_set else (lambda _sender: "")
    lines = matrix_lines(now, lowered, address)
    return render(request, "bounds/bounds.html", {"lines": lines, "columns": matrix_columns(), "lowered": len(lowered)})


def sender(request: HttpRequest, sender: str) -> HttpResponse:
    _require(request, "bounds.set_bounds")
    if sender not in SHOWN:
        raise Http404
    party = Party(sender)
    form = RulesForm(request.POST or None, sender=party, now=services.ceilings(), usual=MOST, ceilings=MOST)
    if request.method == "POST" and form.is_valid() and _set(request, form):
        return redirect("bounds:bounds")
    context = {"form": form, "title": words.subject(party)}
    return render(request, "bounds/sender.html", context, status=422 if form.errors else 200)


def _set(request: HttpRequest, form: RulesForm) -> bool:
    try:
        changed = services.set_bounds(actor=request.user, changes=form.wanted)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    told = ngettext(
        "%(count)s borne changée, dans toutes les communes.",
        "%(count)s bornes changées, dans toutes les communes.",
        len(changed),
    )
    messages.success(request, told % {"count": len(changed)} if changed else _("Rien n’a changé."))
    return True


def _require(request: Any, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
    request.nav_current = "home"

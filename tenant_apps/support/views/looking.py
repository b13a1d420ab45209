"""What the assistance sees under an access. For anybody else these pages do not exist."""

from typing import Any

from django.contrib.auth import logout
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from shared_apps.files import links
from tenant_apps.support import consultation
from tenant_apps.support.models import SupportAccess
from tenant_apps.support.services import accesses


def look(request: Any) -> HttpResponse:
    access = _access(request)
    files = consultation.files_of(access).order_by("created_at", "pk")
    context = {"access": access, "classes": list(consultation.classes_of(access)), "files": list(files)}
    return render(request, "support/look.html", context)


def look_accounts(request: Any) -> HttpResponse:
    access = _access(request)
    return render(request, "support/look_accounts.html", {"access": access, "lines": consultation.staff_of(access)})


def look_class(request: Any, pk: Any) -> HttpResponse:
    access = _access(request)
    school_class = get_object_or_404(consultation.classes_of(access), pk=pk)
    context = {
        "access": access,
        "class": school_class,
        "pupils": consultation.pupils_of(school_class),
        "guardians": consultation.guardians_of(school_class),
    }
    return render(request, "support/look_class.html", context)


def look_file(request: Any, pk: Any) -> HttpResponse:
    """By a signed link, as everybody; the host of files asks again whether the access runs."""
    file = get_object_or_404(consultation.files_of(_access(request)), pk=pk)
    return HttpResponseRedirect(links.signed_url(file, request.user))


@require_POST
def leave(request: Any) -> HttpResponse:
    """The agent has seen enough: the access ends, and not this session alone."""
    access = _access(request)
    accesses.leave(access=access)
    logout(request)
    return render(request, "support/over.html", {"left": True})


def _access(request: Any) -> SupportAccess:
    access = getattr(request, "support_access", None)
    if access is None:
        raise Http404
    return access

"""HTTP in, HTTP out."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenant_apps.reach.unreached import PATIENCE, Child, children_of
from tenant_apps.schools.models import SchoolClass
from tenants.addresses import base_url


def families(request: Any) -> HttpResponse:
    """Class by class, the children for whom nobody is reached, and why."""
    request.nav_current = "people:my_classes" if request.profile == "teacher" else "people:school"
    every = children_of(_classes(request))
    children = [child for child in every if child.is_unreached]
    context = {
        "groups": [(one, list(found)) for one, found in groupby(children, key=_class_of)],
        "total": len(children),
        "pupils": len(every),
        "days": PATIENCE.days,
    }
    return render(request, "reach/families.html", context)


def sheets(request: HttpRequest) -> HttpResponse:
    """A page made for the printer: two sheets a page, one a child, of one class or of all."""
    classes = _classes(request)
    wanted = _uuid(request.GET.get("classe", ""))
    children = children_of(one for one in classes if wanted in (None, one.pk))
    context = {"children": [child for child in children if child.is_unreached], "address": base_url()}
    return render(request, "reach/sheets.html", context)


def _classes(request: HttpRequest) -> list[SchoolClass]:
    if not request.user.has_perm("reach.follow"):
        raise PermissionDenied
    return list(SchoolClass.objects.families_open_to(request.user))


def _class_of(child: Child) -> SchoolClass:
    return child.enrollment.school_class


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None

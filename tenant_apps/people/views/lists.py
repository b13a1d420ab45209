"""Lists to work with: the families of a school, a class on paper with whom to call first."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from tenant_apps.people.models import Enrollment, Guardianship
from tenant_apps.people.views.staff import headed_school
from tenant_apps.schools.models import SchoolClass

VIEWS = {
    "": _("Toutes les familles"),
    "sans-responsable": _("Élèves sans responsable"),
    "non-actives": _("Responsables pas encore connectés"),
}


def families(request: Any, school_pk: Any) -> HttpResponse:
    """Every pupil of the school with the adults who answer for them; or those that wait for something."""
    school = headed_school(request, school_pk)
    view = request.GET.get("vue", "")
    rows = _with_adults(Enrollment.objects.on().filter(school_class__school=school))
    rows = rows.order_by("pupil__person__sort_name", "pk")
    links = Guardianship.objects.current().filter(pupil=OuterRef("pupil"))
    if view == "sans-responsable":
        rows = rows.filter(~Exists(links))
    elif view == "non-actives":
        rows = rows.filter(Exists(links.filter(guardian__account__activated_at=None)))
    tabs = [
        {"label": label, "url": f"?vue={name}", "current": name == (view if view in VIEWS else "")}
        for name, label in VIEWS.items()
    ]
    request.nav_current = "people:school"
    return render(request, "people/families.html", {"school": school, "rows": list(rows), "tabs": tabs})


def class_list(request: Any, pk: Any) -> HttpResponse:
    """For the wall of the classroom's cupboard and for outings: the order of calls. Who knows the families only."""
    visible = SchoolClass.objects.open_to(request.user).select_related("school")
    school_class = get_object_or_404(visible, pk=pk)
    if not request.user.has_perm("people.view_families", school_class):
        raise PermissionDenied
    rows = _with_adults(Enrollment.objects.on().filter(school_class=school_class))
    rows = rows.order_by("pupil__person__sort_name", "pk")
    return render(request, "people/class_list.html", {"school_class": school_class, "rows": list(rows)})


def _with_adults(rows: Any) -> Any:
    adults = Guardianship.objects.current().select_related("guardian__account").order_by("contact_order", "pk")
    rows = rows.select_related("pupil__person", "school_class")
    return rows.prefetch_related(Prefetch("pupil__guardianships", adults, to_attr="adults"))

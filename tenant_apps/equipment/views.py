from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.csvs import csv_response
from core.forms import is_done
from tenant_apps.equipment import services
from tenant_apps.equipment.forms import CountForm
from tenant_apps.equipment.inventory import inventory as inventory_of
from tenant_apps.equipment.inventory import totals
from tenant_apps.equipment.models import Equipment
from tenant_apps.equipment.permissions import counted_by
from tenant_apps.schools.models import School


def inventory(request: HttpRequest) -> HttpResponse:
    """School by school. Who may count a school has its form one tap away."""
    _require(request)
    rows = inventory_of(request.user)
    mine = set(counted_by(request.user).values_list("pk", flat=True))
    context = {
        "rows": [(row, row.school.pk in mine) for row in rows if row.at],
        "uncounted": [(row.school, row.school.pk in mine) for row in rows if not row.at],
        "totals": totals(rows) if len(rows) > 1 else [],
    }
    return render(request, "equipment/inventory.html", context)


def inventory_csv(request: HttpRequest) -> HttpResponse:
    _require(request)
    heads = ("UAI", _("École"), *(kind.label for kind in Equipment.Kind), _("Compté le"))
    rows = (
        (row.school.uai, row.school.name, *(row.numbers.get(kind) for kind in Equipment.Kind), _day(row.at))
        for row in inventory_of(request.user)
    )
    return csv_response(f"equipement-{timezone.localdate():%Y-%m-%d}.csv", heads, rows)


def count(request: HttpRequest, school_pk: Any) -> HttpResponse:
    school = get_object_or_404(School.objects.worked_in_by(request.user), pk=school_pk)
    if not request.user.has_perm("equipment.change_equipment", school):
        raise PermissionDenied
    known = dict(Equipment.objects.filter(school=school).values_list("kind", "quantity"))
    form = CountForm(request.POST or None, initial=known)
    if request.method == "POST" and is_done(
        form, lambda **counts: services.count_equipment(actor=request.user, school=school, counts=counts)
    ):
        messages.success(request, _("L’équipement de l’école est enregistré."))
        return redirect("equipment:inventory")
    context = {"school": school, "form": form}
    return render(request, "equipment/count.html", context, status=422 if form.errors else 200)


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""


def _require(request: Any) -> None:
    if not request.user.has_perm("equipment.view_equipment"):
        raise PermissionDenied

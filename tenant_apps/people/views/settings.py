"""What the head decides of the school itself: its classes, its week."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.errors import DomainError
from tenant_apps.people.forms import ClassForm, WeekForm
from tenant_apps.people.views.staff import headed_school
from tenant_apps.schools import services
from tenant_apps.schools.models import School, SchoolClass


def add_class(request: Any, school_pk: Any) -> HttpResponse:
    school = headed_school(request, school_pk)

    def act(label: str) -> SchoolClass:
        return services.add_class(actor=request.user, school=school, label=label)

    return _class_form(request, ClassForm(request.POST or None), act, {"school": school})


def rename_class(request: Any, pk: Any) -> HttpResponse:
    visible = SchoolClass.objects.open_to(request.user).select_related("school", "year")
    school_class = get_object_or_404(visible, pk=pk)
    if not request.user.has_perm("people.manage_school", school_class.school):
        raise PermissionDenied

    def act(label: str) -> SchoolClass:
        return services.rename_class(actor=request.user, school_class=school_class, label=label)

    form = ClassForm(request.POST or None, initial={"label": school_class.label})
    return _class_form(request, form, act, {"school": school_class.school, "school_class": school_class})


def _class_form(request: Any, form: ClassForm, act: Any, context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            school_class = act(form.cleaned_data["label"])
        except DomainError as refusal:
            form.add_error("label", refusal.message)
        else:
            messages.success(request, _("La classe « %(name)s » est prête.") % {"name": school_class.label})
            return redirect("people:class", school_class.pk)
    request.nav_current = "people:school"
    return render(request, "people/class_form.html", context | {"form": form}, status=422 if form.errors else 200)


def week(request: Any, school_pk: Any) -> HttpResponse:
    school = headed_school(request, school_pk)
    form = WeekForm(request.POST or None, school=school)
    if request.method == "POST" and form.is_valid() and _set_week(request, school, form):
        return redirect("people:week", school.pk)
    request.nav_current = "people:school"
    context = {"school": school, "form": form, "rows": form.rows}
    return render(request, "people/week.html", context, status=422 if form.errors else 200)


def _set_week(request: HttpRequest, school: School, form: WeekForm) -> bool:
    try:
        services.set_week(actor=request.user, school=school, pattern=form.cleaned_data["pattern"], table=form.table)
    except DomainError as refusal:
        form.add_error("pattern", refusal.message)
        return False
    messages.success(request, _("La semaine de l’école est enregistrée."))
    return True

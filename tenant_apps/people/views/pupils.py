"""What a head does with a pupil by hand: ONDE is not the only way. Each act can be undone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.forms import PlaceForm, PupilForm
from tenant_apps.people.models import Enrollment, Person, Pupil
from tenant_apps.people.services.enrollments import OF_THE_PUPIL, UNDONE_FOR
from tenant_apps.people.views.families import managed_pupil
from tenant_apps.people.views.staff import headed_school


def add_pupil(request: Any, school_pk: Any) -> HttpResponse:
    school = headed_school(request, school_pk)
    form, place = PupilForm(request.POST or None), PlaceForm(request.POST or None, school=school)
    if request.method == "POST" and form.is_valid() & place.is_valid():
        facts = form.cleaned_data | {"last_name": form.cleaned_data["birth_name"]}
        on_paper = {name: facts.pop(name) for name in OF_THE_PUPIL}
        del facts["birth_name"]
        pupil = services.add_pupil(actor=request.user, **facts, **_place(place))
        services.change_pupil(actor=request.user, pupil=pupil, **on_paper)
        words = _("%(name)s est inscrit dans la classe. Ajoutez maintenant ses responsables.")
        messages.success(request, words % {"name": pupil.person.full_name})
        return redirect("people:pupil", pupil.pk)
    request.nav_current = "people:school"
    context = {"school": school, "form": form, "place_form": place, "known": _known(request, school)}
    status = 422 if form.errors or place.errors else 200
    return render(request, "people/add_pupil.html", context, status=status)


def _known(request: HttpRequest, school: Any) -> list[Pupil]:
    """Children of this very name and birth date in one's school: the form warns, the head decides."""
    typed = Person(first_name=request.POST.get("first_name", ""), birth_name=request.POST.get("birth_name", ""))
    rows = Pupil.objects.visible_to(request.user).filter(person__sort_name=typed.make_sort_name())
    return list(rows.select_related("person")[:3]) if typed.make_sort_name() else []


def move_pupil(request: Any, pk: Any) -> HttpResponse:
    """To another class of the school, another grade, a ULIS or UPE2A unit."""
    pupil = managed_pupil(request, pk)
    now = pupil.enrollments.on().select_related("school_class__school").get()
    initial = {"school_class": now.school_class_id, "grade": now.grade, "unit": now.unit}
    form = PlaceForm(request.POST or None, school=now.school_class.school, initial=initial)
    if request.method == "POST" and form.is_valid():
        enrollment = services.change_class(actor=request.user, pupil=pupil, **_place(form))
        words = _("%(name)s est en %(class)s.")
        messages.success(request, words % {"name": pupil.person.first_name, "class": enrollment.school_class.label})
        return redirect("people:pupil", pupil.pk)
    request.nav_current = "people:school"
    context = {"pupil": pupil, "enrollment": now, "form": form}
    return render(request, "people/move_pupil.html", context, status=422 if form.errors else 200)


def edit_pupil(request: Any, pk: Any) -> HttpResponse:
    pupil = managed_pupil(request, pk)
    initial = {name: getattr(pupil, name) for name in OF_THE_PUPIL}
    form = PupilForm(request.POST or None, instance=pupil.person, initial=initial)
    if request.method == "POST" and form.is_valid():
        fresh = Pupil.objects.select_related("person").get(pk=pupil.pk)  # the form has already changed its own
        services.change_pupil(actor=request.user, pupil=fresh, **form.cleaned_data)
        messages.success(request, _("C’est enregistré."))
        return redirect("people:pupil", pupil.pk)
    request.nav_current = "people:school"
    context = {"pupil": pupil, "form": form}
    return render(request, "people/edit_pupil.html", context, status=422 if form.errors else 200)


@require_POST
def leave_school(request: HttpRequest, pk: Any) -> HttpResponse:
    pupil = managed_pupil(request, pk)
    school = pupil.enrollments.on().get().school_class.school_id
    services.end_enrollment(actor=request.user, pupil=pupil)
    words = _("%(name)s ne fait plus partie de l’école. Vous pouvez annuler ce départ pendant 30 jours.")
    messages.success(request, words % {"name": pupil.person.full_name})
    return redirect("people:departures", school)


def departures(request: Any, school_pk: Any) -> HttpResponse:
    """Who left in the last weeks, and is in no class since."""
    school = headed_school(request, school_pk)
    rows = _departed(school).select_related("pupil__person", "school_class").order_by("-ends_on", "pk")
    request.nav_current = "people:school"
    return render(request, "people/departures.html", {"school": school, "rows": rows})


@require_POST
def undo_departure(request: HttpRequest, school_pk: Any, pk: Any) -> HttpResponse:
    school = headed_school(request, school_pk)
    row = get_object_or_404(_departed(school).select_related("pupil__person"), pk=pk)
    try:
        services.undo_departure(actor=request.user, pupil=row.pupil)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("people:departures", school.pk)
    messages.success(request, _("%(name)s a retrouvé sa classe.") % {"name": row.pupil.person.full_name})
    return redirect("people:pupil", row.pupil_id)


def _departed(school: Any) -> Any:
    today = timezone.localdate()
    ended = Enrollment.objects.filter(school_class__school=school, ends_on__lte=today, ends_on__gte=today - UNDONE_FOR)
    here = Pupil.objects.filter(enrollments__ends_on=None)
    return ended.exclude(pupil__in=here.values("pk"))


def _place(form: PlaceForm) -> dict[str, Any]:
    typed = form.cleaned_data
    return {name: typed[name] for name in ("school_class", "grade", "unit")} | {"on": typed["starts_on"]}

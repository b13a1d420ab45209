"""The school as its head sees it; the class as its teacher does."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import registry
from shared_apps.accounts import services as accounts
from shared_apps.accounts.sheets import Sheet, sheets_pdf
from tenant_apps.people import services, sheets
from tenant_apps.people.middleware import SESSION_KEY
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass


def school(request: HttpRequest) -> HttpResponse:
    """Classes with their teachers and numbers, and where the rest is found."""
    schools = _my_schools(request.user)
    if not schools:
        raise PermissionDenied
    found = request.GET.get("q", "").strip()
    context = {"schools": [_school(s) for s in schools], "q": found, "links": _links(request)}
    if found:
        rows = Enrollment.objects.on().filter(school_class__school__in=schools)
        rows = rows.filter(pupil__person__in=Person.objects.named(found)).select_related(
            "pupil__person", "school_class"
        )
        context["pupils"] = rows.order_by("pupil__person__sort_name")[:30]
    return render(request, "people/school.html", context)


def _my_schools(user: Any) -> list[School]:
    heading = StaffAssignment.objects.of(user).on().filter(role=StaffAssignment.Role.HEAD)
    return list(School.objects.filter(pk__in=heading.values("school")))


def _school(one: School) -> dict[str, Any]:
    teaching = StaffAssignment.objects.on().filter(role__in=StaffAssignment.TEACHING).select_related("person")
    classes = one.classes.current().annotate(pupils=Count("enrollments", filter=Q(enrollments__ends_on=None)))
    classes = classes.prefetch_related(Prefetch("assignments", teaching, to_attr="teachers"))
    return {"school": one, "classes": classes}


def _links(request: HttpRequest) -> list[dict[str, Any]]:
    links = [link for link in registry.resource_links if request.profile in link.profiles]
    return [
        {"label": x.label, "url": reverse(x.url_name), "icon": x.icon} for x in sorted(links, key=lambda x: x.order)
    ]


def my_classes(request: HttpRequest) -> HttpResponse:
    """A teacher with one class goes straight to it."""
    classes = list(_taught(request.user))
    if len(classes) == 1:
        return redirect("people:class", classes[0].pk)
    return render(request, "people/my_classes.html", {"classes": classes})


def _taught(user: Any) -> Any:
    mine = StaffAssignment.objects.of(user).on().filter(role__in=StaffAssignment.TEACHING)
    classes = SchoolClass.objects.current().filter(pk__in=mine.values("school_class")).select_related("school")
    return classes.annotate(pupils=Count("enrollments", filter=Q(enrollments__ends_on=None)))


def school_class(request: HttpRequest, pk: Any) -> HttpResponse:
    one = get_object_or_404(SchoolClass.objects.open_to(request.user).select_related("school"), pk=pk)
    sees_families = request.user.has_perm("people.view_families", one)
    guardians = Guardianship.objects.current().select_related("guardian__account")
    rows = Enrollment.objects.on().filter(school_class=one).select_related("pupil__person__account")
    if sees_families:
        rows = rows.prefetch_related(Prefetch("pupil__guardianships", guardians, to_attr="adults"))
    teachers = StaffAssignment.objects.on().filter(school_class=one).select_related("person")
    context = {
        "school_class": one,
        "rows": rows.order_by("pupil__person__sort_name", "pk"),
        "teachers": teachers,
        "sees_families": sees_families,
        "may_print": request.user.has_perm("people.print_sheets", one.school),
    }
    return render(request, "people/class.html", context)


def pupil(request: HttpRequest, pk: Any) -> HttpResponse:
    """The child's page, for its school: guardians, authority, home. The town doesn't open it."""
    one = _pupil_of_my_school(request, pk)
    context = {
        "pupil": one,
        "enrollment": one.enrollments.on().select_related("school_class__school").first(),
        "links": one.guardianships.current().select_related("guardian__account"),
        "may_manage": request.user.has_perm("people.manage_pupil", one),
    }
    return render(request, "people/pupil.html", context)


def _pupil_of_my_school(request: HttpRequest, pk: Any) -> Pupil:
    one = get_object_or_404(Pupil.objects.visible_to(request.user).select_related("person__account"), pk=pk)
    enrollment = one.enrollments.on().select_related("school_class").first()
    if enrollment is None or not request.user.has_perm("people.view_families", enrollment.school_class):
        raise Http404
    return one


@require_POST
def authority(request: HttpRequest, pk: Any) -> HttpResponse:
    link = get_object_or_404(Guardianship.objects.current().select_related("pupil"), pk=pk)
    _pupil_of_my_school(request, link.pupil_id)
    services.change_guardianship(
        actor=request.user, guardianship=link, has_parental_authority=request.POST.get("has_parental_authority") == "1"
    )
    messages.success(request, _("C’est enregistré, avec effet immédiat."))
    return redirect("people:pupil", link.pupil_id)


# --- codes and sheets


def school_sheets(request: HttpRequest, school_pk: Any) -> HttpResponse:
    """Choose whom the sheets are for, then print them."""
    one = _school_i_head(request, school_pk)
    groups = sheets.groups(one)
    return render(request, "people/sheets.html", {"school": one, "groups": groups, "classes": one.classes.current()})


def sheets_file(request: HttpRequest, school_pk: Any) -> HttpResponse:
    one = _school_i_head(request, school_pk)
    rows = sheets.rows(one, who=request.GET.get("qui", "responsables"), class_pk=request.GET.get("classe") or None)
    if not rows:
        messages.info(request, _("Tous ces comptes sont déjà activés : rien à imprimer."))
        return redirect("people:sheets", one.pk)
    per_page = 2 if request.GET.get("format") == "2" else 8
    pdf = sheets_pdf(rows, per_page=per_page, title=one.name)
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="fiches.pdf"'}
    )


@require_POST
def renew_code(request: HttpRequest, pk: Any) -> HttpResponse:
    """A new code for one adult or child of my school, shown once and printable."""
    person = get_object_or_404(Person.objects.select_related("account").exclude(account=None), pk=pk)
    one = sheets.school_of(person, _my_schools(request.user))
    if one is None:
        raise Http404
    accounts.renew_code(actor=request.user, user=person.account)
    person.account.refresh_from_db()
    row = Sheet.of(person.account, school=one.name, detail="")
    pdf = sheets_pdf([row], per_page=2, title=one.name)
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="fiche.pdf"'}
    )


def _school_i_head(request: HttpRequest, pk: Any) -> School:
    one = next((s for s in _my_schools(request.user) if s.pk == pk), None)
    if one is None:
        raise Http404
    return one


# --- several faces


@require_POST
def switch_profile(request: HttpRequest) -> HttpResponse:
    """Parent of one child and teacher of another: one account, a visible switch."""
    chosen = request.POST.get("profile", "")
    if chosen in request.profiles:
        request.session[SESSION_KEY] = chosen
    return redirect("home")

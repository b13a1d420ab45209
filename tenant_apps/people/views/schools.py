"""The school as its head sees it, and as the town does; the classes as their teachers do."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import registry
from tenant_apps.people.models import Enrollment, Guardianship, Pupil, StaffAssignment
from tenant_apps.people.supports import supported_by
from tenant_apps.schools.models import Grade, School, SchoolClass
from tenant_apps.schools.querysets import GRADES

FOUND_AT_MOST = 30


def school(request: HttpRequest) -> HttpResponse:
    """Classes with their teachers and numbers, and where the rest is found."""
    schools = list(_schools(request))
    if not schools:
        raise PermissionDenied
    query = request.GET.get("q", "").strip()
    blocks = [_block(one) for one in schools]
    # For the rights that open a link: what is read here is not asked again.
    youngest = {GRADES[one.rank] for block in blocks for one in block["classes"] if one.rank is not None}
    request.user.has_children_of_cycle_1 = any(Grade(grade).cycle == 1 for grade in youngest)
    # A head needs the first act said; the town, only the names of the schools that have nothing to read.
    empty = [block for block in blocks if not block["classes"]] if request.profile == "municipal" else []
    context = {
        "blocks": blocks,
        "shown": [block for block in blocks if block not in empty],
        "empty": empty,
        "links": _links(request),
        "is_head": request.profile == "head",
        "is_officer": request.user.has_perm("people.manage_agents"),
        "query": query,
        "found": _found(request, query) if query else [],
    }
    return render(request, "people/school.html", context)


def _schools(request: Any) -> Any:
    """The head: the schools headed. The town's agents: theirs, to read names and classes."""
    if request.profile == "head":
        return School.objects.headed_by(request.user)
    if request.profile == "municipal":
        return School.objects.open().worked_in_by(request.user)
    return School.objects.none()


def _block(one: School) -> dict[str, Any]:
    teaching = StaffAssignment.objects.on().teaching().select_related("person").order_by("person__sort_name")
    classes = one.classes.current().with_pupil_count().by_grade()
    classes = list(classes.prefetch_related(Prefetch("assignments", teaching, to_attr="teachers")))
    links = [
        {"label": _("Équipe"), "url": reverse("people:staff", args=[one.pk]), "icon": "identification-badge"},
        {"label": _("Familles"), "url": reverse("people:families", args=[one.pk]), "icon": "users-three"},
        {"label": _("Codes et fiches de connexion"), "url": reverse("people:sheets", args=[one.pk]), "icon": "key"},
        {"label": _("Inscrire un élève"), "url": reverse("people:add_pupil", args=[one.pk]), "icon": "user-plus"},
        {"label": _("Ouvrir une classe"), "url": reverse("people:add_class", args=[one.pk]), "icon": "plus-circle"},
        {"label": _("Départs récents"), "url": reverse("people:departures", args=[one.pk]), "icon": "door-open"},
        {"label": _("Semaine de l’école"), "url": reverse("people:week", args=[one.pk]), "icon": "calendar-blank"},
    ]
    return {"school": one, "classes": classes, "pupils": sum(c.pupils for c in classes), "links": links}


def _found(request: Any, query: str) -> list[Enrollment]:
    """Pupils of the classes that open to me, by first name or surname."""
    rows = Enrollment.objects.on().filter(school_class__in=SchoolClass.objects.open_to(request.user))
    rows = rows.filter(pupil__in=Pupil.objects.named(query)).select_related("pupil__person", "school_class__school")
    return list(rows.order_by("pupil__person__sort_name", "pk")[:FOUND_AT_MOST])


def _links(request: Any) -> list[dict[str, Any]]:
    links = [link for link in registry.resource_links if request.profile in link.profiles]
    links = [link for link in links if not link.url_name.startswith("people:my_")]  # of the person, not of the school
    return [
        {"label": link.label, "url": reverse(link.url_name), "icon": link.icon}
        for link in sorted(links, key=lambda link: link.order)
        if not link.permission or request.user.has_perm(link.permission)
    ]


def my_classes(request: HttpRequest) -> HttpResponse:
    """A teacher with one class goes straight to it; an AESH reads here the children helped by name."""
    mine = SchoolClass.objects.bound_to(request.user).filter(pk__in=SchoolClass.objects.open_to(request.user))
    classes = list(mine.select_related("school").with_pupil_count())
    helped = supported_by(request.user).select_related("pupil__person", "school_class__school")
    rows = list(helped.order_by("pupil__person__sort_name", "pk"))
    if len(classes) == 1 and not rows:
        return redirect("people:class", classes[0].pk)
    return render(request, "people/my_classes.html", {"classes": classes, "rows": rows})


def school_class(request: Any, pk: Any) -> HttpResponse:
    one = get_object_or_404(SchoolClass.objects.open_to(request.user).select_related("school"), pk=pk)
    request.nav_current = "people:my_classes" if request.profile == "teacher" else "people:school"
    sees_families = request.user.has_perm("people.view_families", one)
    staff = StaffAssignment.objects.on().filter(school_class=one).select_related("person").order_by("person__sort_name")
    rows = _rows(one, with_families=sees_families)
    context = {
        "school_class": one,
        "rows": rows,
        "has_grades": len({(row.grade, row.unit) for row in rows}) > 1,
        "waiting": len(_waiting(rows)) if sees_families else 0,
        "teachers": [a for a in staff if a.role in StaffAssignment.TEACHING],
        "helpers": [a for a in staff if a.role not in StaffAssignment.TEACHING],
        "sees_families": sees_families,
        "sees_gate": Pupil.objects.collected_from(request.user).filter(enrollments__in=rows).exists(),
        "may_manage": request.user.has_perm("people.manage_school", one.school),
    }
    return render(request, "people/class.html", context)


def _rows(one: SchoolClass, *, with_families: bool) -> list[Enrollment]:
    rows = Enrollment.objects.on().filter(school_class=one).order_by("pupil__person__sort_name", "pk")
    if not with_families:
        return list(rows.select_related("pupil__person"))
    adults = Guardianship.objects.current().select_related("guardian__account")
    rows = rows.select_related("pupil__person__account")
    return list(rows.prefetch_related(Prefetch("pupil__guardianships", adults, to_attr="adults")))


def _waiting(rows: list[Enrollment]) -> set[Any]:
    """The adults of the class who have a code to receive."""
    adults = [link.guardian for row in rows for link in row.pupil.adults]
    return {adult.pk for adult in adults if adult.account is not None and not adult.account.is_activated}

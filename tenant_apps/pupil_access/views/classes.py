"""The teacher's side: open the class, see who is in, print, renew."""

import io
from typing import Any

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.people.models import Enrollment
from tenant_apps.pupil_access import hours, secrets_of, services
from tenant_apps.pupil_access.models import ClassDoor, Way
from tenant_apps.pupil_access.sheets import pdf_of
from tenant_apps.schools.models import SchoolClass
from tenants.addresses import base_url


def classes(request: HttpRequest) -> HttpResponse:
    """Mine, or those of my school."""
    if not request.user.has_perm("pupil_access.open_classes"):
        raise PermissionDenied
    rows = SchoolClass.objects.families_open_to(request.user).select_related("school", "door").with_pupil_count()
    found = list(rows.order_by("school__name", "label", "pk"))
    if len(found) == 1:
        return redirect("pupil_access:class", found[0].pk)
    return render(request, "pupil_access/classes.html", {"classes": found})


def school_class(request: Any, pk: Any) -> HttpResponse:
    one = _class(request, pk)
    request.nav_current = "people:my_classes" if request.profile == "teacher" else "people:school"
    door = services.door_of(one)
    way = services.way_of(door)
    rows = _rows(one, door)
    context = {
        "school_class": one,
        "door": door,
        "way": way,
        "uses_door": way != Way.PASSWORD,
        "durations": hours.durations(),
        "ways": [{"value": w.value, "label": w.label, "checked": w == way} for w in Way],
        "rows": rows,
        "inside": sum(row["is_in"] for row in rows),
        "asking": sum(row["asks"] for row in rows),
    } | (_shown(door) if door.is_open else {})
    return render(request, "pupil_access/class.html", context)


def _rows(one: SchoolClass, door: ClassDoor) -> list[dict[str, Any]]:
    enrolled = Enrollment.objects.on().filter(school_class=one).select_related("pupil__person", "pupil__key")
    rows = []
    for row in enrolled.order_by("pupil__person__sort_name", "pk"):
        key = getattr(row.pupil, "key", None)
        is_in = key is not None and door.is_open and key.is_in_since(door.opened_at)
        rows.append({"pupil": row.pupil, "key": key, "is_in": is_in, "asks": bool(key and key.help_asked_at)})
    return rows


@require_POST
def open_class(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _class(request, pk)
    try:
        services.open_class(actor=request.user, school_class=one, duration=request.POST.get("duree", ""))
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("pupil_access:class", one.pk)
    messages.success(request, _("La classe est ouverte. Montrez le code à la tablette."))
    return redirect("pupil_access:class", one.pk)


@require_POST
def close_class(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _class(request, pk)
    signs_out = request.POST.get("avec") == "eleves"
    count = services.close_class(actor=request.user, school_class=one, signs_out=signs_out)
    words = ngettext(
        "La classe est fermée ; %(n)s élève est déconnecté.",
        "La classe est fermée ; %(n)s élèves sont déconnectés.",
        count,
    )
    messages.success(request, words % {"n": count} if count else _("La classe est fermée : plus personne n’entre."))
    return redirect("pupil_access:class", one.pk)


@require_POST
def choose_way(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _class(request, pk)
    try:
        services.choose_way(actor=request.user, school_class=one, way=request.POST.get("facon", ""))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("C’est enregistré."))
    return redirect("pupil_access:class", one.pk)


@require_POST
def renew_class(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _class(request, pk)
    way = services.way_of(services.door_of(one))
    count = services.renew_class(actor=request.user, school_class=one, way=way)
    words = ngettext(
        "%(n)s accès est renouvelé. Imprimez-le : l’ancien n’ouvre plus rien.",
        "%(n)s accès sont renouvelés. Imprimez-les : les anciens n’ouvrent plus rien.",
        count,
    )
    messages.success(request, words % {"n": count})
    return redirect("pupil_access:class", one.pk)


@never_cache
@require_POST
def print_class(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _class(request, pk)
    way = way_asked(request)
    held = services.print_class(actor=request.user, school_class=one, way=way)
    if not held:
        messages.info(request, _("Rien à imprimer : la classe n’a pas encore d’élève."))
        return redirect("pupil_access:class", one.pk)
    return pdf_response(pdf_of(held, way))


def board(request: HttpRequest, pk: Any) -> HttpResponse:
    """To project, or to show to the tablet."""
    one = _class(request, pk)
    door = services.door_of(one)
    if not door.is_open:
        messages.info(request, _("La classe est fermée : ouvrez-la d’abord."))
        return redirect("pupil_access:class", one.pk)
    return render(request, "pupil_access/board.html", {"school_class": one, "door": door} | _shown(door))


def _shown(door: ClassDoor) -> dict[str, Any]:
    """The code of this opening, as letters and as a picture."""
    code = secrets_of.board_code_of(door)
    address = base_url() + reverse("pupil_access:door")
    whole = base_url() + reverse("pupil_access:board_code", args=[code])
    return {"code": code, "address": address.split("://")[1].rstrip("/"), "qr": qr_picture(whole)}


def qr_picture(text: str) -> SafeString:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=False, scale=5, border=3, omitsize=True)
    return mark_safe(out.getvalue().decode())  # noqa: S308  (made by segno from an address of ours)


def way_asked(request: HttpRequest) -> Way:
    text = request.POST.get("quoi", "")
    return Way(text) if text in Way.values else Way.CARD


def pdf_response(pdf: bytes) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="entree-des-eleves.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _class(request: HttpRequest, pk: Any) -> SchoolClass:
    visible = SchoolClass.objects.visible_to(request.user).select_related("school")
    one = get_object_or_404(visible, pk=pk)
    if not request.user.has_perm("pupil_access.manage_class", one):
        raise PermissionDenied
    return one

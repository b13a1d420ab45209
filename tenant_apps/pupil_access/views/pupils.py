"""One child's access: show it again, let the child try again, renew it, print it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.pupil_access import secrets_of, services
from tenant_apps.pupil_access.models import PupilKey, Way
from tenant_apps.pupil_access.pictures import named
from tenant_apps.pupil_access.services.keys import Held, has_our_password
from tenant_apps.pupil_access.sheets import pdf_of
from tenant_apps.pupil_access.views.classes import pdf_response, way_asked


@never_cache
def pupil(request: Any, pk: Any) -> HttpResponse:
    """Nothing secret on the first page, that others may see; a POST shows it, and the audit says so."""
    one = _pupil(request, pk)
    request.nav_current = "people:my_classes" if request.profile == "teacher" else "people:school"
    enrollment = _enrollment(one)
    way = _way(enrollment)
    context = {
        "pupil": one,
        "enrollment": enrollment,
        "way": way,
        "uses_password": way == Way.PASSWORD,
        "key": PupilKey.objects.filter(pupil=one).first(),
    }
    if request.method == "POST":
        context |= _secrets(services.show_key(actor=request.user, pupil=one))
    return render(request, "pupil_access/pupil.html", context)


def _secrets(held: Held) -> dict[str, Any]:
    count = services.count_of_pictures(held.enrollment.grade)
    return {
        "is_shown": True,
        "key": held.key,
        "pictures": named(secrets_of.pictures_of(held.key, count)),
        "card": secrets_of.card_of(held.key),
        "password": secrets_of.password_of(held.key) if has_our_password(held) else "",
        "identifier": held.person.account.identifier if held.person.account else "",
    }


@require_POST
def answer_help(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _pupil(request, pk)
    services.answer_help(actor=request.user, pupil=one)
    messages.success(request, _("%(name)s peut essayer de nouveau.") % {"name": one.person.first_name})
    return redirect("pupil_access:class", _enrollment(one).school_class_id)


@require_POST
def renew(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _pupil(request, pk)
    services.renew_pupil(actor=request.user, pupil=one, way=_way(_enrollment(one)))
    messages.success(request, _("C’est renouvelé : la carte d’avant n’ouvre plus rien."))
    return redirect("pupil_access:pupil", one.pk)


@never_cache
@require_POST
def print_pupil(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _pupil(request, pk)
    way = way_asked(request)
    return pdf_response(pdf_of([services.print_pupil(actor=request.user, pupil=one, way=way)], way))


def _pupil(request: HttpRequest, pk: Any) -> Pupil:
    visible = Pupil.objects.visible_to(request.user).enrolled().select_related("person__account")
    one = get_object_or_404(visible, pk=pk)
    if not request.user.has_perm("pupil_access.manage_pupil", one):
        raise PermissionDenied
    return one


def _enrollment(one: Pupil) -> Enrollment:
    return Enrollment.objects.on().select_related("school_class__school").get(pupil=one)


def _way(enrollment: Enrollment) -> Way:
    return services.way_of(services.door_of(enrollment.school_class))

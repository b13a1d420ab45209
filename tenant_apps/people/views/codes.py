"""Codes and sheets: what the school hands to families and staff so that they come in."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.accounts import lots
from shared_apps.accounts.codes import code_of
from shared_apps.accounts.sheets import Sheet, sheets_pdf
from shared_apps.audit.services import record
from tenant_apps.people import services, sheets
from tenant_apps.people.keepers import keepers_of, taught_parents
from tenant_apps.people.models import Person, Pupil
from tenant_apps.schools.models import School

PER_PAGE = {"8": 8, "2": 2, "1": 1}


def school_sheets(request: Any, school_pk: Any) -> HttpResponse:
    """Choose whom the sheets are for, then print them."""
    school = _school(request, school_pk)
    request.nav_current = "people:school"
    context = {
        "school": school,
        "counts": sheets.counts(school),
        "orders": sheets.Order,
        "lots": lots.of(school.pk),
        "classes": school.classes.current(),
        "class_pk": _uuid(request.GET.get("classe")),
    }
    return render(request, "people/sheets.html", context)


@never_cache
@require_POST
def sheets_file(request: HttpRequest, school_pk: Any) -> HttpResponse:
    school = _school(request, school_pk)
    order = request.POST.get("tri", "")
    rows = services.print_sheets(
        **_whom(request, school),
        order=order if order in sheets.Order.values else sheets.Order.CLASS,
        without_address=bool(request.POST.get("sans_adresse")),
    )
    if not rows:
        messages.info(request, _("Rien à imprimer : ces comptes sont déjà activés, ou leur code vient d’ailleurs."))
        return redirect("people:sheets", school.pk)
    per_page = PER_PAGE.get(request.POST.get("format", ""), 8)
    return _pdf(rows, per_page=per_page, title=school.name, name="fiches")


@require_POST
def send_codes(request: HttpRequest, school_pk: Any) -> HttpResponse:
    school = _school(request, school_pk)
    sent = services.send_codes(**_whom(request, school))
    if sent.mailed:
        words = ngettext("%(count)d courriel part.", "%(count)d courriels partent.", sent.mailed)
        messages.success(request, words % {"count": sent.mailed})
    else:
        messages.info(request, _("Aucun courriel à envoyer : personne n’attend ici de code avec une adresse."))
    if sent.without_address:
        words = ngettext(
            "%(count)d personne n’a pas d’adresse : imprimez sa fiche.",
            "%(count)d personnes n’ont pas d’adresse : imprimez leurs fiches.",
            sent.without_address,
        )
        messages.warning(request, words % {"count": sent.without_address})
    return redirect("people:sheets", school.pk)


def revoke_lot(request: HttpRequest, school_pk: Any, pk: Any) -> HttpResponse:
    """Say first what it changes; POST does it."""
    school = _school(request, school_pk)
    lot = next((lot for lot in lots.of(school.pk) if lot.pk == pk), None)
    if lot is None:
        raise Http404
    if request.method == "POST":
        try:
            count = services.revoke_lot(actor=request.user, lot=lot)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            words = ngettext(
                "%(count)d code n’ouvre plus rien. Une autre fiche en porte un nouveau.",
                "%(count)d codes n’ouvrent plus rien. D’autres fiches en portent de nouveaux.",
                count,
            )
            messages.success(request, words % {"count": count})
        return redirect("people:sheets", school.pk)
    request.nav_current = "people:school"  # type: ignore[attr-defined]
    return render(request, "people/revoke_lot.html", {"school": school, "lot": lot})


def _whom(request: HttpRequest, school: School) -> dict[str, Any]:
    group = request.POST.get("qui", "")
    known = {*sheets.Group.values, sheets.ALL}
    return {
        "actor": request.user,
        "school": school,
        "group": group if group in known else sheets.Group.GUARDIANS,
        "class_pk": _uuid(request.POST.get("classe")),
    }


@never_cache
def person_code(request: Any, pk: Any) -> HttpResponse:
    """The code of one person of my school, to say at the gate or to print; POST gives a new one."""
    person = _person(request, pk)
    if request.method == "POST":
        services.renew_code(actor=request.user, person=person)
        messages.success(request, _("Nouveau code prêt. L’ancien code et l’ancien mot de passe n’ouvrent plus rien."))
        return redirect("people:code", person.pk)
    account = person.account
    if account.has_live_code:
        record(actor=request.user, action="people.code_shown", obj=account)
    request.nav_current = "people:school"
    context = {
        "person": person,
        "account": account,
        "code": code_of(account) if account.has_live_code else "",
        "back": _back(person),
    }
    return render(request, "people/code.html", context)


@never_cache
@require_POST
def person_sheet(request: HttpRequest, pk: Any) -> HttpResponse:
    person = _person(request, pk)
    sheet = services.print_sheet(actor=request.user, person=person)
    if sheet is None:
        return redirect("people:code", person.pk)
    return _pdf([sheet], per_page=2, title=sheet.place, name="fiche")


def may_give_codes(user: Any, people: Iterable[Person]) -> set[Any]:
    """Of these persons, those to whom this user gives a code: `people.renew_code`, for a list."""
    others = {person.pk for person in people if person.account_id not in (None, user.pk)}
    headed = set(School.objects.headed_by(user).values_list("pk", flat=True))
    kept = {pk for pk, school in keepers_of(others).items() if school in headed} if headed else set()
    return kept | taught_parents(user, others - kept)


def _back(person: Person) -> str:
    """The child's page, or that of the child of this adult, else the team."""
    pupil = Pupil.objects.filter(person=person) | Pupil.objects.filter(guardianships__guardian=person)
    if found := pupil.enrolled().distinct().first():
        return reverse("people:pupil", args=[found.pk])
    school = keepers_of([person.pk])[person.pk]
    return reverse("people:staff", args=[school]) if school else reverse("people:agents")


def _person(request: HttpRequest, pk: Any) -> Person:
    visible = Person.objects.visible_to(request.user).select_related("account").exclude(account=None)
    person = get_object_or_404(visible, pk=pk)
    if not request.user.has_perm("people.renew_code", person):
        raise PermissionDenied
    return person


def _school(request: HttpRequest, pk: Any) -> School:
    school = get_object_or_404(School.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("people.print_sheets", school):
        raise PermissionDenied
    return school


def _pdf(rows: list[Sheet], *, per_page: int, title: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    pdf = sheets_pdf(rows, per_page=per_page, title=title)
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None

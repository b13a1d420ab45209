"""« Personnels itinérants » for who posts them; « Mes communes » for who moves."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.accounts.services import activation_code
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.audit.services import record
from shared_apps.mobility import services
from shared_apps.mobility.forms import DaysForm, PostingForm, StaffForm
from shared_apps.mobility.models import MovingStaff, Posting
from shared_apps.onboarding.views import communes as onboarding
from shared_apps.reference.models import RefSchool
from shared_apps.reference.scopes import roles_of
from tenants import letters
from tenants.models import Commune
from tenants.neighbours import open_neighbours

MANAGE = "mobility.manage_postings"


def home(request: HttpRequest) -> HttpResponse:
    """Who moves and does nothing else here begins by the communes of the day."""
    if not roles_of(request.user) and request.user.has_perm("mobility.enter_communes"):
        return redirect("mobility:my_communes")
    return onboarding.home(request)


# --- who posts


def moving_staff(request: HttpRequest) -> HttpResponse:
    _require(request)
    query = request.GET.get("q", "").strip()
    people = MovingStaff.objects.visible_to(request.user).select_related("user")
    if query:
        people = people.filter(user__last_name__icontains=query)
    shown = list(people.order_by("user__last_name", "user__first_name", "pk")[:200])
    ahead: dict[Any, list[Posting]] = {}
    rows = Posting.objects.ahead().filter(staff__in=shown).select_related("school", "commune")
    for row in rows.order_by("commune__name", "school__sort_name", "pk"):
        ahead.setdefault(row.staff_id, []).append(row)
    lines = [_line(person, ahead.get(person.pk, [])) for person in shown]
    return render(request, "mobility/moving_staff.html", {"lines": lines, "query": query})


def _line(person: MovingStaff, postings: list[Posting]) -> dict[str, Any]:
    return {
        "person": person,
        "roles": list(dict.fromkeys(row.get_role_display() for row in postings)),
        "towns": list(dict.fromkeys(row.commune.name for row in postings)),
        "has_problem": any(row.problem for row in postings),
    }


def add(request: HttpRequest) -> HttpResponse:
    _require(request)
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        staff = services.add_staff(actor=request.user, **form.cleaned_data)
        messages.success(request, _("L’identité est créée. Dites maintenant où %(name)s intervient.") % {"name": staff})
        return redirect("mobility:member", staff.pk)
    return render(request, "mobility/add.html", {"form": form}, status=422 if form.errors else 200)


def member(request: HttpRequest, pk: Any) -> HttpResponse:
    staff = _visible_staff(request, pk)
    rows = Posting.objects.visible_to(request.user).filter(staff=staff).select_related("school", "commune")
    rows = list(rows.order_by("commune__name", "school__sort_name", "starts_on", "pk"))
    code = activation_code(staff.user) if staff.user.has_live_code else ""
    context = {
        "staff": staff,
        "ahead": [row for row in rows if not row.is_over],
        "over": [row for row in rows if row.is_over],
        "code": code,
        "communes": _communes(request.user),
    }
    return render(request, "mobility/member.html", context)


def _communes(user: Any) -> list[Commune]:
    """Those that have a space, and a school that this officer sees."""
    schools = RefSchool.objects.current().public().visible_to(user)
    return list(Commune.objects.laid().filter(insee__in=schools.values("commune_id")).order_by("name", "insee"))


def post(request: HttpRequest, pk: Any) -> HttpResponse:
    staff = _visible_staff(request, pk)
    commune = next((one for one in _communes(request.user) if one.insee == request.GET.get("commune")), None)
    if commune is None:
        return redirect("mobility:member", staff.pk)
    form = PostingForm(request.POST or None, user=request.user, insee=commune.insee)
    if request.method == "POST" and form.is_valid():
        facts = {"schools": form.cleaned_data["schools"], "role": form.cleaned_data["role"], **form.days()}
        try:
            services.post_staff(actor=request.user, staff=staff, **facts)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            words = _(
                "%(name)s aura son compte à %(town)s le premier jour ; les directions le voient dans leur équipe."
            )
            messages.success(request, words % {"name": staff, "town": commune})
            return redirect("mobility:member", staff.pk)
    context = {"staff": staff, "commune": commune, "form": form}
    return render(request, "mobility/post.html", context, status=422 if form.errors else 200)


def change(request: HttpRequest, pk: Any) -> HttpResponse:
    posting = _visible_posting(request, pk)
    initial = {"starts_on": posting.starts_on, "last_day": posting.last_day}
    form = DaysForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_days(actor=request.user, posting=posting, **form.days())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Les dates sont changées, ici et dans la commune."))
            return redirect("mobility:member", posting.staff_id)
    context = {"posting": posting, "form": form}
    return render(request, "mobility/change.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, pk: Any) -> HttpResponse:
    posting = _visible_posting(request, pk)
    try:
        services.end_posting(actor=request.user, posting=posting)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("C’est terminé à %(school)s : plus rien n’y est ouvert par cette fonction.")
        messages.success(request, words % {"school": posting.school})
    return redirect("mobility:member", posting.staff_id)


def _visible_staff(request: HttpRequest, pk: Any) -> MovingStaff:
    _require(request)
    return get_object_or_404(MovingStaff.objects.visible_to(request.user).select_related("user"), pk=pk)


def _visible_posting(request: HttpRequest, pk: Any) -> Posting:
    _require(request)
    rows = Posting.objects.visible_to(request.user).select_related("school", "commune", "staff__user")
    return get_object_or_404(rows, pk=pk)


def _require(request: Any) -> None:
    request.nav_current = "home"
    if not request.user.has_perm(MANAGE):
        raise PermissionDenied


# --- who moves


def my_communes(request: Any) -> HttpResponse:
    """The communes of the day, one click from each; those to come, dated."""
    if not request.user.has_perm("mobility.enter_communes"):
        raise PermissionDenied
    rows = Posting.objects.ahead().of(request.user).select_related("school", "commune")
    rows = list(rows.order_by("commune__name", "commune_id", "school__sort_name", "pk"))
    doors = {
        one.schema: f"{one.url}/passage/?depuis=public"
        for one in open_neighbours(row.commune.schema_name for row in rows)
    }
    blocks = [
        {"commune": commune, "postings": list(group), "door": doors.get(commune.schema_name)}
        for commune, group in groupby((row for row in rows if row.is_current), key=lambda row: row.commune)
    ]
    coming = [row for row in rows if not row.is_current]
    return render(request, "mobility/my_communes.html", {"blocks": blocks, "coming": coming})


def towards(request: HttpRequest) -> HttpResponse:
    """A commune asks who is here: answered for who is posted there today and gave the second factor."""
    try:
        asking = letters.read("asking", request.GET.get("lettre", ""))
    except letters.UnreadableLetter:
        return _refused(request, _("Ce passage est trop ancien. Reprenez depuis « Mes communes »."))
    posting = Posting.objects.on().of(request.user).filter(commune__schema_name=asking.sender.schema).first()
    if posting is None or not request.session.get(SECOND_FACTOR_KEY):
        words = _("Vous n’avez pas d’affectation à %(town)s aujourd’hui.")
        return _refused(request, words % {"town": asking.sender.name})
    record(actor=request.user, action="mobility.passage_given", obj=posting)
    data = {"number": asking.data["number"], "subject": str(posting.staff_id)}
    letter = letters.write("opening", to=asking.sender, data=data)
    return HttpResponseRedirect(f"{asking.sender.url}/passage/arrivee/?lettre={letter}")


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "mobility/refused.html", {"words": words}, status=410)

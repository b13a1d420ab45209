"""Records that look like one human being: for the head, side by side."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from tenant_apps.people import duplicates as found
from tenant_apps.people import services, side_by_side
from tenant_apps.people.models import Person
from tenant_apps.people.pairs import PersonPair
from tenant_apps.people.services.merges import may_settle
from tenant_apps.schools.models import School

PER_PAGE = 30
State = PersonPair.State


@require_safe
def duplicates(request: Any) -> HttpResponse:
    """The most alike first; then what other schools propose, and what was merged lately."""
    if not request.user.has_perm("people.settle_duplicates"):
        raise PermissionDenied
    schools = _schools(request)
    page = Paginator(found.candidates(schools), PER_PAGE).get_page(request.GET.get("page"))
    people = Person.objects.in_bulk({pk for pair in page for pk in (pair.one, pair.two)})
    mine = found.people_of(schools)
    told = PersonPair.objects.filter(Q(kept__in=mine) | Q(other__in=mine)).select_related("kept", "other")
    context = {
        "page": page,
        "rows": [side_by_side.row(pair, people[pair.one], people[pair.two]) for pair in page],
        "proposed": told.filter(state=State.PROPOSED),
        "merged": told.undoable(),
    }
    return render(request, "people/duplicates.html", context)


@require_safe
def pair(request: Any, one: Any, two: Any) -> HttpResponse:
    first, second = _two(request, one, two)
    spoken = may_settle(request.user, [first, second])
    context = side_by_side.compared(first, second, spoken) | {
        "one": first,
        "two": second,
        "is_alone": all(spoken.values()),
        "kept": side_by_side.likely_to_stay(first, second),
        "proposal": PersonPair.objects.filter(_these(first, second), state=State.PROPOSED).first(),
    }
    return render(request, "people/pair.html", context)


@require_POST
def merge(request: Any, one: Any, two: Any) -> HttpResponse:
    first, second = _two(request, one, two)
    kept, other = (second, first) if request.POST.get("reste") == str(second.pk) else (first, second)
    try:
        done = services.merge(actor=request.user, kept=kept, other=other)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        name = {"name": kept.full_name}
        if done.state == State.MERGED:
            messages.success(request, _("Les deux fiches de %(name)s n’en font plus qu’une.") % name)
        else:
            messages.success(request, _("Votre proposition pour %(name)s attend l’accord de l’autre école.") % name)
    return redirect("people:duplicates")


@require_POST
def keep_apart(request: Any, one: Any, two: Any) -> HttpResponse:
    first, second = _two(request, one, two)
    services.keep_apart(actor=request.user, one=first, two=second)
    messages.success(request, _("C’est noté : ce sont deux personnes. La question ne sera plus posée."))
    return redirect("people:duplicates")


@require_POST
def unmerge(request: Any, pk: Any) -> HttpResponse:
    mine = found.people_of(_schools(request))
    rows = PersonPair.objects.filter(Q(kept__in=mine) | Q(other__in=mine)).select_related("kept", "other")
    merged = get_object_or_404(rows, pk=pk)
    try:
        services.unmerge(actor=request.user, pair=merged)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("La fusion est défaite : chacun retrouve ce qu’il avait."))
    return redirect("people:duplicates")


def _schools(request: Any) -> list[School]:
    """None for who heads no school: a pair is then not found, as it is on another commune's host."""
    request.nav_current = "people:school"
    return list(School.objects.headed_by(request.user))


def _two(request: HttpRequest, one: Any, two: Any) -> tuple[Person, Person]:
    """Only a pair that the list proposes: a head doesn't compare whom they like."""
    wanted = {one, two}
    if not any({pair.one, pair.two} == wanted for pair in found.candidates(_schools(request))):
        raise Http404
    people = Person.objects.select_related("account", "pupil").in_bulk(wanted)
    return people[one], people[two]


def _these(one: Person, two: Person) -> Q:
    return Q(kept=one, other=two) | Q(kept=two, other=one)

"""The head's board of next year. Works by lists and buttons; dragging is an addition of the page's script."""

from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.schools.models import School, SchoolYear
from tenant_apps.year_change import services
from tenant_apps.year_change.board import Board, board_of, destinations
from tenant_apps.year_change.forms import DraftClassForm, PublishForm
from tenant_apps.year_change.models import DraftClass, YearDraft
from tenant_apps.year_change.services.moves import expected

JULY, EVENING = (7, 1), time(18, 0)


def index(request: HttpRequest) -> HttpResponse:
    """One's schools and where each stands. A head with one board goes straight to it."""
    request.nav_current = _nav(request)
    schools = list(School.objects.headed_by(request.user))
    drafts = list(YearDraft.objects.visible_to(request.user).filter(applied_at=None).select_related("school", "year"))
    if not schools and request.profile != "teacher":
        raise PermissionDenied
    if request.method == "POST":
        return _prepare(request, schools)
    if len(drafts) == 1 and len(schools) <= 1:
        return redirect(drafts[0])
    begun = {draft.school_id for draft in drafts}
    year = SchoolYear.objects.current().first()
    context = {
        "drafts": drafts,
        "to_prepare": [school for school in schools if school.pk not in begun],
        "opens_on": services.opens_on(year) if year else None,
        "is_early": year is None or timezone.localdate() < services.opens_on(year),
        "next_year": _label_after(year),
        "is_head": bool(schools),
    }
    return render(request, "year_change/index.html", context)


def _label_after(year: SchoolYear | None) -> str:
    return f"{int(year.label[:4]) + 1}-{int(year.label[:4]) + 2}" if year else ""


def _prepare(request: HttpRequest, schools: list[School]) -> HttpResponse:
    wanted = request.POST.get("school", "")
    school = next((one for one in schools if str(one.pk) == wanted), None)
    if school is None:
        raise PermissionDenied
    try:
        return redirect(services.prepare(actor=request.user, school=school))
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("year_change:index")


def board(request: HttpRequest, pk: Any) -> HttpResponse:
    return _show(request, _visible(request, pk))


def _show(request: HttpRequest, draft: YearDraft) -> HttpResponse:
    may_change = request.user.has_perm("year_change.change_draft", draft)
    state = board_of(draft)
    context = {
        "draft": draft,
        "board": state,
        "may_change": may_change,
        "missing": services.missing_pupils(draft).count() if may_change else 0,
        "expected": len(expected(draft)) if may_change else 0,
        "destinations": destinations(draft) if may_change else [],
        "unplanned": _unplanned(draft, state) if may_change else [],
    }
    template = "year_change/_board.html" if request.headers.get("HX-Request") else "year_change/board.html"
    return render(request, template, context)


def _unplanned(draft: YearDraft, state: Board) -> list[Any]:
    """Staff of a class today who have none next year: their function ends on the first day."""
    planned = {person.pk for column in state.rooms for person in column.staff}
    form = DraftClassForm(draft=draft)
    bound = form.fields["staff"].queryset.filter(
        assignments__school_class__isnull=False, assignments__school=draft.school, assignments__ends_on=None
    )
    return [person for person in bound.distinct() if person.pk not in planned]


@require_POST
def move(request: HttpRequest, pk: Any) -> HttpResponse:
    draft = _visible(request, pk)
    chosen, to = request.POST.getlist("placement"), request.POST.get("to", "")

    def act() -> str:
        ids = [one for one in chosen if _is_uuid(one)]
        n = services.move(actor=request.user, draft=draft, placements=ids, to=to)
        return ngettext("%(n)s élève déplacé.", "%(n)s élèves déplacés.", n) % {"n": n}

    return _act(request, draft, act)


@require_POST
def undo(request: HttpRequest, pk: Any) -> HttpResponse:
    draft = _visible(request, pk)

    def act() -> str:
        n = services.undo(actor=request.user, draft=draft)
        return ngettext("%(n)s élève remis à sa place.", "%(n)s élèves remis à leur place.", n) % {"n": n}

    return _act(request, draft, act)


@require_POST
def complete(request: HttpRequest, pk: Any) -> HttpResponse:
    """Pupils who came since, here or from another school's board."""
    draft = _visible(request, pk)

    def act() -> str:
        n = services.complete(actor=request.user, draft=draft) + services.receive(actor=request.user, draft=draft)
        return ngettext("%(n)s élève ajouté.", "%(n)s élèves ajoutés.", n) % {"n": n}

    return _act(request, draft, act)


@require_POST
def share(request: HttpRequest, pk: Any) -> HttpResponse:
    draft = _visible(request, pk)

    def act() -> str:
        shared = request.POST.get("is_shared") == "1"
        services.share(actor=request.user, draft=draft, is_shared=shared)
        return _("Les enseignants lisent la répartition.") if shared else _("Vous seul lisez la répartition.")

    return _act(request, draft, act)


def publish(request: HttpRequest, pk: Any) -> HttpResponse:
    draft = _visible(request, pk)
    _require(request, "year_change.publish_draft", draft)
    form = PublishForm(request.POST or None, initial=_first_choice(draft))
    if request.method == "POST" and form.is_valid():
        try:
            services.publish(actor=request.user, draft=draft, at=form.moment)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("C’est fixé. Vous pouvez changer d’avis jusqu’à ce moment."))
            return redirect(draft)
    context = {"draft": draft, "form": form, "board": board_of(draft)}
    return render(request, "year_change/publish.html", context, status=422 if form.errors else 200)


def _first_choice(draft: YearDraft) -> dict[str, Any]:
    """1 July at 18:00, when lessons are about to end; today once that is past."""
    day = date(draft.year.starts_on.year, *JULY)
    return {"day": max(day, timezone.localdate()), "hour": EVENING}


@require_POST
def unpublish(request: HttpRequest, pk: Any) -> HttpResponse:
    draft = _visible(request, pk)

    def act() -> str:
        services.unpublish(actor=request.user, draft=draft)
        return _("La date est retirée : les familles ne verront rien.")

    return _act(request, draft, act)


def paper(request: HttpRequest, pk: Any) -> HttpResponse:
    draft = _visible(request, pk)
    return render(request, "year_change/print.html", {"draft": draft, "board": board_of(draft)})


def draft_class(request: HttpRequest, pk: Any, room: Any = None) -> HttpResponse:
    draft = _visible(request, pk)
    _require(request, "year_change.change_draft", draft)
    one = get_object_or_404(draft.classes, pk=room) if room else None
    initial = {"label": one.label, "grades": one.grades, "staff": one.staff.all()} if one else None
    form = DraftClassForm(request.POST or None, draft=draft, initial=initial)
    if request.method == "POST" and form.is_valid() and _written(request, draft, one, form):
        return redirect(draft)
    context = {"draft": draft, "room": one, "form": form}
    return render(request, "year_change/class.html", context, status=422 if form.errors else 200)


def _written(request: HttpRequest, draft: YearDraft, one: DraftClass | None, form: DraftClassForm) -> bool:
    try:
        if one is None:
            services.add_class(actor=request.user, draft=draft, **form.cleaned_data)
        else:
            services.change_class(actor=request.user, one=one, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error("label", refusal.message)
        return False
    return True


@require_POST
def remove_class(request: HttpRequest, pk: Any, room: Any) -> HttpResponse:
    draft = _visible(request, pk)
    one = get_object_or_404(draft.classes, pk=room)

    def act() -> str:
        services.remove_class(actor=request.user, one=one)
        return _("La classe est retirée ; ses élèves sont à placer.")

    return _act(request, draft, act)


def _visible(request: HttpRequest, pk: Any) -> YearDraft:
    request.nav_current = _nav(request)
    rows = YearDraft.objects.visible_to(request.user).select_related("school", "year")
    return get_object_or_404(rows, pk=pk)


def _nav(request: Any) -> str:
    return "people:my_classes" if request.profile == "teacher" else "people:school"


def _require(request: HttpRequest, permission: str, draft: YearDraft) -> None:
    if not request.user.has_perm(permission, draft):
        raise PermissionDenied


def _act(request: HttpRequest, draft: YearDraft, act: Callable[[], str]) -> HttpResponse:
    """By a form: back to the board with a message. By the script: the board itself."""
    try:
        words, level = act(), messages.SUCCESS
    except DomainError as refusal:
        words, level = refusal.message, messages.ERROR
    if request.headers.get("HX-Request"):
        draft.refresh_from_db()
        return _show(request, draft)
    messages.add_message(request, level, words)
    return redirect(draft)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

"""The matrix of a school: read by its staff, changed by its head."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.bounds import words
from shared_apps.bounds.forms import RulesForm
from shared_apps.bounds.table import SHOWN, matrix_columns, matrix_lines
from shared_apps.bounds.vocabulary import Cell, Party, Right, Scope
from tenant_apps.rights import services
from tenant_apps.rights.book import Book, read_book
from tenant_apps.rights.recipients import people_of
from tenant_apps.schools.models import School


def schools(request: HttpRequest) -> HttpResponse:
    """Those whose matrix one may read; one alone opens at once."""
    if not request.user.has_perm("rights.ask_why"):
        raise PermissionDenied
    found = [
        one for one in School.objects.worked_in_by(request.user) if request.user.has_perm("rights.view_matrix", one)
    ]
    if len(found) == 1:
        return redirect("rights:matrix", found[0].pk)
    request.nav_current = "people:school"
    return render(request, "rights/schools.html", {"schools": found})


def matrix(request: Any, school_pk: Any) -> HttpResponse:
    school = _school(request, school_pk, "rights.view_matrix")
    book = read_book([school.pk])
    page_of = lambda sender: reverse("rights:sender", args=[school.pk, sender.value])  # noqa: E731
    context = {
        "school": school,
        "lines": matrix_lines(book.matrix(school.pk), book.own_cells(school.pk), page_of),
        "columns": matrix_columns(),
        "may_change": request.user.has_perm("rights.change_matrix", school),
        "is_usual": not book.own,
        "history": [_told(past) for past in services.history(school)],
    }
    return render(request, "rights/matrix.html", context)


def _told(past: services.Past) -> dict[str, Any]:
    return {
        "pk": past.pk,
        "at": past.at,
        "by": past.by,
        "sentences": [words.sentence(change.cell, change.after) for change in past.changes],
    }


def sender(request: Any, school_pk: Any, sender: str) -> HttpResponse:
    """One profile: its rules in sentences for the staff; for the head, the choices and what they would change."""
    school = _school(request, school_pk, "rights.view_matrix")
    if sender not in SHOWN:
        raise Http404
    party, book = Party(sender), read_book([school.pk])
    may_change = request.user.has_perm("rights.change_matrix", school)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = _form(request, party, book, school)
    if request.method == "POST" and form.is_valid():
        return _decide(request, school, party, form)
    context = _page(school, party, book) | {"form": form, "may_change": may_change}
    return render(request, "rights/sender.html", context, status=422 if form.errors else 200)


def _form(request: Any, party: Party, book: Book, school: School) -> RulesForm:
    usual = Book(book.ceilings, {}).matrix(school.pk)
    facts = {"sender": party, "now": book.matrix(school.pk), "usual": usual, "ceilings": book.ceilings}
    return RulesForm(request.POST or None, **facts)


def _page(school: School, party: Party, book: Book) -> dict[str, Any]:
    cells = [Cell(party, recipient, right) for right in (Right.WRITE, Right.SEE) for recipient in SHOWN]
    told = [(words.sentence(cell, scope), scope) for cell in cells if (scope := book.scope(cell, school.pk))]
    return {
        "school": school,
        "party": party.value,
        "title": words.subject(party),
        "allowed": list(dict.fromkeys(text for text, scope in told if scope is not Scope.NONE)),
        "cut": [words.sentence(cell, book.ceilings[cell]) for cell in cells if book.is_cut(cell, school.pk)],
    }


def _decide(request: Any, school: School, party: Party, form: RulesForm) -> HttpResponse:
    """First what would change, then the change: the second post repeats the choices."""
    try:
        if "save" not in request.POST:
            return _preview(request, school, party, form)
        changes = services.change_rules(actor=request.user, school=school, wanted=form.wanted)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("rights:sender", school.pk, party.value)
    _say(request, changes)
    return redirect("rights:matrix", school.pk)


def _preview(request: Any, school: School, party: Party, form: RulesForm) -> HttpResponse:
    changes = services.plan_changes(school, form.wanted)
    sizes = {one: people_of(one, school).count() for one in {party, *(change.cell.recipient for change in changes)}}
    rows = [
        {
            "before": words.sentence(change.cell, change.before),
            "after": words.sentence(change.cell, change.after),
            "opens": change.after.rank > change.before.rank,
            "people": sizes[change.cell.recipient],
            "whom": words.target(change.cell._replace(right=Right.SEE), Scope.NONE),
        }
        for change in changes
    ]
    context = {"school": school, "party": party.value, "title": words.subject(party), "rows": rows, "form": form}
    return render(request, "rights/preview.html", context | {"senders": sizes[party]})


@require_POST
def restore(request: Any, school_pk: Any) -> HttpResponse:
    school = _school(request, school_pk, "rights.change_matrix")
    _say(request, services.restore_defaults(actor=request.user, school=school))
    return redirect("rights:matrix", school.pk)


@require_POST
def undo(request: Any, school_pk: Any, entry: Any) -> HttpResponse:
    school = _school(request, school_pk, "rights.change_matrix")
    try:
        _say(request, services.undo(actor=request.user, school=school, entry=entry))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("rights:matrix", school.pk)


def _say(request: HttpRequest, changes: list[services.Change]) -> None:
    if not changes:
        messages.info(request, _("Rien n’a changé."))
        return
    words_ = ngettext(
        "%(count)s règle changée. Elle vaut dès maintenant.",
        "%(count)s règles changées. Elles valent dès maintenant.",
        len(changes),
    )
    messages.success(request, words_ % {"count": len(changes)})


def _school(request: Any, pk: Any, permission: str) -> School:
    """Not visible: 404. Seen without the right: 403."""
    school = get_object_or_404(School.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm(permission, school):
        raise PermissionDenied
    request.nav_current = "people:school" if request.profile == "head" else "people:my_classes"
    return school

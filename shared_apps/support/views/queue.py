"""The queue of the agents, one request, the figures."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.reference.models import RefSchool
from shared_apps.support import services
from shared_apps.support.figures import figures_of, in_words, targets
from shared_apps.support.forms import AnswerForm, FilterForm
from shared_apps.support.models import AccessRequest, CannedAnswer, CannedText, TicketHeader
from shared_apps.support.views.shared import is_uuid, require
from shared_apps.support.vocabulary import Level

PER_PAGE = 30


def queue(request: HttpRequest) -> HttpResponse:
    require(request, "helpdesk.view_tickets")
    form = FilterForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name, "") for name in form.fields}
    mine = TicketHeader.objects.visible_to(request.user).at_the_academy()
    rows = _filtered(mine, asked, request.user).select_related("commune", "assigned_to")
    page = Paginator(rows.order_by("solve_due_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    tabs = _tabs(mine, asked, request.user)
    subjects = FilterForm.base_fields["sujet"].choices
    context = {"page": page, "subjects": subjects, "asked": asked, "tabs": tabs, "lines": _lines(page)}
    context["page_query"] = urlencode(asked)
    return render(request, "helpdesk/queue.html", context)


def _filtered(rows: Any, asked: dict[str, str], user: Any) -> Any:
    kinds = {"": rows.open, "retard": rows.late, "tout": rows.all, "moi": lambda: rows.open().filter(assigned_to=user)}
    rows = kinds[asked["voir"]]()
    if asked["sujet"]:
        rows = rows.filter(category=asked["sujet"])
    if asked["q"]:
        rows = rows.filter(commune__name__icontains=asked["q"])
    return rows


def _tabs(mine: Any, asked: dict[str, str], user: Any) -> list[dict[str, Any]]:
    found = []
    for key, label in FilterForm.base_fields["voir"].choices:
        wanted = asked | {"voir": key}
        number, url = _filtered(mine, wanted, user).count(), f"?{urlencode(wanted)}"
        found.append({"label": f"{label} ({number})", "url": url, "current": key == asked["voir"]})
    return found


def _lines(page: Any) -> list[dict[str, Any]]:
    uais = [row.uai for row in page if row.uai]
    names = dict(RefSchool.objects.filter(uai__in=uais).values_list("uai", "name"))
    return [{"row": row, "place": names.get(row.uai, row.uai) or _("mairie")} for row in page]


def ticket(request: HttpRequest, pk: Any) -> HttpResponse:
    header = _visible(request, pk)
    return _show(request, header, AnswerForm(initial=_prepared(request)))


def _show(request: HttpRequest, header: TicketHeader, form: AnswerForm) -> HttpResponse:
    works = request.user.has_perm("helpdesk.work_tickets")
    thread = _attempt(request, lambda: services.read_thread(actor=request.user, header=header)) if works else []
    accesses = AccessRequest.objects.visible_to(request.user).filter(ticket=header).select_related("commune")
    context = {
        "header": header,
        "school": RefSchool.objects.filter(uai=header.uai).first() if header.uai else None,
        "about": thread[0] if thread else None,
        "thread": thread[1:] if thread else [],
        "form": form,
        "works": works,
        "may_answer": works and header.is_open and header.level == Level.ACADEMY,
        "canned": CannedAnswer.objects.in_use().order_by("category", "title") if works else [],
        "accesses": accesses,
    }
    return render(request, "helpdesk/ticket.html", context, status=422 if form.errors else 200)


def _prepared(request: HttpRequest) -> dict[str, str]:
    """The text chosen among those kept ready, to be read again before it leaves."""
    pk = request.GET.get("reponse", "")
    rows = CannedText.objects.filter(answer__in=CannedAnswer.objects.in_use()).order_by("-number")
    text = rows.filter(answer=pk).first() if is_uuid(pk) else None
    return {"body": text.body, "canned": str(text.pk)} if text else {}


@require_POST
def assign(request: HttpRequest, pk: Any) -> HttpResponse:
    header = _visible(request, pk)
    to = None if request.POST.get("to") == "nobody" else request.user
    services.assign(actor=request.user, header=header, to=to)
    return redirect("helpdesk:ticket", header.pk)


@require_POST
def answer(request: HttpRequest, pk: Any) -> HttpResponse:
    header = _visible(request, pk)
    require(request, "helpdesk.work_tickets")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, header, form)
    try:
        _send(request, header, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _show(request, header, form)
    messages.success(request, _("Votre réponse est dans la commune ; la personne en est prévenue."))
    return redirect("helpdesk:ticket", header.pk)


def _send(request: HttpRequest, header: TicketHeader, *, body: str, then: str, canned: str) -> None:
    if then == "returns":
        services.give_back(actor=request.user, header=header, body=body)
        return
    text = CannedText.objects.filter(pk=canned).first() if is_uuid(canned) else None
    same = text if text is not None and text.body.split() == body.split() else None
    facts = {"waits": then == "waits", "solves": then == "solves", "canned": same}
    services.answer(actor=request.user, header=header, body=body, **facts)


def _visible(request: HttpRequest, pk: Any) -> TicketHeader:
    require(request, "helpdesk.view_tickets")
    rows = TicketHeader.objects.visible_to(request.user).select_related("commune", "assigned_to")
    return get_object_or_404(rows, pk=pk)


def _attempt(request: HttpRequest, act: Any) -> Any:
    try:
        return act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return []


def figures(request: HttpRequest) -> HttpResponse:
    require(request, "helpdesk.view_tickets")
    level = Level.SCHOOL if request.GET.get("niveau") == "ecole" else Level.ACADEMY
    whole, by_category = figures_of(request.user, level)
    tabs = [
        {"label": _("À l’académie"), "url": "?", "current": level == Level.ACADEMY},
        {"label": _("Dans les écoles et les mairies"), "url": "?niveau=ecole", "current": level == Level.SCHOOL},
    ]
    context = {
        "whole": _said(whole),
        "rows": [_said(row) for row in by_category],
        "tabs": tabs,
        "targets": [
            {**row, "answer": in_words(row["answer"]), "solution": in_words(row["solution"])} for row in targets()
        ],
    }
    return render(request, "helpdesk/figures.html", context)


def _said(row: Any) -> dict[str, Any]:
    return {"row": row, "answer": in_words(row.answer_minutes), "solution": in_words(row.solve_minutes)}

"""« Aide »: one's requests, one request and its thread, those that one answers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.files.models import StoredFile
from tenant_apps.people.profiles import WORDS
from tenant_apps.support import diagnostics, guide
from tenant_apps.support.forms import EscalateForm, RateForm, TicketForm, WriteForm
from tenant_apps.support.models import PURPOSE, Ticket
from tenant_apps.support.services import tickets as services

PER_PAGE = 20


@login_not_required
def help_page(request: Any) -> HttpResponse:
    """What one does most here, one's requests, the way to a new one. A pupil has a page of its own; a visitor reads how
    to come in.
    """
    if not request.user.is_authenticated:
        return render(request, "support/help_visitor.html")
    if request.profile == "pupil":
        return redirect("support:problem")
    mine = Ticket.objects.filter(author=request.user).select_related("school").order_by("-created_at", "-pk")
    context = {
        "page": Paginator(mine, PER_PAGE).get_page(request.GET.get("page")),
        "may_ask": request.user.has_perm("support.ask_help"),
        "handles": request.user.has_perm("support.handle_tickets"),
        "decides": request.user.has_perm("support.decide_accesses"),
        "guide": list(guide.entries(request.user, request.profile)),
        "from_page": diagnostics.page_before(request),
    }
    return render(request, "support/help.html", context)


def ask(request: Any) -> HttpResponse:
    _require(request, "support.ask_help")
    if request.profile == "pupil":
        raise PermissionDenied
    page = request.POST.get("page", "") or request.GET.get("page", "")
    found = diagnostics.bundle(request, page=page, screen=request.POST.get("screen", ""))
    facts = {"user": request.user, "profile": request.profile, "goes_up": _goes_up(request)}
    form = TicketForm(request.POST or None, request.FILES or None, initial={"page": page}, **facts)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = _open(request, form.cleaned_data, found)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Votre demande est envoyée. La réponse arrivera ici."))
            return redirect("support:ticket", ticket.pk)
    context = {"form": form, "bundle": diagnostics.lines(found), "goes_up": facts["goes_up"]}
    return render(request, "support/ask.html", context, status=422 if form.errors else 200)


def _goes_up(request: Any) -> bool:
    """Who keeps the place asks the academy: there is nobody before."""
    return request.profile in {"head", "municipal"} and request.user.has_perm("support.decide_accesses")


def _open(request: Any, typed: dict[str, Any], found: dict[str, str]) -> Ticket:
    names = ("category", "subject", "priority")
    ticket = Ticket(**{name: typed[name] for name in names}, school=typed.get("school"))
    ticket.diagnostics = found if typed["joins"] else {}
    return services.open_ticket(
        actor=request.user,
        ticket=ticket,
        body=typed["body"],
        profile=request.profile,
        upload=typed["attachment"],
        shares=typed.get("shares", False),
    )


def ticket(request: HttpRequest, pk: Any) -> HttpResponse:
    return _show(request, _visible(request, pk))


def _show(
    request: HttpRequest, row: Ticket, form: WriteForm | None = None, rate: RateForm | None = None
) -> HttpResponse:
    can = {name: request.user.has_perm(f"support.{name}", row) for name in CAN}
    is_author = row.author_id == request.user.pk
    context = {
        "ticket": row,
        "thread": _thread(row, request.user),
        "can": can,
        "is_author": is_author,
        "form": form or WriteForm(answers=can["answer"]),
        "rate": rate or RateForm(initial={"rating": row.rating, "words": row.rating_words}),
        "bundle": diagnostics.lines(row.diagnostics),
        "profile_word": WORDS.get(row.profile, ""),
    }
    failed = (form is not None and form.errors) or (rate is not None and rate.errors)
    return render(request, "support/ticket.html", context, status=422 if failed else 200)


CAN = ("write", "answer", "solve", "escalate", "share", "stop_sharing", "reopen", "rate")


def _thread(row: Ticket, user: Any) -> list[dict[str, Any]]:
    """Three queries, however long."""
    lines = list(row.messages.select_related("author"))
    held = StoredFile.objects.filter(purpose=PURPOSE, object_id__in=[line.pk for line in lines])
    by_message = {file.object_id: file for file in held}
    return [{"line": one, "file": by_message.get(one.pk), "is_mine": one.author_id == user.pk} for one in lines]


@require_POST
def write(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    _require(request, "support.write", row)
    form = WriteForm(request.POST, request.FILES, answers=request.user.has_perm("support.answer", row))
    if not form.is_valid():
        return _show(request, row, form=form)
    then = form.cleaned_data.get("then", "")
    facts = {"waits": then == "waits", "solves": then == "solves", "upload": form.cleaned_data["attachment"]}
    body = form.cleaned_data["body"]
    if _attempt(request, lambda: services.write(actor=request.user, ticket=row, body=body, **facts)):
        messages.success(request, _("Votre message est envoyé."))
    return redirect(row)


def escalate(request: HttpRequest, pk: Any) -> HttpResponse:
    """Before: what the academy will see. After: the person is told."""
    row = _visible(request, pk)
    _require(request, "support.escalate", row)
    form = EscalateForm(request.POST or None, may_share=request.user.has_perm("support.share", row))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        facts = {"body": typed["body"], "shares": typed.get("shares", False)}
        if _attempt(request, lambda: services.escalate(actor=request.user, ticket=row, **facts)):
            messages.success(request, _("La demande est à l’académie. La personne en est prévenue."))
        return redirect(row)
    context = {"ticket": row, "form": form, "profile_word": WORDS.get(row.profile, "")}
    return render(request, "support/escalate.html", context, status=422 if form.errors else 200)


@require_POST
def share(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    shares = request.POST.get("shares") == "1"
    if _attempt(request, lambda: services.share(actor=request.user, ticket=row, shares=shares)):
        closed = _("L’académie ne lit plus cette conversation.")
        messages.success(request, _("L’académie peut lire cette conversation pendant 15 jours.") if shares else closed)
    return redirect(row)


@require_POST
def solve(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    services.solve(actor=request.user, ticket=row)
    messages.success(request, _("C’est noté : la demande est résolue."))
    return redirect(row)


@require_POST
def reopen(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    services.reopen(actor=request.user, ticket=row, body=request.POST.get("body", "")[:4000])
    messages.success(request, _("La demande est rouverte."))
    return redirect(row)


@require_POST
def rate(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    _require(request, "support.rate", row)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _show(request, row, rate=form)
    if _attempt(request, lambda: services.rate(actor=request.user, ticket=row, **form.cleaned_data)):
        messages.success(request, _("Merci. Votre avis est noté."))
    return redirect(row)


def desk(request: HttpRequest) -> HttpResponse:
    """Those that this person answers first, the open ones before the others."""
    _require(request, "support.handle_tickets")
    shown = request.GET.get("voir", "")
    rows = Ticket.objects.handled_by(request.user)
    kinds = {"": rows.open().exclude(level=Ticket.Level.ACADEMY), "academie": rows.filter(level=Ticket.Level.ACADEMY)}
    chosen = kinds.get(shown, rows).select_related("author", "school").order_by("-created_at", "-pk")
    tabs = [
        {"label": label, "url": f"?voir={key}", "current": key == shown}
        for key, label in (("", _("À répondre")), ("academie", _("À l’académie")), ("toutes", _("Toutes")))
    ]
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "support/desk.html", {"page": page, "tabs": tabs, "shown": shown})


def _visible(request: HttpRequest, pk: Any) -> Ticket:
    return get_object_or_404(Ticket.objects.visible_to(request.user).select_related("author", "school"), pk=pk)


def _require(request: HttpRequest, permission: str, obj: Any = None) -> None:
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied


def _attempt(request: HttpRequest, act: Callable[[], Any]) -> Any:
    """Do it, or say in French why it was refused."""
    try:
        return act()
    except DomainError as error:
        messages.error(request, error.message)
        return None

"""One's boxes, and a thread."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.acts import require
from core.addresses import addresses_of
from core.errors import DomainError
from core.forms import is_done
from core.frozen import frozen, together
from core.words import past_word, short_day
from shared_apps.accounts.models import User
from tenant_apps.messages import services
from tenant_apps.messages.attachments import files_of
from tenant_apps.messages.faces import faces
from tenant_apps.messages.forms import AnswerForm
from tenant_apps.messages.models import Copy, Message, Preference
from tenant_apps.messages.querysets import INBOX, SENT, TRASH
from tenant_apps.messages.views.common import PER_PAGE, audience_ids, face_of, for_a_pupil, of_messages, visible_message
from tenant_apps.moderation.forms import ReportForm
from tenant_apps.moderation.words import before_words, done_words
from tenant_apps.people.names import formal_name
from tenant_apps.people.querysets import nearness
from tenants.stops import may_send

BOXES = (INBOX, SENT, TRASH)
# What a row of a box reads, without the eighty objects of a page of twenty.
SHOWN = (
    *("message_id", "arrives_at", "is_mine", "read_at", "text", "author"),
    *("message__subject", "message__to_words"),
)


@require_safe
@of_messages
def inbox(request: HttpRequest) -> HttpResponse:
    """A box: what arrived, what I sent, the bin, a folder; or what a search finds in all of them."""
    user, query = request.user, request.GET.get("q", "").strip()
    box, now = request.GET.get("dossier", INBOX), timezone.now()
    # What everybody opens is known before one's own folders are: the first page of a box comes with them.
    is_plain = box in BOXES and not query and "page" not in request.GET
    ahead = _in_box.in_pages(user, now, shown=_shown, box=box).ahead(PER_PAGE) if is_plain else None
    preference, rows = together(services.ask_preference(user), ahead)
    box = box if box in (*BOXES, *preference.folders) else INBOX
    if rows is None:
        rows = _found(user, query) if query else _in_box.in_pages(user, now, shown=_shown, box=box)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(page),
        "box": box,
        "query": query,
        "boxes": _boxes(box if not query else None, preference),
        "folders": preference.folders,
        "is_stopped": not may_send(faces(request.profiles)),
    }
    return render(request, "messaging/inbox.html", context | face_of(request))


@frozen
def _in_box(user: User, now: datetime, *, box: str) -> QuerySet[Copy]:
    return Copy.objects.visible_to(user, now).in_box(box)


def _shown(copies: Any) -> QuerySet:
    """The text only where there is no subject."""
    text = Case(When(message__subject="", then=F("message__body")), default=Value(""), output_field=TextField())
    copies = copies.annotate(text=text, author=formal_name("message__author"))
    return copies.values_list(*SHOWN, named=True)


def _found(user: Any, query: str) -> Any:
    rows = Copy.objects.visible_to(user)
    found = rows.saying(query)
    if found.exists():
        return _shown(found)
    with nearness():
        return _shown(rows.filter(pk__in=list(rows.nearly_saying(query).values_list("pk", flat=True)[:PER_PAGE])))


def _rows(copies: Iterable[Any]) -> list[dict[str, Any]]:
    copies = list(copies)
    zone = timezone.get_current_timezone()
    days = [copy.arrives_at.astimezone(zone).date() for copy in copies]
    words = {day: {"when": past_word(day), "date": short_day(day)} for day in set(days)}
    said = {"to": _("à %(to)s"), "choice": _("Choisir « %(subject)s », de %(who)s")}
    addresses = addresses_of("messaging:thread", [copy.message_id for copy in copies])
    return [
        words[day] | _row(copy, address, **said) for copy, day, address in zip(copies, days, addresses, strict=True)
    ]


def _row(copy: Any, address: str, *, to: str, choice: str) -> dict[str, Any]:
    title = copy.message__subject or Message(body=copy.text).opening
    return {
        "value": copy.message_id,
        "title": title,
        "href": address,
        "detail": to % {"to": copy.message__to_words} if copy.is_mine else copy.author,
        "is_unread": not copy.is_mine and not copy.read_at,
        "choice": choice % {"subject": title, "who": copy.author},
    }


def _boxes(current: str | None, preference: Preference) -> list[dict[str, Any]]:
    named = [(INBOX, _("Reçus")), (SENT, _("Envoyés")), *((name, name) for name in preference.folders)]
    named.append((TRASH, _("Corbeille")))
    return [{"label": label, "url": f"?dossier={box}", "current": box == current} for box, label in named]


@require_safe
@of_messages
def drafts(request: HttpRequest) -> HttpResponse:
    rows = Message.objects.unfinished_of(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "messaging/drafts.html", {"page": page} | face_of(request))


@require_POST
@of_messages
def move(request: HttpRequest) -> HttpResponse:
    """The ticked messages: thrown away, taken back, put in a folder."""
    picked = audience_ids(request.POST.getlist("message"))
    act, folder = request.POST.get("act", ""), request.POST.get("folder", "")
    words = {"trash": _("C’est à la corbeille."), "restore": _("C’est remis."), "unread": _("C’est de nouveau à lire.")}
    try:
        count = services.move(actor=request.user, messages=picked, act=act, folder=folder)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, words.get(act, _("C’est rangé.")) if count else _("Cochez d’abord des messages."))
    return redirect(f"{reverse('messaging:inbox')}?dossier={request.POST.get('dossier', '')}")


@require_safe
@of_messages
def thread(request: HttpRequest, pk: Any) -> HttpResponse:
    """Every message of the thread that this person wrote or got, the oldest first."""
    message = visible_message(request, pk)
    if message.state in ("draft", "queued"):
        return redirect("messaging:send" if message.is_queued else "messaging:change", message.pk)
    return _thread_page(request, message, AnswerForm(is_pupil=for_a_pupil(request)))


def _thread_page(request: HttpRequest, message: Message, form: AnswerForm) -> HttpResponse:
    copies = list(
        Copy.objects.visible_to(request.user)
        .filter(message__thread=message.thread)
        .with_message()
        .order_by("arrives_at", "pk")
    )
    services.read(actor=request.user, copies=copies)
    files = files_of([copy.message_id for copy in copies])
    last = next((copy.message for copy in reversed(copies) if not copy.is_mine), None)
    read = _read_by(copies)
    context = {
        "message": message,
        "rows": [
            {
                "copy": copy,
                "message": copy.message,
                "files": files.get(copy.message_id, []),
                "read": read[copy.message_id],
            }
            for copy in copies
        ],
        "form": form,
        "answered": last if last and request.user.has_perm("messaging.answer_message", last) else None,
        "is_stopped": not may_send(faces(request.profiles)),
    }
    return render(request, "messaging/thread.html", context | face_of(request), status=422 if form.errors else 200)


def _read_by(copies: list[Copy]) -> Counter[Any]:
    """For what one wrote: how many have read it."""
    mine = [copy.message_id for copy in copies if copy.is_mine]
    rows = Copy.objects.received().filter(message__in=mine).exclude(read_at=None)
    return Counter(rows.values_list("message", flat=True)) if mine else Counter()


@require_POST
@of_messages
def answer(request: HttpRequest, pk: Any) -> HttpResponse:
    message, form = visible_message(request, pk), AnswerForm(request.POST, is_pupil=for_a_pupil(request))
    require(request, "messaging.answer_message", message)
    if is_done(form, lambda **facts: services.answer(actor=request.user, message=message, **facts)):
        messages.success(
            request, _("Ta réponse est partie.") if for_a_pupil(request) else _("Votre réponse est partie.")
        )
        return redirect(message)
    return _thread_page(request, message, form)


@require_POST
@of_messages
def recall(request: HttpRequest, pk: Any) -> HttpResponse:
    message = visible_message(request, pk)
    count = services.recall(actor=request.user, message=message)
    words = ngettext(
        "Repris à %(count)s personne qui ne l’avait pas lu.",
        "Repris à %(count)s personnes qui ne l’avaient pas lu.",
        count,
    )
    messages.success(request, words % {"count": count})
    return redirect(message)


@of_messages
def report(request: HttpRequest, pk: Any) -> HttpResponse:
    """« Signaler »: to the head of the school, and nobody else."""
    message = visible_message(request, pk)
    require(request, "messaging.report_message", message)
    form = ReportForm(request.POST or None, is_pupil=for_a_pupil(request))
    if is_done(form, lambda reason: services.report(actor=request.user, message=message, reason=reason)):
        messages.success(request, done_words(message.school_id, message.author_id))
        return redirect("messaging:inbox")
    context = {"message": message, "form": form, "before": before_words(message.school_id, message.author_id)}
    return render(request, "messaging/report.html", context | face_of(request))

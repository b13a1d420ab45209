"""HTTP in, HTTP out. One's box, a thread, writing; the head's page of what was reported."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from core.forms import is_done
from shared_apps.accounts import factors
from shared_apps.accounts.sessions import ask_factor_again, is_fresh
from tenant_apps.messages import audience, limits, services
from tenant_apps.messages.attachments import files_of
from tenant_apps.messages.faces import faces
from tenant_apps.messages.forms import AnswerForm, ListForm, MessageForm, PreferenceForm, ReportForm
from tenant_apps.messages.models import Copy, Message, Preference, RecipientList, Report
from tenant_apps.messages.querysets import INBOX, SENT, TRASH
from tenant_apps.people.querysets import nearness
from tenant_apps.rights.recipients import recipients_for
from tenants.stops import may_read, may_send

PER_PAGE = 20
FOUND = 20  # names shown by a search
FEW = 30  # persons shown without a search
View = Callable[..., HttpResponse]


def of_messages(view: View) -> View:
    """For who has a box (nobody else knows of these pages), unless the academy closed the reading too."""

    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.nav_current = "messaging:inbox"
        if not request.user.has_perm("messaging.use"):
            raise Http404
        if not may_read(faces(request.profiles)):
            return render(request, "messaging/closed.html", _pupil(request), status=403)
        return view(request, *args, **kwargs)

    return page


def _is_pupil(request: Any) -> bool:
    return request.profile == "pupil"


def _pupil(request: Any) -> dict[str, Any]:
    is_pupil = _is_pupil(request)
    return {"is_pupil": is_pupil, "layout": "layout/pupil.html" if is_pupil else "layout/base.html"}


# --- the box


@require_safe
@of_messages
def inbox(request: HttpRequest) -> HttpResponse:
    """A box: what arrived, what I sent, the bin, a folder; or what a search finds in all of them."""
    user, query = request.user, request.GET.get("q", "").strip()
    preference = services.preference_of(user)
    box = request.GET.get("dossier", INBOX)
    box = box if box in (INBOX, SENT, TRASH, *preference.folders) else INBOX
    rows = Copy.objects.visible_to(user).with_message()
    page = Paginator(_found(rows, query) if query else rows.in_box(box), PER_PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "box": box,
        "query": query,
        "boxes": _boxes(box if not query else None, preference),
        "folders": preference.folders,
        "is_stopped": not may_send(faces(request.profiles)),
    }
    return render(request, "messaging/inbox.html", context | _pupil(request))


def _found(rows: Any, query: str) -> Any:
    found = rows.saying(query)
    if found.exists():
        return found
    with nearness():
        return rows.filter(pk__in=list(rows.nearly_saying(query).values_list("pk", flat=True)[:PER_PAGE]))


def _boxes(current: str | None, preference: Preference) -> list[dict[str, Any]]:
    named = [(INBOX, _("Reçus")), (SENT, _("Envoyés")), *((name, name) for name in preference.folders)]
    named.append((TRASH, _("Corbeille")))
    return [{"label": label, "url": f"?dossier={box}", "current": box == current} for box, label in named]


@require_safe
@of_messages
def drafts(request: HttpRequest) -> HttpResponse:
    rows = Message.objects.unfinished_of(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "messaging/drafts.html", {"page": page} | _pupil(request))


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


# --- a thread


@require_safe
@of_messages
def thread(request: HttpRequest, pk: Any) -> HttpResponse:
    """Every message of the thread that this person wrote or got, the oldest first."""
    message = _visible(request, pk)
    if message.state in ("draft", "queued"):
        return redirect("messaging:send" if message.is_queued else "messaging:change", message.pk)
    return _thread_page(request, message, AnswerForm(is_pupil=_is_pupil(request)))


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
    return render(request, "messaging/thread.html", context | _pupil(request), status=422 if form.errors else 200)


def _read_by(copies: list[Copy]) -> Counter[Any]:
    """For what one wrote: how many have read it."""
    mine = [copy.message_id for copy in copies if copy.is_mine]
    rows = Copy.objects.received().filter(message__in=mine).exclude(read_at=None)
    return Counter(rows.values_list("message", flat=True)) if mine else Counter()


@require_POST
@of_messages
def answer(request: HttpRequest, pk: Any) -> HttpResponse:
    message, form = _visible(request, pk), AnswerForm(request.POST, is_pupil=_is_pupil(request))
    _require(request, "messaging.answer_message", message)
    if is_done(form, lambda **facts: services.answer(actor=request.user, message=message, **facts)):
        messages.success(request, _("Ta réponse est partie.") if _is_pupil(request) else _("Votre réponse est partie."))
        return redirect(message)
    return _thread_page(request, message, form)


@require_POST
@of_messages
def recall(request: HttpRequest, pk: Any) -> HttpResponse:
    message = _visible(request, pk)
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
    message = _visible(request, pk)
    _require(request, "messaging.report_message", message)
    form = ReportForm(request.POST or None, is_pupil=_is_pupil(request))
    if is_done(form, lambda reason: services.report(actor=request.user, message=message, reason=reason)):
        messages.success(request, _("La direction est prévenue. Personne d’autre ne le sait."))
        return redirect("messaging:inbox")
    return render(request, "messaging/report.html", {"message": message, "form": form} | _pupil(request))


# --- writing


@of_messages
def write(request: HttpRequest, pk: Any = None) -> HttpResponse:
    """Write, tick to whom, then see who will read before it leaves. Each button keeps the draft."""
    message = _visible(request, pk) if pk else None
    if message is not None:
        _require(request, "messaging.change_message", message)
    may_close = request.user.has_perm("messaging.close_to_answers")
    form = MessageForm(request.POST or None, request.FILES or None, instance=message, may_close=may_close)
    go = request.POST.get("go", "")
    if request.method == "POST":
        is_right = form.is_valid()
        if saved := _keep(request, message, form, is_right=is_right):
            return _after(request, saved, go)
    return _write_page(request, message, form)


def _keep(request: HttpRequest, message: Message | None, form: MessageForm, *, is_right: bool) -> Message | None:
    if not is_right:
        return None
    try:
        return services.save_draft(
            actor=request.user,
            message=message,
            to=request.POST.getlist("to"),
            drops=audience_ids(request.POST.getlist("drop")),
            **form.facts(),
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return None


def _after(request: Any, saved: Message, go: str) -> HttpResponse:
    """What the button asked, once everything typed is kept."""
    here = reverse("messaging:change", args=[saved.pk])
    if go == "auto":
        response = render(request, "messaging/_saved.html", {"now": timezone.localtime()})
        response["HX-Replace-Url"] = here
        response["HX-Trigger"] = "kept"
        return response
    if go == "find":
        return redirect(f"{here}?q={request.POST.get('q', '')}#destinataires")
    if go == "list":
        return _keep_list(request, saved, here)
    if go == "keep":
        messages.success(request, _("Le brouillon est gardé."))
        return redirect("messaging:drafts")
    return redirect("messaging:send", saved.pk)


def _keep_list(request: HttpRequest, saved: Message, here: str) -> HttpResponse:
    form = ListForm({"name": request.POST.get("list_name", "")})
    if is_done(form, lambda name: services.save_list(actor=request.user, name=name, to=saved.to)):
        messages.success(request, _("La liste est gardée."))
    else:
        messages.error(request, _("Donnez un nom à la liste, et cochez des destinataires."))
    return redirect(here)


def _write_page(request: HttpRequest, message: Message | None, form: MessageForm) -> HttpResponse:
    user, query = request.user, request.GET.get("q", "").strip()
    first = message.to if message else audience.clean([request.GET.get("a", "")])
    picked = request.POST.getlist("to") if request.method == "POST" else first
    groups = audience.groups_for(user)
    known = {group.code for group in groups}
    people = recipients_for(user)
    few = list(people.named(query)[:FOUND] if query else people[: FEW + 1])
    shown = {f"person:{person.pk}": person.formal_name for person in few} if query or len(few) <= FEW else {}
    named = audience.labels_of(audience.clean(code for code in picked if code not in known))
    context = {
        "form": form,
        "message": message,
        "groups": groups,
        "persons": [{"code": code, "label": label} for code, label in (named | shown).items()],
        "picked": picked,
        "lists": list(RecipientList.objects.filter(owner=user)),
        "query": query,
        "is_many": len(few) > FEW and not query,
        "files": files_of([message.pk]).get(message.pk, []) if message else [],
        "is_stopped": not may_send(faces(request.profiles)),
    }
    template = "messaging/pupil_write.html" if _is_pupil(request) else "messaging/write.html"
    return render(request, template, context | _pupil(request), status=422 if form.errors else 200)


@of_messages
def send(request: HttpRequest, pk: Any) -> HttpResponse:
    """« 24 enfants et 41 parents liront ceci. »: said before, done by POST."""
    message = _visible(request, pk)
    if message.is_queued:
        return render(request, "messaging/queued.html", {"message": message} | _pupil(request))
    _require(request, "messaging.send_message", message)
    summary = audience.summary_of(message)
    if request.method == "POST":
        if summary.people > limits.MANY and (door := _prove(request)):
            return door
        is_confirmed = summary.people <= limits.MANY or bool(request.POST.get("confirm"))
        if _attempt(request, lambda: services.send(actor=request.user, message=message, is_confirmed=is_confirmed)):
            return _gone(request, message)
    context = {
        "message": message,
        "summary": summary,
        "is_many": summary.people > limits.MANY,
        "absent": _absent(message),
        "files": files_of([message.pk]).get(message.pk, []),
        "is_stopped": not may_send(faces(request.profiles)),
    }
    return render(request, "messaging/send.html", context | _pupil(request))


def _prove(request: HttpRequest) -> HttpResponse | None:
    """Where who writes to many gives the second factor, or installs one; nothing when it was just given."""
    _require(request, "messaging.write_to_many")
    if is_fresh(request):
        return None
    if not factors.of(request.user).exists():
        messages.warning(request, _("Pour écrire à plus de cinquante personnes, protégez d’abord votre compte."))
        return redirect("accounts:enrol")
    ask_factor_again(request, then=request.path)
    return redirect("accounts:verify")


def _absent(message: Message) -> list[dict[str, Any]]:
    """Who gets it on coming back, and what they say of it."""
    today = timezone.localdate()
    rows = Preference.objects.filter(absent_from__lte=today, absent_until__gt=today)
    persons = {
        person.account_id: person for person in audience.recipients_of(message).filter(account__messaging__in=rows)
    }
    return [
        {"name": persons[row.account_id].formal_name, "until": row.absent_until, "words": row.absence_words}
        for row in rows.filter(account__in=persons)
    ]


def _gone(request: HttpRequest, message: Message) -> HttpResponse:
    message.refresh_from_db()
    later = message.scheduled_at is not None
    own = _("Ton message est parti.") if _is_pupil(request) else _("Le message est parti.")
    messages.success(request, _("Le message partira à l’heure choisie.") if later else own)
    return redirect("messaging:drafts" if later else "messaging:inbox")


@require_POST
@of_messages
def hold_back(request: HttpRequest, pk: Any) -> HttpResponse:
    message = _visible(request, pk)
    services.hold_back(actor=request.user, message=message)
    messages.success(request, _("Rien n’est parti : c’est de nouveau un brouillon."))
    return redirect("messaging:change", message.pk)


@require_POST
@of_messages
def drop(request: HttpRequest, pk: Any) -> HttpResponse:
    services.drop(actor=request.user, message=_visible(request, pk))
    messages.success(request, _("Le brouillon est supprimé."))
    return redirect("messaging:drafts")


# --- settings


@of_messages
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferenceForm(request.POST or None, instance=services.preference_of(request.user))
    if is_done(form, lambda **facts: services.set_preference(actor=request.user, **facts)):
        messages.success(request, _("C’est enregistré."))
        return redirect("messaging:inbox")
    context = {"form": form, "lists": list(RecipientList.objects.filter(owner=request.user))}
    return render(request, "messaging/preferences.html", context | _pupil(request), status=422 if form.errors else 200)


@require_POST
@of_messages
def drop_list(request: HttpRequest, pk: Any) -> HttpResponse:
    services.drop_list(actor=request.user, row=get_object_or_404(RecipientList, pk=pk, owner=request.user))
    messages.success(request, _("La liste est supprimée."))
    return redirect("messaging:preferences")


# --- the head's page


@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    request.nav_current = "people:school"
    _require(request, "messaging.moderate")
    rows = Report.objects.visible_to(request.user).select_related("message__author__person", "decided_by")
    page = Paginator(rows.order_by("-state", "-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "messaging/moderation.html", {"page": page})


@require_POST
def decide(request: HttpRequest, pk: Any) -> HttpResponse:
    row = get_object_or_404(Report.objects.visible_to(request.user).select_related("message"), pk=pk)
    services.decide(actor=request.user, report=row, withdraws=request.POST.get("act") == "withdraw")
    messages.success(request, _("C’est décidé."))
    return redirect("messaging:moderation")


# --- shared


def audience_ids(values: list[str]) -> list[str]:
    """What is shaped like an id."""
    return [value for value in values if audience.CODE.fullmatch(f"person:{value}")]


def _visible(request: HttpRequest, pk: Any) -> Message:
    rows = Message.objects.visible_to(request.user).select_related("author__person", "school", "answers__author")
    return get_object_or_404(rows, pk=pk)


def _require(request: HttpRequest, permission: str, obj: Any = None) -> None:
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied


def _attempt(request: HttpRequest, act: Callable[[], Any]) -> Any:
    try:
        return act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return None

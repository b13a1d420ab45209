"""Writing, up to the sending."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import attempt, require
from core.errors import DomainError
from core.forms import is_done
from shared_apps.accounts import factors
from shared_apps.accounts.sessions import ask_factor_again, is_fresh
from tenant_apps.messages import audience, limits, services
from tenant_apps.messages.attachments import files_of
from tenant_apps.messages.faces import faces
from tenant_apps.messages.forms import ListForm, MessageForm
from tenant_apps.messages.models import Message, Preference, RecipientList
from tenant_apps.messages.views.common import (
    FEW,
    FOUND,
    audience_ids,
    face_of,
    for_a_pupil,
    of_messages,
    visible_message,
)
from tenant_apps.rights.recipients import recipients_for
from tenants.stops import may_send


@of_messages
def write(request: HttpRequest, pk: Any = None) -> HttpResponse:
    """Write, tick to whom, then see who will read before it leaves. Each button keeps the draft."""
    message = visible_message(request, pk) if pk else None
    if message is not None:
        require(request, "messaging.change_message", message)
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
    first = message.to if message else audience.expand(user, [request.GET.get("a", "")])
    picked = request.POST.getlist("to") if request.method == "POST" else first
    groups = audience.groups_for(user)
    known = {group.code for group in groups}
    people = recipients_for(user)
    few = list(people.named(query)[:FOUND] if query else people[: FEW + 1])
    shown = {f"person:{person.pk}": person.formal_name for person in few} if query or len(few) <= FEW else {}
    named = audience.labels_of(audience.expand(user, (code for code in picked if code not in known)))
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
    template = "messaging/pupil_write.html" if for_a_pupil(request) else "messaging/write.html"
    return render(request, template, context | face_of(request), status=422 if form.errors else 200)


@of_messages
def send(request: HttpRequest, pk: Any) -> HttpResponse:
    """« 24 enfants et 41 parents liront ceci. »: said before, done by POST."""
    message = visible_message(request, pk)
    if message.is_queued:
        return render(request, "messaging/queued.html", {"message": message} | face_of(request))
    require(request, "messaging.send_message", message)
    summary = audience.summary_of(message)
    if request.method == "POST":
        if summary.people > limits.MANY and (door := _prove(request)):
            return door
        is_confirmed = summary.people <= limits.MANY or bool(request.POST.get("confirm"))
        if attempt(request, lambda: services.send(actor=request.user, message=message, is_confirmed=is_confirmed)):
            return _gone(request, message)
    context = {
        "message": message,
        "summary": summary,
        "is_many": summary.people > limits.MANY,
        "absent": _absent(message),
        "files": files_of([message.pk]).get(message.pk, []),
        "is_stopped": not may_send(faces(request.profiles)),
    }
    return render(request, "messaging/send.html", context | face_of(request))


def _prove(request: HttpRequest) -> HttpResponse | None:
    """Where who writes to many gives the second factor, or installs one; nothing when it was just given."""
    require(request, "messaging.write_to_many")
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
    own = _("Ton message est parti.") if for_a_pupil(request) else _("Le message est parti.")
    messages.success(request, _("Le message partira à l’heure choisie.") if later else own)
    return redirect("messaging:drafts" if later else "messaging:inbox")


@require_POST
@of_messages
def hold_back(request: HttpRequest, pk: Any) -> HttpResponse:
    message = visible_message(request, pk)
    services.hold_back(actor=request.user, message=message)
    messages.success(request, _("Rien n’est parti : c’est de nouveau un brouillon."))
    return redirect("messaging:change", message.pk)


@require_POST
@of_messages
def drop(request: HttpRequest, pk: Any) -> HttpResponse:
    services.drop(actor=request.user, message=visible_message(request, pk))
    messages.success(request, _("Le brouillon est supprimé."))
    return redirect("messaging:drafts")

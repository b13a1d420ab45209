"""Who read, signed and wrote: the follow-up, its papers, and the exchanges with families."""

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.acts import attempt, require
from core.forms import is_done
from core.opendocument import ODS
from tenant_apps.liaison import report as reports
from tenant_apps.liaison import services, threads
from tenant_apps.liaison.follow_up import FollowUp, follow_up
from tenant_apps.liaison.forms import (
    ReplyForm,
)
from tenant_apps.liaison.models import Reply
from tenant_apps.liaison.views.common import visible_note
from tenant_apps.moderation.forms import ReportForm
from tenant_apps.moderation.words import before_words, done_words
from tenant_apps.people.models import Pupil


def follow(request: HttpRequest, pk: Any) -> HttpResponse:
    note = visible_note(request, pk)
    require(request, "liaison.follow_note", note)
    state = follow_up(note, request.user)
    shown = request.GET.get("voir", "manque" if note.asks_answer and state.missing else "tous")
    lists = {"manque": state.missing, "signes": state.done, "echanges": state.exchanging}
    context = {
        "note": note,
        "state": state,
        "rows": lists.get(shown, state.children),
        "tabs": _tabs(state, shown),
        "answers": [(label, state.answers.get(value, 0)) for value, label in note.choices],
        "may_record": request.user.has_perm("liaison.record_paper", note),
    }
    return render(request, "liaison/follow.html", context)


def report(request: HttpRequest, pk: Any) -> HttpResponse:
    """The follow-up as a table to keep: who signed, who read, who could not be reached."""
    note = visible_note(request, pk)
    require(request, "liaison.follow_note", note)
    content = reports.report_ods(follow_up(note, request.user))
    return FileResponse(io.BytesIO(content), as_attachment=True, filename="suivi-du-mot.ods", content_type=ODS)


def _tabs(state: FollowUp, shown: str) -> list[dict[str, Any]]:
    labels = {"tous": _("Tous")}
    if state.note.asks_answer:
        missing = _("Il manque (%(n)s)") % {"n": len(state.missing)}
        labels = {"manque": missing, "signes": _("Signés (%(n)s)") % {"n": len(state.done)}} | labels
    if state.exchanging:
        labels["echanges"] = _("Échanges (%(n)s)") % {"n": len(state.exchanging)}
    if len(labels) == 1:
        return []
    return [{"label": label, "url": f"?voir={key}", "current": key == shown} for key, label in labels.items()]


def printed(request: HttpRequest, pk: Any) -> HttpResponse:
    """The follow-up on paper: all children, or those whose answer is missing."""
    note = visible_note(request, pk)
    require(request, "liaison.follow_note", note)
    state = follow_up(note, request.user)
    is_short = request.GET.get("voir") == "manque"
    rows = state.missing if is_short else state.children
    return render(request, "liaison/print.html", {"note": note, "state": state, "rows": rows, "is_short": is_short})


@require_POST
def remind(request: HttpRequest, pk: Any) -> HttpResponse:
    note = visible_note(request, pk)
    count = services.remind_note(actor=request.user, note=note)
    text = ngettext("%(count)s personne est relancée.", "%(count)s personnes sont relancées.", count)
    nobody = _("Tout le monde a déjà été relancé aujourd’hui.")
    messages.success(request, text % {"count": count} if count else nobody)
    return redirect("liaison:follow", note.pk)


@require_POST
def paper(request: HttpRequest, pk: Any, pupil: Any) -> HttpResponse:
    """The coupon came back: the answer ticked on it is recorded."""
    note = visible_note(request, pk)
    child = get_object_or_404(Pupil.objects.visible_to(request.user).select_related("person"), pk=pupil)
    facts = {"answer": request.POST.get("answer", ""), "signer_id": _uuid(request.POST.get("adult", ""))}
    act = lambda: services.record_paper(actor=request.user, note=note, pupil=child, **facts) or True  # noqa: E731
    if attempt(request, act):
        messages.success(request, _("Papier reçu pour %(name)s.") % {"name": child.person.full_name})
    return redirect("liaison:follow", note.pk)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def coupons(request: HttpRequest, pk: Any) -> HttpResponse:
    """A page made for the printer: the note and a coupon, two a page, for those who did not answer."""
    note = visible_note(request, pk)
    require(request, "liaison.follow_note", note)
    labels = [label for _value, label in note.choices]
    return render(
        request, "liaison/coupons.html", {"note": note, "rows": follow_up(note, request.user).missing, "labels": labels}
    )


def thread(request: HttpRequest, pk: Any, pupil: Any) -> HttpResponse:
    """What a family says about a note, and the school's answer."""
    note = visible_note(request, pk)
    child = get_object_or_404(Pupil.objects.visible_to(request.user).select_related("person"), pk=pupil)
    require(request, "liaison.answer_reply", note)
    if not threads.teaches(request.user, child):
        raise PermissionDenied
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = {"note": note, "pupil": child, "body": form.cleaned_data["body"]}
        if attempt(request, lambda: threads.answer(actor=request.user, **words)):
            messages.success(request, _("Votre réponse part à la famille."))
            return redirect("liaison:thread", note.pk, child.pk)
    said = Reply.objects.as_read_by(request.user).filter(note=note, pupil=child).with_news_of(request.user)
    replies = list(said.select_related("author"))
    threads.mark_read(actor=request.user, replies=replies)
    context = {"note": note, "child": child, "replies": replies, "form": form}
    return render(request, "liaison/thread.html", context, status=422 if form.errors else 200)


def report_words(request: HttpRequest, pk: Any) -> HttpResponse:
    """« Signaler »: what somebody else wrote about a note, to the head of the school, and nobody else."""
    rows = Reply.objects.visible_to(request.user).select_related("note", "author")
    reply = get_object_or_404(rows, pk=pk)
    require(request, "liaison.report_reply", reply)
    judged = (reply.note.school_id, reply.author_id)
    is_staff = request.user.has_perm("liaison.answer_reply", reply.note)
    thread = reverse("liaison:thread", args=[reply.note_id, reply.pupil_id])
    back = thread if is_staff else reply.note.get_absolute_url()
    form = ReportForm(request.POST if request.method == "POST" else None)
    if is_done(form, lambda reason: threads.report(actor=request.user, reply=reply, reason=reason)):
        messages.success(request, done_words(*judged))
        return redirect(back)
    context = {"reply": reply, "form": form, "back": back, "before": before_words(*judged)}
    return render(request, "liaison/report_words.html", context)

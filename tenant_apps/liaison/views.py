"""HTTP in, HTTP out. What one may not see is 404; what one sees but may not do is 403."""

import io
from collections import defaultdict
from collections.abc import Callable
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.forms import is_done
from core.opendocument import ODS
from shared_apps.signatures.models import Slot
from tenant_apps.liaison import report as reports
from tenant_apps.liaison import services, threads
from tenant_apps.liaison.follow_up import FollowUp, follow_up
from tenant_apps.liaison.forms import (
    AnswerForm,
    ChildrenForm,
    CorrectionForm,
    NoteForm,
    PlanForm,
    ReplyForm,
    WithdrawalForm,
)
from tenant_apps.liaison.models import LiaisonNote, Reply
from tenant_apps.liaison.querysets import slots_visible_to
from tenant_apps.moderation.forms import ReportForm
from tenant_apps.moderation.words import before_words, done_words
from tenant_apps.people.models import Enrollment, Pupil

NOTES_PER_PAGE = 20


def notes(request: HttpRequest) -> HttpResponse:
    """The notebook: what was sent to me, or what my classes were sent."""
    user = request.user
    is_staff = user.has_perm("liaison.write_note") and request.profile != "guardian"
    rows = LiaisonNote.objects.to_follow(user) if is_staff else LiaisonNote.objects.visible_to(user)
    shown = request.GET.get("voir", "")
    rows = rows.archived() if shown == "archives" else rows.exclude(status=LiaisonNote.Status.ARCHIVED)
    rows = (
        rows.with_progress().with_news_of(user).select_related("author", "school", "group").prefetch_related("classes")
    )
    page = Paginator(rows, NOTES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_staff": is_staff, "shown": shown}
    if not is_staff:
        context["unsigned"] = _notes_i_must_sign(user, page)
    return render(request, "liaison/notes.html", context)


def write(request: HttpRequest, pk: Any = None) -> HttpResponse:
    """Write a note or change a draft, then see whom it reaches before sending."""
    note = _visible(request, pk) if pk else LiaisonNote()
    _require(request, "liaison.change_note" if pk else "liaison.write_note", note if pk else None)
    form = NoteForm(request.POST or None, request.FILES or None, instance=note, user=request.user)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            draft = services.save_draft(
                actor=request.user,
                note=form.instance,
                classes=typed["classes"],
                upload=typed["attachment"],
                drops_file=typed.get("drops_attachment", False),
            )
            return redirect("liaison:children" if draft.is_for_chosen else "liaison:publish", draft.pk)
        except DomainError as error:
            # Undone: what was new is still to be written.
            note = note if pk else LiaisonNote()
            form.add_error(None, error.message)
    return render(request, "liaison/write.html", {"form": form, "note": note})


def children(request: HttpRequest, pk: Any) -> HttpResponse:
    """Which children of its classes the draft is for."""
    note = _visible(request, pk)
    _require(request, "liaison.change_note", note)
    form = ChildrenForm(request.POST if request.method == "POST" else None, note=note)
    if request.method == "POST" and form.is_valid():
        pupils = form.cleaned_data["pupils"]
        if _attempt(request, lambda: services.choose_children(actor=request.user, note=note, pupils=pupils)):
            return redirect("liaison:publish", note.pk)
    return render(request, "liaison/children.html", {"note": note, "form": form})


def publish(request: HttpRequest, pk: Any) -> HttpResponse:
    """« 24 enfants et 41 parents liront ceci. »: said before, done by POST."""
    note = _visible(request, pk)
    _require(request, "liaison.publish_note", note)
    form = PlanForm(None, instance=note)
    if request.method == "POST":
        act = request.POST.get("act", "")
        form = PlanForm(request.POST if act == "plan" else None, instance=note)
        if (act != "plan" or form.is_valid()) and _attempt(request, lambda: _send(request, note, form, act)):
            return redirect("liaison:notes" if act else "liaison:follow", *([] if act else [note.pk]))
        note.refresh_from_db(fields=["planned_for"])
    context = {"note": note, "audience": services.audience_of(note), "form": form}
    return render(request, "liaison/publish.html", context)


def _send(request: HttpRequest, note: LiaisonNote, form: PlanForm, act: str) -> LiaisonNote:
    """Now, at the moment typed, or not by itself any more."""
    user = request.user
    if act == "plan":
        done = services.plan_note(actor=user, note=note, moment=form.cleaned_data["planned_for"])
        messages.success(request, _("Le mot partira seul. D’ici là, personne ne le voit."))
    elif act == "unplan":
        done = services.unplan_note(actor=user, note=note)
        messages.success(request, _("Le mot ne partira pas seul : c’est un brouillon."))
    else:
        done = services.publish_note(actor=user, note=note)
        messages.success(request, _("Le mot est envoyé."))
    return done


@require_POST
def delete(request: HttpRequest, pk: Any) -> HttpResponse:
    note = _visible(request, pk)
    services.delete_draft(actor=request.user, note=note)
    messages.success(request, _("Le brouillon est supprimé."))
    return redirect("liaison:notes")


def note(request: HttpRequest, pk: Any) -> HttpResponse:
    """A guardian reads and signs; staff are sent to the follow-up, an author to the draft."""
    note = _visible(request, pk)
    children = _children_of(request.user, note)
    if not children:
        return redirect("liaison:publish" if note.is_draft else "liaison:follow", note.pk)
    services.read_note(actor=request.user, note=note)
    shown = _shown_to_a_guardian(request, note, children)
    threads.mark_read(actor=request.user, replies=chain.from_iterable(child["replies"] for child in children))
    return shown


@require_POST
def sign(request: HttpRequest, pk: Any, slot: Any) -> HttpResponse:
    note = _visible(request, pk)
    children = _children_of(request.user, note)
    child = _child_of_slot(children, slot)
    form = _answer_form(note, child["slot"], request.POST)
    if form.is_valid():
        answer = form.cleaned_data | {"answer": form.cleaned_data.get("answer", "")}
        if _attempt(request, lambda: services.sign_note(actor=request.user, note=note, slot=child["slot"], **answer)):
            return redirect("liaison:signed", note.pk, slot)
    child["form"] = form
    return _shown_to_a_guardian(request, note, children, status=422)


@require_POST
def reply(request: HttpRequest, pk: Any, slot: Any) -> HttpResponse:
    """A guardian writes to the school about the note, for one child."""
    note = _visible(request, pk)
    children = _children_of(request.user, note)
    child = _child_of_slot(children, slot)
    form = _reply_form(child["slot"], request.POST)
    if form.is_valid():
        said = {"note": note, "pupil": child["pupil"], "body": form.cleaned_data["body"]}
        if _attempt(request, lambda: threads.reply(actor=request.user, **said)):
            messages.success(request, _("Votre message part à l’école."))
            return redirect(f"{note.get_absolute_url()}#echanges-{slot}")
    child["reply_form"] = form
    return _shown_to_a_guardian(request, note, children, status=422)


def thread(request: HttpRequest, pk: Any, pupil: Any) -> HttpResponse:
    """What a family says about a note, and the school's answer."""
    note = _visible(request, pk)
    child = get_object_or_404(Pupil.objects.visible_to(request.user).select_related("person"), pk=pupil)
    _require(request, "liaison.answer_reply", note)
    if not threads.teaches(request.user, child):
        raise PermissionDenied
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = {"note": note, "pupil": child, "body": form.cleaned_data["body"]}
        if _attempt(request, lambda: threads.answer(actor=request.user, **words)):
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
    _require(request, "liaison.report_reply", reply)
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


def signed(request: HttpRequest, pk: Any, slot: Any) -> HttpResponse:
    """The proof, after: who, when, for whom; and what is left to do."""
    note = _visible(request, pk)
    child = next((c for c in _children_of(request.user, note) if c["slot"].pk == slot), None)
    if child is None or not child["slot"].is_signed:
        return redirect("liaison:note", note.pk)
    answer = dict(note.choices).get(child["slot"].answer, "")
    return render(request, "liaison/signed.html", {"note": note, "child": child, "answer": answer})


def follow(request: HttpRequest, pk: Any) -> HttpResponse:
    note = _visible(request, pk)
    _require(request, "liaison.follow_note", note)
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
    note = _visible(request, pk)
    _require(request, "liaison.follow_note", note)
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
    note = _visible(request, pk)
    _require(request, "liaison.follow_note", note)
    state = follow_up(note, request.user)
    is_short = request.GET.get("voir") == "manque"
    rows = state.missing if is_short else state.children
    return render(request, "liaison/print.html", {"note": note, "state": state, "rows": rows, "is_short": is_short})


def correct(request: HttpRequest, pk: Any) -> HttpResponse:
    """Before anybody signed: other words, or another date."""
    note = _visible(request, pk)
    _require(request, "liaison.correct_note", note)
    form = CorrectionForm(request.POST or None, instance=note)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in form.fields}
        if _attempt(request, lambda: services.correct_note(actor=request.user, note=note, facts=facts)):
            messages.success(request, _("Le mot est corrigé. Les familles sont prévenues."))
            return redirect("liaison:follow", note.pk)
    return render(request, "liaison/correct.html", {"note": note, "form": form})


@require_POST
def remind(request: HttpRequest, pk: Any) -> HttpResponse:
    note = _visible(request, pk)
    count = services.remind_note(actor=request.user, note=note)
    text = ngettext("%(count)s personne est relancée.", "%(count)s personnes sont relancées.", count)
    nobody = _("Tout le monde a déjà été relancé aujourd’hui.")
    messages.success(request, text % {"count": count} if count else nobody)
    return redirect("liaison:follow", note.pk)


@require_POST
def paper(request: HttpRequest, pk: Any, pupil: Any) -> HttpResponse:
    """The coupon came back: the answer ticked on it is recorded."""
    note = _visible(request, pk)
    child = get_object_or_404(Pupil.objects.visible_to(request.user).select_related("person"), pk=pupil)
    facts = {"answer": request.POST.get("answer", ""), "signer_id": _uuid(request.POST.get("adult", ""))}
    act = lambda: services.record_paper(actor=request.user, note=note, pupil=child, **facts) or True  # noqa: E731
    if _attempt(request, act):
        messages.success(request, _("Papier reçu pour %(name)s.") % {"name": child.person.full_name})
    return redirect("liaison:follow", note.pk)


def coupons(request: HttpRequest, pk: Any) -> HttpResponse:
    """A page made for the printer: the note and a coupon, two a page, for those who did not answer."""
    note = _visible(request, pk)
    _require(request, "liaison.follow_note", note)
    labels = [label for _value, label in note.choices]
    return render(
        request, "liaison/coupons.html", {"note": note, "rows": follow_up(note, request.user).missing, "labels": labels}
    )


@require_POST
def archive(request: HttpRequest, pk: Any) -> HttpResponse:
    note = _visible(request, pk)
    services.archive_note(actor=request.user, note=note)
    messages.success(request, _("Le mot est archivé. Il reste lisible."))
    return redirect("liaison:notes")


def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    """« La sortie est annulée »: said to those who received the note, once and for all."""
    note = _visible(request, pk)
    _require(request, "liaison.withdraw_note", note)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        word = form.cleaned_data["withdrawn_for"]
        if _attempt(request, lambda: services.withdraw_note(actor=request.user, note=note, word=word)):
            messages.success(request, _("Le mot est retiré. Les familles sont prévenues."))
            return redirect("liaison:follow", note.pk)
    return render(request, "liaison/withdraw.html", {"note": note, "form": form})


# --- shared by the views


def _shown_to_a_guardian(
    request: HttpRequest, note: LiaisonNote, children: list[dict[str, Any]], status: int = 200
) -> HttpResponse:
    user = request.user
    replies = Reply.objects.as_read_by(user).filter(note=note).with_news_of(user).select_related("author")
    by_child: dict[Any, list[Reply]] = defaultdict(list)
    for said in replies:
        by_child[said.pupil_id].append(said)
    for child in children:
        child.setdefault("form", _answer_form(note, child["slot"]))
        child.setdefault("reply_form", _reply_form(child["slot"]))
        child["replies"] = by_child[child["pupil"].pk]
    rights = {
        "may_sign": user.has_perm("liaison.sign_note", note),
        "may_reply": user.has_perm("liaison.reply_to_note", note),
    }
    return render(request, "liaison/note.html", {"note": note, "children": children} | rights, status=status)


def _child_of_slot(children: list[dict[str, Any]], slot: Any) -> dict[str, Any]:
    child = next((child for child in children if child["slot"].pk == slot), None)
    if child is None:
        raise PermissionDenied
    return child


def _reply_form(slot: Slot, data: Any = None) -> ReplyForm:
    return ReplyForm(data, prefix=f"r{slot.pk.hex[-8:]}")


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _visible(request: HttpRequest, pk: Any) -> LiaisonNote:
    return get_object_or_404(
        LiaisonNote.objects.visible_to(request.user).select_related("author", "school", "group"), pk=pk
    )


def _require(request: HttpRequest, permission: str, obj: Any) -> None:
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied


def _attempt(request: HttpRequest, act: Callable[[], Any]) -> Any:
    """Do it, or say in French why it was refused."""
    try:
        return act()
    except DomainError as error:
        messages.error(request, error.message)
        return None


def _children_of(user: Any, note: LiaisonNote) -> list[dict[str, Any]]:
    """The viewer's children this note speaks of, the eldest first, each with its slot and class."""
    mine = slots_visible_to(user).filter(request__object_id=note.pk).select_related("request")
    slots = {slot.subject_id: slot for slot in mine}
    rows = Enrollment.objects.on().filter(pupil__in=slots).select_related("pupil__person", "school_class__school")
    rows = rows.order_by("pupil__person__birth_date", "pupil_id")
    return [{"pupil": row.pupil, "class": row.school_class, "slot": slots[row.pupil_id]} for row in rows]


def _answer_form(note: LiaisonNote, slot: Slot, data: Any = None) -> AnswerForm:
    # An answer already given is shown again; a first one is never chosen in advance.
    facts = {"choices": note.choices, "may_write": note.allows_reply and not slot.is_signed}
    return AnswerForm(data, initial={"answer": slot.answer or None}, prefix=slot.pk.hex[-8:], **facts)


def _notes_i_must_sign(user: Any, page: Any) -> set[Any]:
    slots = slots_visible_to(user).filter(request__object_id__in=[n.pk for n in page], signed_at=None)
    return set(slots.values_list("request__object_id", flat=True))

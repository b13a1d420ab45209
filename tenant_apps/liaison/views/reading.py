"""The notebook, and a note as a family reads it, signs it and answers it."""

from collections import defaultdict
from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import attempt
from shared_apps.signatures.models import Slot
from tenant_apps.liaison import services, threads
from tenant_apps.liaison.forms import (
    AnswerForm,
    ReplyForm,
)
from tenant_apps.liaison.models import LiaisonNote, Reply
from tenant_apps.liaison.querysets import slots_visible_to
from tenant_apps.liaison.views.common import visible_note
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
        context["unsigned"] = _name_children(user, page)
    return render(request, "liaison/notes.html", context)


def note(request: HttpRequest, pk: Any) -> HttpResponse:
    """A guardian reads and signs; staff are sent to the follow-up, an author to the draft."""
    note = visible_note(request, pk)
    children = _children_of(request.user, note)
    if not children:
        return redirect("liaison:publish" if note.is_draft else "liaison:follow", note.pk)
    services.read_note(actor=request.user, note=note)
    shown = _shown_to_a_guardian(request, note, children)
    threads.mark_read(actor=request.user, replies=chain.from_iterable(child["replies"] for child in children))
    return shown


@require_POST
def sign(request: HttpRequest, pk: Any, slot: Any) -> HttpResponse:
    note = visible_note(request, pk)
    children = _children_of(request.user, note)
    child = _child_of_slot(children, slot)
    form = _answer_form(note, child["slot"], request.POST)
    if form.is_valid():
        answer = form.cleaned_data | {"answer": form.cleaned_data.get("answer", "")}
        if attempt(request, lambda: services.sign_note(actor=request.user, note=note, slot=child["slot"], **answer)):
            return redirect("liaison:signed", note.pk, slot)
    child["form"] = form
    return _shown_to_a_guardian(request, note, children, status=422)


def signed(request: HttpRequest, pk: Any, slot: Any) -> HttpResponse:
    """The proof, after: who, when, for whom; and what is left to do."""
    note = visible_note(request, pk)
    child = next((c for c in _children_of(request.user, note) if c["slot"].pk == slot), None)
    if child is None or not child["slot"].is_signed:
        return redirect("liaison:note", note.pk)
    answer = dict(note.choices).get(child["slot"].answer, "")
    return render(request, "liaison/signed.html", {"note": note, "child": child, "answer": answer})


@require_POST
def reply(request: HttpRequest, pk: Any, slot: Any) -> HttpResponse:
    """A guardian writes to the school about the note, for one child."""
    note = visible_note(request, pk)
    children = _children_of(request.user, note)
    child = _child_of_slot(children, slot)
    form = _reply_form(child["slot"], request.POST)
    if form.is_valid():
        said = {"note": note, "pupil": child["pupil"], "body": form.cleaned_data["body"]}
        if attempt(request, lambda: threads.reply(actor=request.user, **said)):
            messages.success(request, _("Votre message part à l’école."))
            return redirect(f"{note.get_absolute_url()}#echanges-{slot}")
    child["reply_form"] = form
    return _shown_to_a_guardian(request, note, children, status=422)


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


def _name_children(user: Any, page: Any) -> set[Any]:
    """Gives each note of a page `named`, the children for whom this guardian has it; returns those left to sign."""
    name = Pupil.objects.filter(pk=OuterRef("subject_id")).values("person__first_name")
    slots = slots_visible_to(user).filter(request__object_id__in=[note.pk for note in page])
    rows = list(slots.order_by().annotate(name=Subquery(name)).values_list("request__object_id", "name", "signed_at"))
    for note in page:
        note.named = get_text_list(sorted(first_name for pk, first_name, _at in rows if pk == note.pk), _("et"))
    return {pk for pk, _name, signed_at in rows if signed_at is None}

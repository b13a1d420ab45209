"""A note from its first word to its withdrawal: by its author, or the head."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import attempt, require
from core.errors import DomainError
from tenant_apps.liaison import services
from tenant_apps.liaison.forms import (
    ChildrenForm,
    CorrectionForm,
    NoteForm,
    PlanForm,
    WithdrawalForm,
)
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.liaison.views.common import visible_note


def write(request: HttpRequest, pk: Any = None) -> HttpResponse:
    """Write a note or change a draft, then see whom it reaches before sending."""
    note = visible_note(request, pk) if pk else LiaisonNote()
    require(request, "liaison.change_note" if pk else "liaison.write_note", note if pk else None)
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
    note = visible_note(request, pk)
    require(request, "liaison.change_note", note)
    form = ChildrenForm(request.POST if request.method == "POST" else None, note=note)
    if request.method == "POST" and form.is_valid():
        pupils = form.cleaned_data["pupils"]
        if attempt(request, lambda: services.choose_children(actor=request.user, note=note, pupils=pupils)):
            return redirect("liaison:publish", note.pk)
    return render(request, "liaison/children.html", {"note": note, "form": form})


def publish(request: HttpRequest, pk: Any) -> HttpResponse:
    """« 24 enfants et 41 parents liront ceci. »: said before, done by POST."""
    note = visible_note(request, pk)
    require(request, "liaison.publish_note", note)
    form = PlanForm(None, instance=note)
    if request.method == "POST":
        act = request.POST.get("act", "")
        form = PlanForm(request.POST if act == "plan" else None, instance=note)
        if (act != "plan" or form.is_valid()) and attempt(request, lambda: _send(request, note, form, act)):
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
    note = visible_note(request, pk)
    services.delete_draft(actor=request.user, note=note)
    messages.success(request, _("Le brouillon est supprimé."))
    return redirect("liaison:notes")


def correct(request: HttpRequest, pk: Any) -> HttpResponse:
    """Before anybody signed: other words, or another date."""
    note = visible_note(request, pk)
    require(request, "liaison.correct_note", note)
    form = CorrectionForm(request.POST or None, instance=note)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in form.fields}
        if attempt(request, lambda: services.correct_note(actor=request.user, note=note, facts=facts)):
            messages.success(request, _("Le mot est corrigé. Les familles sont prévenues."))
            return redirect("liaison:follow", note.pk)
    return render(request, "liaison/correct.html", {"note": note, "form": form})


@require_POST
def archive(request: HttpRequest, pk: Any) -> HttpResponse:
    note = visible_note(request, pk)
    services.archive_note(actor=request.user, note=note)
    messages.success(request, _("Le mot est archivé. Il reste lisible."))
    return redirect("liaison:notes")


def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    """« La sortie est annulée »: said to those who received the note, once and for all."""
    note = visible_note(request, pk)
    require(request, "liaison.withdraw_note", note)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        word = form.cleaned_data["withdrawn_for"]
        if attempt(request, lambda: services.withdraw_note(actor=request.user, note=note, word=word)):
            messages.success(request, _("Le mot est retiré. Les familles sont prévenues."))
            return redirect("liaison:follow", note.pk)
    return render(request, "liaison/withdraw.html", {"note": note, "form": form})

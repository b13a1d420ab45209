"""The follow-up of a case: contacts, mandate, tasks, notes, files, history."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.acts import require
from core.errors import DomainError
from core.security import client_address
from shared_apps.accounts.throttle import ASKED_PER_ADDRESS, Throttle
from shared_apps.onboarding import services
from shared_apps.onboarding.follow_up_forms import ContactsForm, FileForm, MandateForm, NoteForm, TaskForm
from shared_apps.onboarding.history import history
from shared_apps.onboarding.models import Case, CaseNote, CaseTask
from shared_apps.onboarding.services import follow_up, mandates
from shared_apps.onboarding.views.shared import visible_case
from shared_apps.reference.models import RefSchool

MANAGE = "onboarding.manage_case"


def contacts(request: HttpRequest, insee: str) -> HttpResponse:
    """Everybody on one page; with a delegate and an official address, the question leaves at once."""
    case = _mine(request, insee)
    wanted = case.schools
    schools = RefSchool.objects.current().public().of_commune(insee)
    shown = list(schools.filter(uai__in=wanted) if wanted else schools)
    form = ContactsForm(request.POST or None, case=case, schools=shown)
    if request.method == "POST" and form.is_valid():
        try:
            _save_contacts(request, case, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("onboarding:commune", insee)
    context = {"case": case, "commune": case.commune, "form": form, "groups": form.groups()}
    return render(request, "onboarding/contacts.html", context, status=422 if form.errors else 200)


def _save_contacts(request: Any, case: Case, form: ContactsForm) -> None:
    typed = form.cleaned_data
    if typed["official"]:
        services.save_official_address(actor=request.user, case=case, email=typed["official"], source=typed["source"])
    for facts in form.named():
        services.save_contact(actor=request.user, case=case, **facts)
    fresh = Case.objects.with_convention().get(pk=case.pk)
    delegate, asked = mandates.mandate_of(fresh)
    if typed["official"] and delegate is not None and asked is None:
        services.ask_mandate(actor=request.user, case=fresh)
        words = _("Les contacts sont enregistrés. La mairie reçoit un courriel pour confirmer %(name)s.")
        messages.success(request, words % {"name": delegate})
    else:
        messages.success(request, _("Les contacts sont enregistrés."))


@require_POST
def ask_mandate(request: HttpRequest, insee: str) -> HttpResponse:
    case = _mine(request, insee)
    try:
        asked = services.ask_mandate(actor=request.user, case=case)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Le courriel part à %(address)s.") % {"address": asked.sent_to})
    return redirect("onboarding:commune", insee)


@never_cache
@login_not_required
def mandate(request: HttpRequest) -> HttpResponse:
    """Behind the link in the mailbox of the town. Opening it does nothing: a button answers."""
    token = request.POST.get("cle", "") or request.GET.get("cle", "")
    form = MandateForm(request.POST if "reponse" in request.POST else None)
    try:
        Throttle("mandate", client_address(request), limit=ASKED_PER_ADDRESS).begin()
        asked = mandates.look(token)
        if request.method == "POST" and form.is_valid():
            is_yes = request.POST["reponse"] == "oui"
            asked = mandates.answer(token=token, is_confirmed=is_yes, answered_by=form.cleaned_data["answered_by"])
            return render(request, "onboarding/mandate_answered.html", {"mandate": asked})
    except DomainError as refusal:
        return render(request, "onboarding/mandate_stale.html", {"why": refusal.message}, status=410)
    context = {"mandate": asked, "commune": asked.case.commune, "form": form, "token": token}
    return render(request, "onboarding/mandate.html", context, status=422 if form.errors else 200)


# --- tasks, notes, files


def journal(request: HttpRequest, insee: str) -> HttpResponse:
    case = visible_case(request, insee)
    return _journal(request, case)


def _journal(request: Any, case: Case, *, status: int = 200, **forms: Any) -> HttpResponse:
    tasks = list(case.tasks.select_related("assignee", "done_by"))
    may_manage = request.user.has_perm(MANAGE, case)
    context = {
        "case": case,
        "commune": case.commune,
        "to_do": [task for task in tasks if not task.is_done],
        "done": [task for task in tasks if task.is_done],
        "notes": list(case.notes.select_related("author")) if may_manage else [],
        "files": list(follow_up.files_of(case).select_related("owner")) if may_manage else [],
        "history": history(case),
        "may_manage": may_manage,
        "task_form": TaskForm(case=case),
        "note_form": NoteForm(),
        "file_form": FileForm(),
    }
    return render(request, "onboarding/journal.html", context | forms, status=status)


@require_POST
def add_task(request: HttpRequest, insee: str) -> HttpResponse:
    case = _mine(request, insee)
    form = TaskForm(request.POST, case=case)
    if not form.is_valid():
        return _journal(request, case, status=422, task_form=form)
    services.add_task(actor=request.user, case=case, **form.cleaned_data)
    messages.success(request, _("La tâche est ajoutée."))
    return redirect("onboarding:journal", insee)


@require_POST
def turn_task(request: HttpRequest, pk: Any) -> HttpResponse:
    """Done, or to do again."""
    require(request, MANAGE)
    task = get_object_or_404(CaseTask.objects.visible_to(request.user).select_related("case"), pk=pk)
    if request.POST.get("a_refaire"):
        services.reopen_task(actor=request.user, task=task)
    else:
        services.finish_task(actor=request.user, task=task)
        messages.success(request, _("C’est fait : « %(title)s ».") % {"title": task.title})
    return redirect("onboarding:journal", task.case.insee)


@require_POST
def add_note(request: HttpRequest, insee: str) -> HttpResponse:
    case = _mine(request, insee)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _journal(request, case, status=422, note_form=form)
    services.write_note(actor=request.user, case=case, **form.cleaned_data)
    messages.success(request, _("La note est enregistrée."))
    return redirect("onboarding:journal", insee)


@require_POST
def pin_note(request: HttpRequest, pk: Any) -> HttpResponse:
    require(request, MANAGE)
    note = get_object_or_404(CaseNote.objects.filter(case__in=Case.objects.visible_to(request.user)), pk=pk)
    services.pin_note(actor=request.user, note=note)
    return redirect("onboarding:journal", note.case.insee)


@require_POST
def add_file(request: HttpRequest, insee: str) -> HttpResponse:
    case = _mine(request, insee)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.add_file(actor=request.user, case=case, upload=form.cleaned_data["upload"])
        except DomainError as refusal:
            form.add_error("upload", refusal.message)
        else:
            messages.success(request, _("Le fichier est dans le dossier."))
            return redirect("onboarding:journal", insee)
    return _journal(request, case, status=422, file_form=form)


def _mine(request: HttpRequest, insee: str) -> Case:
    case = visible_case(request, insee)
    require(request, MANAGE, case)
    return case

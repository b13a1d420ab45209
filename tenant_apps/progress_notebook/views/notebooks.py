from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.acts import attempt, require
from core.errors import DomainError
from tenant_apps.progress_notebook.attachments import files_of
from tenant_apps.progress_notebook.contents import shared_in
from tenant_apps.progress_notebook.forms import NotebookForm, PeriodForm, ReasonForm
from tenant_apps.progress_notebook.models import Period
from tenant_apps.progress_notebook.services import notebooks as services
from tenant_apps.progress_notebook.services.notebooks import Line
from tenant_apps.progress_notebook.views import class_of, uuid_of
from tenant_apps.progress_notebook.views.editions import pdf
from tenant_apps.schools.models import SchoolClass


def periods(request: HttpRequest) -> HttpResponse:
    """The head cuts the year, opens and closes."""
    require(request, "progress_notebook.manage_periods")
    form = PeriodForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_period(actor=request.user, period=form.instance)
            return redirect("progress_notebook:periods")
        except DomainError as error:
            form.add_error(None, error.message)
    rows = Period.objects.of_this_year().headed_by(request.user).select_related("school")
    status = 422 if request.method == "POST" else 200
    return render(request, "progress_notebook/periods.html", {"form": form, "rows": rows}, status=status)


@require_POST
def toggle(request: HttpRequest, pk: Any) -> HttpResponse:
    """Closed, a period is no longer written in; opened, it is again. The button says which: it may be an old page's."""
    period = get_object_or_404(Period.objects.headed_by(request.user), pk=pk)
    act = request.POST.get("act")
    if act in ("open", "close"):
        services.set_open(actor=request.user, period=period, is_open=act == "open")
    return redirect("progress_notebook:periods")


@require_safe
def period(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    """A class in a period: who has something to give to the family, what is validated."""
    shown_class, shown = _place(request, pk, period)
    lines = services.lines_of(shown_class, shown)
    context = {
        "class": shown_class,
        "period": shown,
        "lines": lines,
        "ready": sum(one.is_ready for one in lines),
        "validated": sum(one.notebook.is_validated for one in lines),
        "may_validate": request.user.has_perm("progress_notebook.validate_notebooks", shown_class),
    }
    return render(request, "progress_notebook/period.html", context)


def notebook(request: HttpRequest, pk: Any, period: Any, pupil: Any) -> HttpResponse:
    """What the teacher gives to one family: its words, the positions of a summary, what is shared."""
    shown_class, shown = _place(request, pk, period)
    line = _line(shown_class, shown, pupil)
    found = line.notebook
    form = NotebookForm(request.POST or None, notebook=found)
    conflict = None
    if request.method == "POST" and form.is_valid():
        facts = {"school_class": shown_class, "period": shown, "pupil_id": pupil, "typed": form.typed}
        try:
            services.write(actor=request.user, **facts)
            messages.success(request, _("C’est enregistré."))
            return redirect(request.path)
        except DomainError as error:
            form.add_error(None, error.message)
            conflict = found if error.code == "conflict" else None
    observations = [] if shown.is_summary else list(shared_in(found).select_related("author").order_by("seen_on"))
    files = files_of(one.pk for one in observations)
    context = {
        "class": shown_class,
        "period": shown,
        "line": line,
        "notebook": found,
        "form": form,
        "conflict": conflict,
        "observations": [(one, files.get(one.pk, {})) for one in observations],
        "edition": found.editions.first() if found.is_begun else None,
        "may_validate": request.user.has_perm("progress_notebook.validate_notebooks", shown_class),
    }
    status = 200 if request.method == "GET" else 409 if conflict else 422
    return render(request, "progress_notebook/notebook.html", context, status=status)


@require_POST
def validate(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    shown_class, shown = _place(request, pk, period)
    act = lambda: services.validate(actor=request.user, school_class=shown_class, period=shown)  # noqa: E731
    if done := attempt(request, act):
        text = ngettext("%(n)s carnet est validé.", "%(n)s carnets sont validés.", done) % {"n": done}
        messages.success(request, text)
    return redirect("progress_notebook:period", pk, period)


@require_POST
def validate_one(request: HttpRequest, pk: Any, period: Any, pupil: Any) -> HttpResponse:
    shown_class, shown = _place(request, pk, period)
    _line(shown_class, shown, pupil)
    facts = {"school_class": shown_class, "period": shown, "pupil_id": pupil}
    if attempt(request, lambda: services.validate(actor=request.user, **facts)):
        messages.success(request, _("Le carnet est validé : la famille peut le lire et le signer."))
    return redirect("progress_notebook:notebook", pk, period, pupil)


def reopen(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    shown_class, shown = _place(request, pk, period)
    lines = [one for one in services.lines_of(shown_class, shown) if one.notebook.is_validated]
    return _reopen(request, shown_class, shown, lines, reverse("progress_notebook:period", args=[pk, period]))


def reopen_one(request: HttpRequest, pk: Any, period: Any, pupil: Any) -> HttpResponse:
    """One notebook, with a reason that the family will read."""
    shown_class, shown = _place(request, pk, period)
    line = _line(shown_class, shown, pupil)
    back = reverse("progress_notebook:notebook", args=[pk, period, pupil])
    return _reopen(request, shown_class, shown, [line], back, pupil)


def _reopen(
    request: HttpRequest, shown_class: SchoolClass, shown: Period, lines: list[Line], back: str, pupil: Any = None
) -> HttpResponse:
    require(request, "progress_notebook.validate_notebooks", shown_class)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"school_class": shown_class, "period": shown, "pupil_id": pupil}
        try:
            services.reopen(actor=request.user, reason=form.cleaned_data["reason"], **facts)
            messages.success(request, _("C’est rouvert. Ce que les familles avaient lu et signé reste lisible."))
            return redirect(back)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"form": form, "lines": lines, "class": shown_class, "period": shown, "back": back}
    return render(request, "progress_notebook/reopen.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def class_pdf(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    """All the validated ones, to print or to keep."""
    found = services.editions_of(*_place(request, pk, period))
    if not found:
        messages.error(request, _("Aucun carnet n’est validé : rien à imprimer."))
        return redirect("progress_notebook:period", pk, period)
    return pdf(found)


@require_safe
def follow(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    """Who signed, whom to remind, which papers came back."""
    shown_class, shown = _place(request, pk, period)
    children = services.SIGNED.follow_up(services.editions_of(shown_class, shown))
    done = sum(child.is_done for child in children)
    context = {"class": shown_class, "period": shown, "children": children, "done": done}
    return render(request, "progress_notebook/follow.html", context)


@require_POST
def remind(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    shown_class, shown = _place(request, pk, period)
    count = services.remind(actor=request.user, school_class=shown_class, period=shown)
    text = ngettext("%(count)s personne est relancée.", "%(count)s personnes sont relancées.", count)
    nobody = _("Tout le monde a déjà été relancé aujourd’hui.")
    messages.success(request, text % {"count": count} if count else nobody)
    return redirect("progress_notebook:follow", pk, period)


@require_POST
def paper(request: HttpRequest, pk: Any, period: Any, pupil: Any) -> HttpResponse:
    """The notebook came back signed by hand, by this adult."""
    shown_class, shown = _place(request, pk, period)
    line = _line(shown_class, shown, pupil)
    found = [one for one in services.editions_of(shown_class, shown) if one.pupil_id == pupil]
    if not found:
        messages.error(request, _("Ce carnet n’est pas validé."))
        return redirect("progress_notebook:follow", pk, period)
    facts = {"school_class": shown_class, "edition": found[0], "signer_id": uuid_of(request.POST.get("adult"))}
    if attempt(request, lambda: services.record_paper(actor=request.user, **facts) or True):
        messages.success(request, _("Papier reçu pour %(name)s.") % {"name": line.notebook.pupil.person.full_name})
    return redirect("progress_notebook:follow", pk, period)


def _place(request: HttpRequest, pk: Any, period: Any) -> tuple[SchoolClass, Period]:
    shown_class = class_of(request, pk)
    of_school = Period.objects.filter(school=shown_class.school_id, year=shown_class.year_id).select_related("year")
    return shown_class, get_object_or_404(of_school, pk=period)


def _line(shown_class: SchoolClass, shown: Period, pupil: Any) -> Line:
    """A pupil of the class whom the period concerns; any other is not found."""
    line = services.line_of(shown_class, shown, pupil)
    if line is None:
        raise Http404
    return line

"""HTTP in, HTTP out. What one may not see is 404; what one sees but may not do is 403."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.opendocument import ODS
from tenant_apps.surveys import results, services
from tenant_apps.surveys.forms import QuestionFormSet, ResponseForm, SurveyForm, questions_of
from tenant_apps.surveys.models import Survey
from tenant_apps.surveys.querysets import children_answered_for

PER_PAGE = 20


def surveys(request: Any) -> HttpResponse:
    """What one is asked; for staff, what one asked too."""
    if not request.profile:
        raise PermissionDenied
    may_write = request.profile not in {"guardian", "pupil"} and request.user.has_perm("surveys.write")
    asked = Survey.objects.asked_of(request.user).open().unanswered_by(request.user)
    mine = Survey.objects.followed_by(request.user) if may_write else Survey.objects.none()
    mine = mine.annotate(answers=Count("responses")).order_by("-created_at", "-pk")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    context = {"asked": asked.select_related("school"), "page": page, "may_write": may_write}
    return render(request, "surveys/surveys.html", context | _face(request))


def write(request: HttpRequest, pk: Any = None) -> HttpResponse:
    row = _visible(request, pk) if pk else Survey()
    _require(request, "surveys.change" if pk else "surveys.write", row if pk else None)
    form = SurveyForm(request.POST or None, instance=row, user=request.user)
    questions = QuestionFormSet(request.POST or None, initial=questions_of(row), prefix="questions")
    if request.method == "POST" and form.is_valid() and questions.is_valid():
        asked = [one.question for one in questions if one.question]
        typed = form.cleaned_data
        try:
            facts = {"survey": form.instance, "classes": typed["classes"], "questions": asked}
            draft = services.save_draft(actor=request.user, **facts)
            return redirect("surveys:change" if "encore" in request.POST else "surveys:publish", draft.pk)
        except DomainError as error:
            form.add_error(None, error.message)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "questions": questions, "is_new": pk is None}
    return render(request, "surveys/write.html", context, status=status)


def publish(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    _require(request, "surveys.change", row)
    if request.method == "POST" and _attempt(request, lambda: services.publish(actor=request.user, survey=row)):
        messages.success(request, _("Le sondage est envoyé."))
        return redirect("surveys:results", row.pk)
    context = {"survey": row, "questions": row.questions.all(), "classes": row.classes.all()}
    return render(request, "surveys/publish.html", context)


@require_POST
def delete(request: HttpRequest, pk: Any) -> HttpResponse:
    services.delete_draft(actor=request.user, survey=_visible(request, pk))
    messages.success(request, _("Le brouillon est supprimé."))
    return redirect("surveys:surveys")


def survey(request: Any, pk: Any) -> HttpResponse:
    """Its questions, once for oneself or for each child left; who only follows it goes to the results."""
    row = _visible(request, pk)
    if not Survey.objects.asked_of(request.user).filter(pk=row.pk).exists():
        return redirect("surveys:publish" if row.is_draft else "surveys:results", row.pk)
    children, is_done = _left(request.user, row)
    child = next((one for one in children if str(one.pk) == request.POST.get("enfant")), None)
    form = ResponseForm(request.POST or None, questions=list(row.questions.all()))
    if request.method == "POST":
        if not request.user.has_perm("surveys.answer", row) or (row.is_by_child and child is None):
            raise PermissionDenied
        answer = {"survey": row, "pupil": child}
        if form.is_valid() and _attempt(
            request, lambda: services.answer(actor=request.user, answers=form.answers, **answer) or True
        ):
            messages.success(request, _("Merci, votre réponse est enregistrée."))
            return redirect("surveys:surveys")
    child = child or next(iter(children), None)
    context = {"survey": row, "form": form, "child": child, "is_done": is_done} | _face(request)
    return render(request, "surveys/survey.html", context, status=422 if request.method == "POST" else 200)


def _left(user: Any, row: Survey) -> tuple[list[Any], bool]:
    """The children still to answer for; whether nothing is left to answer."""
    if not row.is_by_child:
        return [], row.ballots.filter(account=user).exists()
    done = row.ballots.filter(pupil__isnull=False).values("pupil")
    children = list(children_answered_for(user, row).exclude(pk__in=done))
    return children, not children


def results_page(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    _require(request, "surveys.follow", row)
    answers, is_shown = row.responses.count(), results.are_shown(row)
    context = {
        "survey": row,
        "results": results.results(row) if is_shown else [],
        "is_shown": is_shown,
        "fewest": results.FEWEST,
        "answers": answers,
        "waiting": answers - results.readable(row).count(),
        "may_close": request.user.has_perm("surveys.close", row),
    }
    return render(request, "surveys/results.html", context)


def results_ods(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    _require(request, "surveys.follow", row)
    if not results.are_shown(row):
        raise PermissionDenied
    headers = {"Content-Disposition": 'attachment; filename="sondage.ods"'}
    return HttpResponse(results.table(row), content_type=ODS, headers=headers)


@require_POST
def close(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    services.close(actor=request.user, survey=row)
    messages.success(request, _("Le sondage est clos."))
    return redirect("surveys:results", row.pk)


def _face(request: Any) -> dict[str, Any]:
    is_pupil = request.profile == "pupil"
    return {"is_pupil": is_pupil, "layout": "layout/pupil.html" if is_pupil else "layout/base.html"}


def _visible(request: HttpRequest, pk: Any) -> Survey:
    return get_object_or_404(Survey.objects.visible_to(request.user).select_related("school", "author"), pk=pk)


def _require(request: HttpRequest, permission: str, obj: Any = None) -> None:
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied


def _attempt(request: HttpRequest, act: Any) -> Any:
    try:
        return act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return None

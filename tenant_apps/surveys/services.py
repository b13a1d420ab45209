"""What happens to a survey. Each verb is one function: it checks, writes, leaves an audit entry, plans its effects."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.schools.models import SchoolClass
from tenant_apps.surveys import notifications
from tenant_apps.surveys.models import Ballot, Question, Response, Survey
from tenant_apps.surveys.querysets import children_answered_for, classes_asked_by
from tenant_apps.surveys.results import FEWEST


@transaction.atomic
def save_draft(*, actor: Any, survey: Survey, classes: Iterable[SchoolClass], questions: list[Question]) -> Survey:
    """Write or rewrite it whole: its questions are those given, in this order."""
    classes = list(classes)
    if survey._state.adding:
        _check(actor, "surveys.write")
        survey.author = actor
    else:
        _check(actor, "surveys.change", _locked(survey))
    _check_classes(actor, classes)
    if not questions:
        raise DomainError(_("Posez au moins une question."))
    survey.school = classes[0].school
    survey.save()
    survey.classes.set(classes)
    survey.questions.all().delete()
    for position, question in enumerate(questions):
        said = {"label": question.label, "kind": question.kind, "choices": question.choices}
        Question.objects.create(survey=survey, position=position, **said)
    return survey


@transaction.atomic
def publish(*, actor: Any, survey: Survey) -> Survey:
    survey = _locked(survey)
    _check(actor, "surveys.change", survey)
    _check_classes(actor, list(survey.classes.all()))
    if survey.ends_on < timezone.localdate():
        raise DomainError(_("Le dernier jour pour répondre est passé : changez-le."))
    survey.status, survey.published_at = Survey.Status.OPEN, timezone.now()
    survey.save(update_fields=["status", "published_at", "updated_at"])
    record(actor=actor, action="surveys.published", obj=survey)
    notifications.published(survey)
    return survey


@transaction.atomic
def close(*, actor: Any, survey: Survey) -> Survey:
    survey = _locked(survey)
    _check(actor, "surveys.close", survey)
    survey.status = Survey.Status.CLOSED
    survey.save(update_fields=["status", "updated_at"])
    record(actor=actor, action="surveys.closed", obj=survey)
    return survey


@transaction.atomic
def delete_draft(*, actor: Any, survey: Survey) -> None:
    survey = _locked(survey)
    _check(actor, "surveys.change", survey)
    survey.delete()


@transaction.atomic
def answer(*, actor: Any, survey: Survey, answers: dict[str, list[str]], pupil: Any = None) -> None:
    """Once, for oneself or for a child. The audit says that it was answered by nobody's name: there is no entry."""
    survey = _locked(survey)
    _check(actor, "surveys.answer", survey)
    if survey.is_by_child != (pupil is not None):
        raise PermissionDenied
    if pupil is not None and not children_answered_for(actor, survey).filter(pk=pupil.pk).exists():
        raise PermissionDenied
    try:
        with transaction.atomic():
            ballot = Ballot.objects.create(survey=survey, account=actor, pupil=pupil)
    except IntegrityError as error:
        raise DomainError(_("La réponse est déjà donnée.")) from error
    if not survey.is_anonymous:
        Response.objects.create(survey=survey, ballot=ballot, answers=answers)
        return
    Response.objects.create(survey=survey, answers=answers, is_counted=False)
    waiting = survey.responses.filter(is_counted=False)
    if waiting.count() >= FEWEST:
        waiting.update(is_counted=True)


def _check_classes(actor: Any, classes: list[SchoolClass]) -> None:
    if not classes:
        raise DomainError(_("Choisissez au moins une classe."))
    if len({one.school_id for one in classes}) > 1:
        raise DomainError(_("Un sondage s’adresse aux classes d’une seule école."))
    allowed = set(classes_asked_by(actor).values_list("pk", flat=True))
    if not all(one.pk in allowed for one in classes):
        raise PermissionDenied


def _locked(survey: Survey) -> Survey:
    return Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)


def _check(actor: Any, permission: str, survey: Survey | None = None) -> None:
    if not actor.has_perm(permission, survey):
        raise PermissionDenied

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.training import ical
from shared_apps.training.certificates import Certificate, certificate_pdf
from shared_apps.training.published import Offer, districts
from shared_apps.training.published import offers as published
from tenant_apps.trainees import services
from tenant_apps.trainees.forms import RatingForm, RegisterForm
from tenant_apps.trainees.models import TrainingRegistration

OTHERS = 12  # of other circonscriptions, before one asks for all


def offers(request: HttpRequest) -> HttpResponse:
    """Mine, then what is offered: in my circonscription first, then to all, then elsewhere."""
    _require(request)
    mine = TrainingRegistration.objects.visible_to(request.user)
    ahead = list(mine.ahead().order_by("day", "starts_at", "pk"))
    taken = {row.session for row in ahead}
    near, elsewhere = _ahead(request.user, taken)
    shows_all = request.GET.get("voir") == "toutes"
    context = {
        "ahead": ahead,
        "over": list(mine.over().order_by("-day", "-starts_at", "pk")[:20]),
        "near": near,
        "elsewhere": elsewhere if shows_all else elsewhere[:OTHERS],
        "more": 0 if shows_all else max(0, len(elsewhere) - OTHERS),
    }
    return render(request, "trainees/offers.html", context)


def _ahead(user: Any, taken: set[Any]) -> tuple[list[Offer], list[Offer]]:
    known = districts.get()
    here = {known.get(school.uai) for school in services.schools_of(user)} - {None}
    departments = {offer.department for offer in published.get().values() if offer.district in here}
    today = timezone.localdate()
    rows = [
        offer
        for offer in published.get().values()
        if offer.day >= today and offer.state in ("open", "closed") and offer.id not in taken
    ]
    near = [offer for offer in rows if offer.district is None or offer.district in here]
    near.sort(key=lambda offer: (offer.district is None, offer.day, offer.starts_at))
    elsewhere = [offer for offer in rows if offer not in near]
    elsewhere.sort(key=lambda offer: (offer.department not in departments, offer.day, offer.starts_at))
    return near, elsewhere


def offer(request: HttpRequest, session: Any) -> HttpResponse:
    _require(request)
    found = published.get().get(session)
    mine = TrainingRegistration.objects.visible_to(request.user).filter(session=session).first()
    if found is None and mine is None:
        raise Http404
    return _show(request, found, mine, RegisterForm(schools=services.schools_of(request.user)))


@require_POST
def register(request: HttpRequest, session: Any) -> HttpResponse:
    _require(request)
    found = _offer(session)
    form = RegisterForm(request.POST, schools=services.schools_of(request.user))
    mine = TrainingRegistration.objects.visible_to(request.user).filter(session=session).first()
    if not form.is_valid():
        return _show(request, found, mine, form, status=422)
    try:
        services.register(actor=request.user, offer=found, school=form.chosen)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Votre demande est partie. La réponse arrive ici et par courriel."))
    return redirect("trainees:offer", session)


def _show(request: HttpRequest, found: Any, mine: Any, form: RegisterForm, status: int = 200) -> HttpResponse:
    may_register = found is not None and found.takes_registrations and not (mine and mine.is_expected)
    context = {
        "offer": found,
        "facts": found or mine,
        "mine": mine,
        "form": form,
        "may_register": may_register and not (mine and mine.state in ("present", "absent")),
        "shows_link": bool(found and found.video_url and mine and mine.state == "confirmed"),
        "school": form.only,
    }
    return render(request, "trainees/offer.html", context, status=status)


@require_POST
def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _own(request, pk)
    try:
        services.withdraw(actor=request.user, registration=row)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Votre place est rendue. Le premier de la liste d’attente la reçoit."))
    return redirect("trainees:offers")


def rate(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _own(request, pk)
    if row.state != TrainingRegistration.State.PRESENT:
        raise PermissionDenied
    initial = {"rating": row.rating, "comment": row.comment}
    form = RatingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.rate(actor=request.user, registration=row, **form.cleaned_data)
        messages.success(request, _("Merci. Votre note compte, sans votre nom."))
        return redirect("trainees:offer", row.session)
    return render(request, "trainees/rate.html", {"form": form, "row": row}, status=422 if form.errors else 200)


def certificate(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _own(request, pk)
    if not row.has_certificate:
        raise Http404
    body = certificate_pdf(
        Certificate(
            registration=row.pk,
            number=row.certificate,
            name=request.user.get_full_name(),
            school=row.school.name,
            title=row.title,
            level=row.level,
            hours=row.hours,
            day=row.day,
            where=row.where,
        )
    )
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="attestation-{row.certificate}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def ics(request: HttpRequest, session: Any) -> HttpResponse:
    _require(request)
    found = _offer(session)
    mine = TrainingRegistration.objects.visible_to(request.user).filter(session=session, state="confirmed").exists()
    event = ical.Event(
        uid=str(found.id),
        starts=timezone.make_aware(datetime.combine(found.day, found.starts_at)),
        ends=timezone.make_aware(datetime.combine(found.day, found.ends_at)),
        title=_("Formation : %(title)s") % {"title": found.title},
        where=found.where,
        detail=found.objectives,
        url=found.video_url if mine else "",
        is_cancelled=found.state == "cancelled",
        sequence=found.sequence,
    )
    return ical.response(ical.calendar([event], name=found.title), filename="formation.ics")


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("trainees.attend"):
        raise PermissionDenied


def _offer(session: Any) -> Offer:
    found = published.get().get(session)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, pk: Any) -> TrainingRegistration:
    return get_object_or_404(TrainingRegistration.objects.visible_to(request.user).select_related("school"), pk=pk)

"""Appointments of families with teachers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.agenda import appointments as services
from tenant_apps.agenda.forms import SlotsForm, WordForm
from tenant_apps.agenda.models import AppointmentSlot, Booking
from tenant_apps.people.models import Pupil


def appointments(request: HttpRequest) -> HttpResponse:
    """A guardian's appointments and what may be taken; or the slots of who receives."""
    return _take(request) if request.profile == "guardian" else _receive(request)


def _take(request: HttpRequest) -> HttpResponse:
    _require(request, "agenda.book_somewhere")
    rows = list(Booking.objects.to_come().with_facts().filter(guardian=request.user))
    offered = services.offers(request.user, rows)
    context = {
        "bookings": rows,
        "offered": offered,
        "chains": services.side_by_side(offered),
        "is_empty": not rows and not any(slots for _child, slots in offered),
    }
    return render(request, "agenda/take.html", context)


def _receive(request: HttpRequest) -> HttpResponse:
    _require(request, "agenda.receive")
    slots = AppointmentSlot.objects.to_come().filter(host=request.user).select_related("school_class")
    rows = list(Booking.objects.to_come().with_facts().filter(slot__host=request.user))
    taken = {row.slot_id: row for row in rows if not row.cancelled_at}
    context = {
        "slots": [(slot, taken.get(slot.pk)) for slot in slots],
        "cancelled": [row for row in rows if row.cancelled_at and not row.cancelled_by_host],
    }
    return render(request, "agenda/receive.html", context)


def open_slots(request: HttpRequest) -> HttpResponse:
    _require(request, "agenda.receive")
    form = SlotsForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_slots(actor=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            words = ngettext("%(count)s créneau est ouvert.", "%(count)s créneaux sont ouverts.", len(made))
            messages.success(request, words % {"count": len(made)})
            return redirect("agenda:appointments")
    return render(request, "agenda/open_slots.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def book(request: HttpRequest) -> HttpResponse:
    """« choix »: « slot:pupil », several times, or several at once with commas (brothers and sisters)."""
    _require(request, "agenda.book_somewhere")
    try:
        made = services.book(actor=request.user, wanted=_wanted(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = ngettext("C’est noté : le rendez-vous est pris.", "C’est noté : les rendez-vous sont pris.", len(made))
        messages.success(request, words)
    return redirect("agenda:appointments")


def cancel(request: HttpRequest, pk: Any) -> HttpResponse:
    booking = get_object_or_404(Booking.objects.visible_to(request.user).with_facts(), pk=pk)
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel(actor=request.user, booking=booking, word=form.cleaned_data["word"])
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Le rendez-vous est annulé. L’autre personne est prévenue."))
        return redirect("agenda:appointments")
    is_host = booking.slot.host_id == request.user.pk
    return render(request, "agenda/cancel.html", {"booking": booking, "form": form, "is_host": is_host})


@require_POST
def close_slot(request: HttpRequest, pk: Any) -> HttpResponse:
    slot = get_object_or_404(AppointmentSlot.objects.visible_to(request.user), pk=pk)
    try:
        services.close_slot(actor=request.user, slot=slot)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("agenda:appointments")


def _wanted(request: HttpRequest) -> list[tuple[AppointmentSlot, Pupil]]:
    """What was chosen, among what this guardian sees."""
    chosen = [pair.split(":") for value in request.POST.getlist("choix") for pair in value.split(",") if pair]
    if not chosen:
        raise DomainError(_("Choisissez d’abord un créneau."))
    slots, pupils = (
        AppointmentSlot.objects.visible_to(request.user).select_related("host"),
        Pupil.objects.informing(request.user),
    )
    try:
        return [(slots.get(pk=slot), pupils.get(pk=pupil)) for slot, pupil in chosen]
    except (ValueError, ValidationError, AppointmentSlot.DoesNotExist, Pupil.DoesNotExist) as error:
        raise DomainError(_("Ce créneau n’est plus proposé. Choisissez-en un autre.")) from error


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied

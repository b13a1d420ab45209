"""Where a child comes in. No reading is needed; each page works without JavaScript, by touch and by keyboard."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_permissions_policy.decorators import permissions_policy_override

from shared_apps.accounts.codes import normalise
from tenant_apps.people.models import Enrollment
from tenant_apps.pupil_access import doorway, secrets_of, services
from tenant_apps.pupil_access.models import ClassDoor, PupilKey, Way
from tenant_apps.pupil_access.pictures import PICTURES, all_pictures
from tenant_apps.pupil_access.services.entries import Entry, Refusal

# The in-page reader needs the camera, here and nowhere else.
with_camera = permissions_policy_override({"camera": "self", "microphone": [], "geolocation": []})


@login_not_required
@with_camera
def door(request: HttpRequest) -> HttpResponse:
    """Show a card, or type what is under it, or what is on the board."""
    if request.method != "POST":
        return _door_page(request)
    code = normalise(request.POST.get("code", ""))[:20]
    if len(code) == secrets_of.BOARD_LENGTH:
        return redirect("pupil_access:board_code", code)
    return redirect("pupil_access:card", code) if code else _door_page(request)


def _door_page(request: HttpRequest) -> HttpResponse:
    shown = doorway.shown(request)
    context = {"door": shown if shown and shown.is_open else None}
    return render(request, "pupil_access/door.html", context)


@login_not_required
def board_code(request: HttpRequest, code: str) -> HttpResponse:
    """The picture or the code of the board: this device now knows the class."""
    guesses = doorway.Guesses(request)
    if refusal := guesses.refusal():
        return _unknown(request, refusal)
    found = services.door_by_code(code)
    if found is None:
        return _unknown(request, _("Ce code n’ouvre pas de classe. Regarde bien le tableau, ou demande à un adulte."))
    guesses.was_right()
    doorway.remember(request, found)
    return redirect("pupil_access:faces")


@login_not_required
def card(request: HttpRequest, code: str) -> HttpResponse:
    """A card was read. A reader may fetch the address by itself: one comes in by pressing the button."""
    guesses = doorway.Guesses(request)
    if refusal := guesses.refusal():
        return _unknown(request, refusal)
    found = services.enter_by_card(code=code) if request.method == "POST" else services.whose_card(code)
    if found.refusal == Refusal.UNKNOWN:
        return _unknown(request, _("Cette carte ne marche plus. Demande à ta maîtresse ou à ton maître."))
    guesses.was_right()
    if found.refusal == Refusal.CLOSED:
        return _closed(request)
    if request.method == "POST":
        return _welcome(request, found, Way.CARD)
    return render(request, "pupil_access/card.html", {"key": found.key, "name": short_name(found.key)})


def _unknown(request: HttpRequest, message: str) -> HttpResponse:
    if request.user.is_authenticated:
        raise Http404
    messages.warning(request, message)
    return redirect("pupil_access:door")


@login_not_required
@with_camera
def faces(request: HttpRequest) -> HttpResponse:
    """« Qui es-tu ? »: the animals of the class, on a device that was shown it and while it is open."""
    found = doorway.shown(request)
    if found is None:
        return redirect("pupil_access:door")
    if not found.is_open:
        return _closed(request)
    if services.way_of(found) != Way.PICTURES:
        return _door_page(request)
    keys = PupilKey.objects.usable().in_class(found.school_class).select_related("pupil__person")
    tiles = [{"key": key, "name": short_name(key)} for key in keys.order_by("pupil__person__sort_name", "pk")]
    return render(request, "pupil_access/faces.html", {"door": found, "tiles": tiles})


@login_not_required
def pictures(request: HttpRequest) -> HttpResponse:
    """The child's secret pictures, one press each. What was pressed travels in the form, never in an address."""
    found = doorway.shown(request)
    key = _chosen(request, found)
    if found is None or key is None:
        return redirect("pupil_access:faces" if found else "pupil_access:door")
    if not found.is_open:
        return _closed(request)
    if request.method != "POST":
        return _page_of_pictures(request, key, [], is_blocked=key.is_blocked)
    pressed = _pressed(request)
    if len(pressed) < _count(key):
        return _page_of_pictures(request, key, pressed)
    entry = services.enter_by_pictures(door=found, pupil_pk=key.pupil_id, pictures=pressed)
    if entry.user is not None:
        return _welcome(request, entry, Way.PICTURES)
    return _page_of_pictures(request, key, [], is_wrong=True, is_blocked=entry.refusal == Refusal.BLOCKED)


def _page_of_pictures(
    request: HttpRequest, key: PupilKey, pressed: list[str], *, is_wrong: bool = False, is_blocked: bool = False
) -> HttpResponse:
    if is_blocked:
        return render(request, "pupil_access/ask.html", {"key": key, "name": short_name(key)}, status=403)
    context = {
        "key": key,
        "name": short_name(key),
        "pictures": all_pictures(),
        "pressed": " ".join(pressed),
        "dots": [n < len(pressed) for n in range(_count(key))],
        "is_wrong": is_wrong,
    }
    return render(request, "pupil_access/pictures.html", context, status=422 if is_wrong else 200)


@login_not_required
@require_POST
def forgotten(request: HttpRequest) -> HttpResponse:
    """« J’ai oublié »: the teacher is told."""
    found = doorway.shown(request)
    key = _chosen(request, found)
    if found is None or key is None:
        return redirect("pupil_access:faces" if found else "pupil_access:door")
    if not found.is_open:
        return _closed(request)
    services.ask_for_help(key=key)
    return render(request, "pupil_access/ask.html", {"key": key, "name": short_name(key)})


@login_not_required
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """« C’est fini »: on a shared tablet the next child finds its class."""
    way = request.session.get(doorway.WAY_KEY)
    if request.user.is_authenticated:
        services.leave(user=request.user)
    doorway.let_out(request)
    found = doorway.shown(request)
    if found is not None and found.is_open:
        return redirect("pupil_access:faces")
    return redirect("pupil_access:door" if way else "accounts:sign_in")


def _welcome(request: HttpRequest, entry: Entry, way: Way) -> HttpResponse:
    if entry.user is None:
        return _closed(request)
    doorway.let_in(request, entry.user, way)
    return redirect("home")


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "pupil_access/closed.html", status=403)


def _chosen(request: HttpRequest, found: ClassDoor | None) -> PupilKey | None:
    """The child whose animal was touched, of the class that this device was shown."""
    text = request.POST.get("qui") or request.GET.get("qui") or ""
    try:
        pk = UUID(text)
    except ValueError:
        return None
    if found is None:
        return None
    keys = PupilKey.objects.usable().in_class(found.school_class_id).filter(pupil=pk)
    return keys.select_related("pupil__person").first()


def _pressed(request: HttpRequest) -> list[str]:
    names = [*request.POST.get("suite", "").split(), request.POST.get("image", "")]
    return [name for name in names if name in PICTURES]


def _count(key: PupilKey) -> int:
    grade = Enrollment.objects.on().filter(pupil=key.pupil_id).values_list("grade", flat=True)[0]
    return services.count_of_pictures(grade)


def short_name(key: Any) -> str:
    """« Tom F. »: on a tablet that others see, no more."""
    person = key.pupil.person
    return f"{person.first_name} {person.last_name[:1]}."

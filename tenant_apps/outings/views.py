"""HTTP in, HTTP out. What one may not see is 404; what one sees but may not do is 403."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.acts import attempt, require
from shared_apps.signatures.models import Slot
from tenant_apps.outings import papers, services
from tenant_apps.outings.forms import AnswerForm, OutingForm, WithdrawalForm
from tenant_apps.outings.lists import who_goes
from tenant_apps.outings.models import Outing
from tenant_apps.outings.querysets import slots_visible_to
from tenant_apps.people.models import Pupil

PER_PAGE = 20


def outings(request: Any) -> HttpResponse:
    if request.profile == "pupil":
        raise PermissionDenied
    is_staff = request.profile not in {"guardian", "pupil"} and request.user.has_perm("outings.organise")
    rows = Outing.objects.followed_by(request.user) if is_staff else Outing.objects.asked_of(request.user)
    page = Paginator(rows.select_related("school_class"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "outings/outings.html", {"page": page, "is_staff": is_staff})


def write(request: HttpRequest, pk: Any = None) -> HttpResponse:
    row = _visible(request, pk) if pk else Outing(author=request.user)
    require(request, "outings.change" if pk else "outings.organise", row if pk else None)
    form = OutingForm(request.POST or None, instance=row, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(services.save_draft(actor=request.user, outing=form.instance))
    status = 422 if request.method == "POST" else 200
    return render(request, "outings/write.html", {"form": form, "is_new": pk is None}, status=status)


@require_POST
def publish(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    if attempt(request, lambda: services.publish(actor=request.user, outing=row)):
        messages.success(request, _("La sortie est envoyée aux familles."))
    return redirect(row)


def outing(request: HttpRequest, pk: Any) -> HttpResponse:
    """A guardian signs and offers to come; the school reads who goes."""
    row = _visible(request, pk)
    services.read(actor=request.user, outing=row)
    return render(request, "outings/outing.html", _page(request, row))


@require_POST
def sign(request: HttpRequest, pk: Any, slot: Any) -> HttpResponse:
    row = _visible(request, pk)
    mine = slots_visible_to(request.user).filter(request__object_id=row.pk, pk=slot).first()
    if mine is None or not request.user.has_perm("outings.sign", row):
        raise PermissionDenied
    form = _answer_form(mine, request.POST)
    if not form.is_valid():
        return render(request, "outings/outing.html", _page(request, row, form), status=422)
    answer = form.cleaned_data["answer"]
    if attempt(request, lambda: services.sign(actor=request.user, outing=row, slot=mine, answer=answer)):
        messages.success(request, _("C’est signé."))
    return redirect(row)


@require_POST
def come_along(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    comes = request.POST.get("act") == "oui"
    if attempt(request, lambda: services.come_along(actor=request.user, outing=row, comes=comes) or True):
        words = _("Merci : vous êtes sur la liste.") if comes else _("Vous n’êtes plus sur la liste.")
        messages.success(request, words)
    return redirect(row)


@require_POST
def paper(request: HttpRequest, pk: Any, pupil: Any) -> HttpResponse:
    """The authorisation came back signed by hand: what was ticked on it is recorded."""
    row = _visible(request, pk)
    child = get_object_or_404(Pupil.objects.visible_to(request.user).select_related("person"), pk=pupil)
    facts = {"answer": request.POST.get("answer", ""), "signer_id": _uuid(request.POST.get("adult", ""))}
    act = lambda: services.record_paper(actor=request.user, outing=row, pupil=child, **facts) or True  # noqa: E731
    if attempt(request, act):
        messages.success(request, _("Papier reçu pour %(name)s.") % {"name": child.person.full_name})
    return redirect(row)


@require_POST
def remind(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    count = services.remind(actor=request.user, outing=row)
    text = ngettext("%(count)s personne est relancée.", "%(count)s personnes sont relancées.", count)
    nobody = _("Tout le monde a déjà été relancé aujourd’hui.")
    messages.success(request, text % {"count": count} if count else nobody)
    return redirect(row)


def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    """« La sortie n’aura pas lieu »: whom it tells is said before."""
    row = _visible(request, pk)
    require(request, "outings.settle", row)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        word = form.cleaned_data["word"]
        if attempt(request, lambda: services.withdraw(actor=request.user, outing=row, word=word)):
            messages.success(request, _("La sortie est annulée ; les familles sont prévenues."))
        return redirect(row)
    status = 422 if request.method == "POST" else 200
    return render(request, "outings/withdraw.html", {"outing": row, "form": form}, status=status)


def roll_call_pdf(request: HttpRequest, pk: Any) -> HttpResponse:
    """The same list to take along, then the authorisations as they were signed."""
    row = _visible(request, pk)
    require(request, "outings.follow", row)
    headers = {"Content-Disposition": f'attachment; filename="sortie-{row.day}.pdf"'}
    return HttpResponse(papers.roll_call_pdf(row), content_type="application/pdf", headers=headers)


def roll_call(request: HttpRequest, pk: Any) -> HttpResponse:
    """A page made for the printer: who goes that day, and who comes along."""
    row = _visible(request, pk)
    require(request, "outings.follow", row)
    context = {"outing": row, "who": who_goes(row), "companions": row.companions.select_related("account")}
    return render(request, "outings/roll_call.html", context)


def _answer_form(slot: Slot, data: Any = None) -> AnswerForm:
    return AnswerForm(data, prefix=slot.pk.hex[-8:])


def _page(request: HttpRequest, row: Outing, wrong: AnswerForm | None = None) -> dict[str, Any]:
    user = request.user
    may_follow = user.has_perm("outings.follow", row)
    companions = list(row.companions.select_related("account"))
    slots = list(slots_visible_to(user).filter(request__object_id=row.pk))
    names = dict(Pupil.objects.filter(pk__in=[s.subject_id for s in slots]).values_list("pk", "person__first_name"))
    forms = {form.prefix: form for form in [*map(_answer_form, slots), *([wrong] if wrong else [])]}
    answers = dict(Outing.CHOICES)
    return {
        "outing": row,
        "children": [
            (slot, names[slot.subject_id], answers.get(slot.answer), forms[slot.pk.hex[-8:]]) for slot in slots
        ],
        "may_sign": user.has_perm("outings.sign", row),
        "may_change": user.has_perm("outings.change", row),
        "may_settle": may_follow and user.has_perm("outings.settle", row),
        "who": who_goes(row) if may_follow else None,
        "companions": companions,
        "comes": any(one.account_id == user.pk for one in companions),
        "places": max(row.companions_wanted - len(companions), 0),
    }


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _visible(request: HttpRequest, pk: Any) -> Outing:
    rows = Outing.objects.visible_to(request.user).select_related("school_class__school", "author")
    return get_object_or_404(rows, pk=pk)

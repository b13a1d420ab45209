from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_permissions_policy.decorators import permissions_policy_override

from core.acts import require
from core.errors import DomainError
from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.progress_notebook.attachments import files_of
from tenant_apps.progress_notebook.domains import DOMAINS, GRADES, MILESTONES, SHORT
from tenant_apps.progress_notebook.forms import ObservationForm, ObserveForm
from tenant_apps.progress_notebook.models import Edition, Observation, Period
from tenant_apps.progress_notebook.querysets import followed_by, nursery_classes
from tenant_apps.progress_notebook.services import observations as services
from tenant_apps.progress_notebook.services.observations import enrolled_in
from tenant_apps.progress_notebook.views import class_of, uuid_of
from tenant_apps.schools.models import SchoolYear

# A sound is recorded in the page, here and nowhere else.
with_microphone = permissions_policy_override({"microphone": "self", "camera": "self", "geolocation": []})
FORGOTTEN_AFTER = timedelta(weeks=3)
LATEST = 60  # observations on the page of a child; editions hold the others


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Staff: their classes of cycle 1. Families: their children's notebooks. One alone opens at once."""
    if request.profile in {"teacher", "head"}:
        classes = list(nursery_classes(request.user).select_related("school").by_grade())
        if len(classes) == 1:
            return redirect("progress_notebook:class", classes[0].pk)
        return render(request, "progress_notebook/classes.html", {"classes": classes})
    children = list(_children(request.user)) if request.profile == "guardian" else []
    if len(children) == 1:
        return redirect("progress_notebook:pupil", children[0].pupil_id)
    return render(request, "progress_notebook/children.html", {"children": children})


def _children(user: Any) -> Any:
    rows = Enrollment.objects.on().filter(pupil__in=Pupil.objects.informing(user), grade__in=GRADES)
    return rows.select_related("pupil__person", "school_class__school").order_by("pupil__person__birth_date", "pk")


@require_safe
def school_class(request: HttpRequest, pk: Any) -> HttpResponse:
    """The class at a glance: how much was noted of each child this year, and of whom nothing lately."""
    shown = class_of(request, pk)
    rows = _glance(shown)
    periods = Period.objects.of_this_year().filter(school=shown.school_id)
    waiting = Observation.objects.standing().filter(shared_at=None, pupil__in=[row["pupil"].pk for row in rows])
    context = {
        "class": shown,
        "rows": rows,
        "domains": SHORT.values(),
        "forgotten": sum(row["is_forgotten"] for row in rows),
        "waiting": waiting.count(),
        "periods": periods,
        "has_others": nursery_classes(request.user).exclude(pk=shown.pk).exists(),
    }
    return render(request, "progress_notebook/class.html", context)


def _glance(shown: Any) -> list[dict[str, Any]]:
    """Two queries, however many children."""
    enrolled = list(enrolled_in(shown))
    year = SchoolYear.objects.current().values("starts_on")
    noted = Observation.objects.standing().filter(pupil__in=[row.pupil_id for row in enrolled], seen_on__gte=year)
    counts: dict[Any, dict[str, int]] = defaultdict(dict)
    last: dict[Any, Any] = {}
    for pupil, domain, n, day in (
        noted.order_by().values_list("pupil", "domain").annotate(n=Count("pk"), day=Max("seen_on"))
    ):
        counts[pupil][domain] = n
        last[pupil] = max(day, last.get(pupil, day))
    limit = timezone.localdate() - FORGOTTEN_AFTER
    return [
        {
            "pupil": row.pupil,
            "grade": row.get_grade_display(),
            "counts": [(SHORT[domain], counts[row.pupil_id].get(domain, 0)) for domain in DOMAINS],
            "last": last.get(row.pupil_id),
            "is_forgotten": row.pupil_id not in last or last[row.pupil_id] < limit,
        }
        for row in enrolled
    ]


@with_microphone
def observe(request: HttpRequest, pk: Any) -> HttpResponse:
    """« Noter une réussite »: who, in which domain, a photo, a sound, some words. Saved, the page is ready again."""
    shown = class_of(request, pk)
    require(request, "progress_notebook.write_observations", shown)
    pupils = Pupil.objects.filter(pk__in=enrolled_in(shown).order_by().values("pupil")).select_related("person")
    initial = {"pupils": [request.GET["enfant"]]} if uuid_of(request.GET.get("enfant")) else {}
    form = ObserveForm(request.POST or None, request.FILES or None, pupils=pupils, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = {"noted": form.noted, "uploads": form.uploads, "is_shared": "share" in request.POST}
        facts["gesture"] = form.cleaned_data["gesture"]
        chosen = list(form.cleaned_data["pupils"])
        try:
            made = services.observe(actor=request.user, school_class=shown, pupils=chosen, **facts)
        except DomainError as error:
            form.add_error(FIELD_OF.get(error.code), error.message)
        else:
            return redirect(f"{reverse('progress_notebook:observe', args=[pk])}?geste={made[0].lot}")
    context = {"class": shown, "form": form, "done": _done(request, shown), "milestones": MILESTONES}
    return render(request, "progress_notebook/observe.html", context, status=422 if form.errors else 200)


FIELD_OF = {"future": "seen_on", "nobody": "pupils", "one_child": "pupils", "unreadable": "photo"}


def _done(request: HttpRequest, shown: Any) -> list[Observation]:
    """What the last gesture noted, to be said and undone."""
    lot = uuid_of(request.GET.get("geste"))
    if lot is None:
        return []
    rows = Observation.objects.visible_to(request.user).standing()
    return list(rows.filter(lot=lot, school_class=shown, author=request.user).select_related("pupil__person"))


@require_POST
def undo(request: HttpRequest, pk: Any, lot: UUID) -> HttpResponse:
    shown = class_of(request, pk)
    if services.undo(actor=request.user, school_class=shown, lot=lot):
        messages.success(request, _("C’est annulé."))
    return redirect("progress_notebook:observe", pk)


@require_POST
def share_class(request: HttpRequest, pk: Any) -> HttpResponse:
    count = services.share_class(actor=request.user, school_class=class_of(request, pk))
    text = ngettext("%(n)s observation est montrée.", "%(n)s observations sont montrées.", count) % {"n": count}
    messages.success(request, text if count else _("Tout était déjà montré aux familles."))
    return redirect("progress_notebook:class", pk)


@require_safe
def pupil(request: HttpRequest, pk: Any) -> HttpResponse:
    """A child's notebook through the cycle: for who teaches it, all; for its family, what is shared."""
    readers = Q(pk__in=followed_by(request.user)) | Q(pk__in=Pupil.objects.informing(request.user))
    child = get_object_or_404(Pupil.objects.filter(readers).select_related("person"), pk=pk)
    rows = Observation.objects.visible_to(request.user).standing().filter(pupil=child).select_related("author")
    found = list(rows[:LATEST])
    files = files_of(one.pk for one in found)
    enrollment = Enrollment.objects.on().filter(pupil=child).select_related("school_class__school").first()
    is_staff = enrollment is not None and nursery_classes(request.user).filter(pk=enrollment.school_class_id).exists()
    editions = Edition.objects.visible_to(request.user).filter(notebook__pupil=child).last_ones()
    context = {
        "pupil": child,
        "enrollment": enrollment,
        "is_staff": is_staff,
        "domains": _by_domain([(one, files.get(one.pk, {})) for one in found]),
        "is_cut": len(found) == LATEST,
        "removed": _removed(request, child) if is_staff else [],
        "editions": editions.select_related("notebook__period__year").order_by("-validated_at"),
    }
    return render(request, "progress_notebook/pupil.html", context)


def _by_domain(rows: list[tuple[Observation, dict[str, Any]]]) -> list[tuple[Any, list[Any]]]:
    by_code: dict[str, list[Any]] = defaultdict(list)
    for one, files in rows:
        by_code[one.domain].append((one, files))
    return [(name, by_code[code]) for code, name in DOMAINS.items() if code in by_code]


def _removed(request: HttpRequest, child: Pupil) -> list[Observation]:
    rows = Observation.objects.visible_to(request.user).filter(pupil=child, removed_at__isnull=False)
    return list(rows.order_by("-removed_at")[:5])


@with_microphone
def change(request: HttpRequest, pk: Any) -> HttpResponse:
    found = _visible(request, pk)
    require(request, "progress_notebook.change_observation", found)
    form = ObservationForm(request.POST or None, request.FILES or None, observation=found)
    if request.method == "POST" and form.is_valid():
        facts = {"noted": form.noted, "uploads": form.uploads, "dropped": form.dropped}
        try:
            services.change(actor=request.user, observation=found, **facts)
        except DomainError as error:
            form.add_error(FIELD_OF.get(error.code), error.message)
        else:
            messages.success(request, _("C’est enregistré."))
            return _to_pupil(found)
    files = files_of([found.pk]).get(found.pk, {})
    context = {"observation": found, "form": form, "files": files, "milestones": MILESTONES}
    return render(request, "progress_notebook/change.html", context, status=422 if form.errors else 200)


@require_POST
def share(request: HttpRequest, pk: Any) -> HttpResponse:
    """Shown to the family, or a draft again."""
    found = _visible(request, pk)
    act = services.unshare if "draft" in request.POST else services.share
    act(actor=request.user, observation=found)
    return _to_pupil(found)


@require_POST
def remove(request: HttpRequest, pk: Any) -> HttpResponse:
    found = services.remove(actor=request.user, observation=_visible(request, pk))
    messages.success(request, _("Retiré. Vous pouvez le remettre, en bas de la page."))
    return _to_pupil(found)


@require_POST
def restore(request: HttpRequest, pk: Any) -> HttpResponse:
    found = services.restore(actor=request.user, observation=_visible(request, pk))
    messages.success(request, _("C’est remis dans le carnet."))
    return _to_pupil(found)


def _visible(request: HttpRequest, pk: Any) -> Observation:
    rows = Observation.objects.visible_to(request.user).select_related("pupil__person")
    return get_object_or_404(rows, pk=pk)


def _to_pupil(observation: Observation) -> HttpResponseRedirect:
    return redirect("progress_notebook:pupil", observation.pupil_id)

"""HTTP in, HTTP out. The week of a class or of a group of pupils for its school; of each child for its family; of a
pupil for itself.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from tenant_apps.homework import archives, services, weeks
from tenant_apps.homework.attachments import files_by_object
from tenant_apps.homework.forms import HandInForm, HomeworkForm, WordForm
from tenant_apps.homework.models import Homework, Progress
from tenant_apps.homework.querysets import concerned, groups_kept_by, learning
from tenant_apps.homework.weeks import Week, day_of
from tenant_apps.people.models import PupilGroup
from tenant_apps.schools.models import SchoolClass


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A pupil's week, each child's of a family, or the classes and the groups of who teaches and heads."""
    if request.profile in {"pupil", "guardian"}:
        return _family(request)
    classes = list(SchoolClass.objects.families_open_to(request.user).select_related("school").by_grade())
    groups = list(PupilGroup.objects.on().kept_by(request.user).select_related("school"))
    places = [*classes, *groups]
    if not places:
        raise PermissionDenied
    if len(places) == 1:
        return redirect(_way("week", places[0]))
    rows = [(one, _way("week", one), one in groups) for one in places]
    return render(request, "homework/classes.html", {"rows": rows})


def _family(request: HttpRequest) -> HttpResponse:
    week = _week(request)
    children = weeks.of_family(request.user, week)
    if request.profile == "pupil":
        children = [(row, days) for row, days in children if row.pupil.person.account_id == request.user.pk]
        return render(request, "homework/pupil_week.html", {"week": week, "children": children})
    return render(request, "homework/family.html", {"week": week, "children": children})


@require_safe
def week(request: HttpRequest, pk: Any = None, group: Any = None) -> HttpResponse:
    """What is given there; in a class, what groups give to its children too."""
    place, shown = _place(request, pk, group), _week(request)
    rows = Homework.objects.visible_to(request.user)
    rows = rows.of_classes([pk]) if group is None else rows.given_at([group])
    rows = rows.due_between(shown.monday, shown.sunday)
    found = list(rows.select_related("author", "visa_by", "group").prefetch_related("pupils"))
    days = weeks.of_place(place, shown, [one for one in found if not one.is_removed])
    own = {line.homework for day in days for line in day.lines if line.homework.place_id == place.pk}
    context = {
        "diary_of": place,  # `place` is the school, in the header of every page
        "ways": _ways(place),
        "week": shown,
        "days": days,
        "removed": [one for one in found if one.is_removed and one.place_id == place.pk],
        "waiting": sum(not one.visa_at for one in own),
        "may_write": request.user.has_perm("homework.write_homework", place),
        "may_visa": request.user.has_perm("homework.visa_week", place),
    }
    return render(request, "homework/week.html", context)


def write(request: HttpRequest, pk: Any = None, group: Any = None) -> HttpResponse:
    """`?copie=`: the words of another homework that one sees."""
    place = _place(request, pk, group)
    _require(request, "homework.write_homework", place)
    where = {"school_class": place} if group is None else {"group": place}
    return _form(request, Homework(**where), copied=_copied(request))


def change(request: HttpRequest, pk: Any) -> HttpResponse:
    homework = _visible(request, pk)
    _require(request, "homework.change_homework", homework)
    return _form(request, homework)


def _form(request: HttpRequest, homework: Homework, copied: Homework | None = None) -> HttpResponse:
    form = HomeworkForm(request.POST or None, request.FILES or None, instance=homework, copied=copied)
    is_new = homework._state.adding
    if request.method == "POST" and form.is_valid():
        facts = {"pupils": form.cleaned_data["pupils"], "uploads": form.uploads, "dropped": form.dropped}
        try:
            saved = services.save_homework(actor=request.user, homework=form.instance, **facts)
        except DomainError as error:
            # Undone: what was new is still to be written.
            homework._state.adding = is_new
            form.add_error("due_on" if error.code == "no_class" else None, error.message)
        else:
            messages.success(request, _said(saved))
            return _to_week(saved.place, Week.of(saved.due_on))
    context = {"form": form, "homework": homework, "is_new": is_new, "ways": _ways(homework.place)}
    return render(request, "homework/write.html", context, status=422 if form.errors else 200)


def _said(homework: Homework) -> str:
    if homework.published_on > timezone.localdate():
        return _("C’est noté. Les familles le verront le jour dit.")
    return _("C’est noté dans le cahier de textes ; les familles le voient.")


def _copied(request: HttpRequest) -> Homework | None:
    try:
        pk = UUID(request.GET.get("copie", ""))
    except ValueError:
        return None
    return Homework.objects.visible_to(request.user).filter(pk=pk).first()


@require_POST
def remove(request: HttpRequest, pk: Any) -> HttpResponse:
    homework = services.remove_homework(actor=request.user, homework=_visible(request, pk))
    messages.success(request, _("Retiré. Vous pouvez le remettre, en bas de la semaine."))
    return _to_week(homework.place, Week.of(homework.due_on))


@require_POST
def restore(request: HttpRequest, pk: Any) -> HttpResponse:
    homework = services.restore_homework(actor=request.user, homework=_visible(request, pk))
    messages.success(request, _("Le devoir est remis."))
    return _to_week(homework.place, Week.of(homework.due_on))


@require_POST
def visa(request: HttpRequest, pk: Any = None, group: Any = None) -> HttpResponse:
    place, seen = _place(request, pk, group), _week(request)
    count = services.visa_week(actor=request.user, place=place, week=seen)
    text = ngettext("%(count)s devoir visé.", "%(count)s devoirs visés.", count)
    messages.success(request, text % {"count": count} if count else _("Tout était déjà visé."))
    return _to_week(place, seen)


@require_safe
def archive(request: HttpRequest, pk: Any = None, group: Any = None) -> HttpResponse:
    """The year of the class, or of the group, as the law wants it kept: a PDF."""
    place = _place(request, pk, group)
    name = archives.file_name(place)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(archives.pdf_of(place), content_type="application/pdf", headers=headers)


@require_safe
def homework(request: HttpRequest, pk: Any) -> HttpResponse:
    """For a child or its family; who teaches is sent to the follow-up."""
    found = _visible(request, pk)
    if request.profile not in {"pupil", "guardian"}:
        return redirect("homework:follow", found.pk)
    return _shown(request, found, _day(request, found), HandInForm())


def _shown(request: HttpRequest, found: Homework, day: Any, form: HandInForm) -> HttpResponse:
    rows = learning(request.user).filter(pk__in=concerned(found).values("pk")).select_related("pupil__person")
    pupils = [row.pupil for row in rows]
    made = {row.pupil_id: row for row in Progress.objects.filter(homework=found, day=day, pupil__in=pupils)}
    files = files_by_object([found.pk, *(row.pk for row in made.values())])
    children = [(pupil, row := made.get(pupil.pk), files.get(row.pk, {}) if row else {}) for pupil in pupils]
    context = {"homework": found, "day": day, "files": files.get(found.pk, {}), "children": children, "form": form}
    context |= {"monday": Week.of(day).monday, "is_done": any(row and row.done_at for _p, row, _f in children)}
    page = "homework/pupil_homework.html" if request.profile == "pupil" else "homework/family_homework.html"
    return render(request, page, context, status=422 if form.errors else 200)


@require_safe
def follow(request: HttpRequest, pk: Any) -> HttpResponse:
    """Who did it, who handed something in, day by day; of a group that others keep, the children of one's class."""
    found = _visible(request, pk)
    _require(request, "homework.follow_homework", found)
    day = _day(request, found)
    rows = list(_followed(request, found).select_related("pupil__person", "school_class"))
    made = {row.pupil_id: row for row in Progress.objects.visible_to(request.user).filter(homework=found, day=day)}
    files = files_by_object([found.pk, *(row.pk for row in made.values())])
    children = [(row, p := made.get(row.pupil_id), files.get(p.pk, {}) if p else {}) for row in rows]
    context = {
        "homework": found,
        "day": day,
        "ways": _ways(found.place),
        "back": _back(request, found),
        "monday": Week.of(day).monday,
        "files": files.get(found.pk, {}),
        "children": children,
        "done": sum(p is not None and bool(p.done_at or p.handed_at) for _pupil, p, _files in children),
        "may_change": request.user.has_perm("homework.change_homework", found),
    }
    return render(request, "homework/follow.html", context)


@require_POST
def word(request: HttpRequest, pk: Any, pupil: Any) -> HttpResponse:
    found = _visible(request, pk)
    _require(request, "homework.change_homework", found)
    child = get_object_or_404(_followed(request, found).select_related("pupil"), pupil=pupil).pupil
    day, form = _day(request, found), WordForm(request.POST)
    if form.is_valid():
        services.say_word(actor=request.user, homework=found, pupil=child, day=day, word=form.cleaned_data["word"])
    else:
        messages.error(request, " ".join(form.errors["word"]))
    return redirect(f"{reverse('homework:follow', args=[found.pk])}?jour={day}#eleve-{child.pk}")


@require_POST
def tick(request: HttpRequest, pk: Any) -> HttpResponse:
    found = _visible(request, pk)
    day = _day(request, found)
    services.tick(actor=request.user, homework=found, day=day, is_done=request.POST.get("fait") != "non")
    return redirect(f"{reverse('homework:home')}?semaine={Week.of(day).monday}")


@require_POST
def hand_in(request: HttpRequest, pk: Any) -> HttpResponse:
    found = _visible(request, pk)
    _require(request, "homework.do_homework", found)
    day, form = _day(request, found), HandInForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.hand_in(actor=request.user, homework=found, day=day, upload=form.cleaned_data["file"])
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("C’est rendu !"))
            return redirect(f"{found.get_absolute_url()}?jour={day}")
    return _shown(request, found, day, form)


# --- shared by the views


def _visible(request: HttpRequest, pk: Any) -> Homework:
    rows = Homework.objects.visible_to(request.user)
    rows = rows.select_related("school_class__school", "group__school", "author")
    return get_object_or_404(rows.prefetch_related("pupils"), pk=pk)


def _place(request: HttpRequest, pk: Any, group: Any) -> SchoolClass | PupilGroup:
    if group is None:
        return get_object_or_404(SchoolClass.objects.families_open_to(request.user).select_related("school"), pk=pk)
    return get_object_or_404(groups_kept_by(request.user).select_related("school"), pk=group)


def _followed(request: HttpRequest, homework: Homework) -> Any:
    """Enrolments, in the order of names."""
    rows = concerned(homework).order_by("pupil__person__sort_name", "pk")
    if homework.group is None:
        return rows
    return rows.filter(pupil__in=homework.group.members.on().visible_to(request.user).values("pupil"))


def _way(name: str, place: SchoolClass | PupilGroup) -> str:
    return reverse(f"homework:group_{name}" if isinstance(place, PupilGroup) else f"homework:{name}", args=[place.pk])


def _ways(place: SchoolClass | PupilGroup) -> dict[str, str]:
    return {name: _way(name, place) for name in ("week", "write", "visa", "archive")}


def _week(request: HttpRequest) -> Week:
    return Week.read(request.POST.get("semaine") or request.GET.get("semaine", ""))


def _day(request: HttpRequest, homework: Homework) -> Any:
    day = day_of(homework, request.POST.get("jour") or request.GET.get("jour", ""))
    if day is None:
        raise Http404
    return day


def _back(request: HttpRequest, homework: Homework) -> str:
    """The week from which one comes: of a group that others keep, one reads what it gives in one's class."""
    if homework.group_id and not groups_kept_by(request.user).filter(pk=homework.group_id).exists():
        return reverse("homework:home")
    return _way("week", homework.place)


def _to_week(place: SchoolClass | PupilGroup, week: Week) -> HttpResponseRedirect:
    return redirect(f"{_way('week', place)}?semaine={week.monday}")


def _require(request: HttpRequest, permission: str, obj: Any) -> None:
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied

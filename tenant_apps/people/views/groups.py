"""Groups of pupils: those of one's schools, one of them and its list on paper, made and changed by ticking children."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.forms import GroupForm
from tenant_apps.people.models import Enrollment, PupilGroup, PupilGroupLeader, PupilGroupMember, StaffAssignment
from tenant_apps.people.roles import LEADING
from tenant_apps.people.services.groups import leading_in
from tenant_apps.schools.models import School, SchoolClass


class Block(NamedTuple):
    """The children of a class that one may tick: those already ticked stay, whatever one looks for."""

    school_class: SchoolClass
    lines: list[tuple[Enrollment, bool]]

    @property
    def ticked(self) -> int:
        return sum(is_ticked for _row, is_ticked in self.lines)


@require_safe
def groups(request: Any) -> HttpResponse:
    """School by school: the groups of the year, and those that ended lately, which one may take back."""
    _require(request, "people.use_groups")
    request.nav_current = _nav(request)
    mine = StaffAssignment.objects.of(request.user).on().filter(role__in=LEADING)
    kept = PupilGroup.objects.kept_by(request.user)
    lasting = list(_with_people(PupilGroup.objects.on().visible_to(request.user), request.user))
    ended = list(kept.lately_ended())
    blocks = [
        {
            "school": one,
            "groups": [group for group in lasting if group.school_id == one.pk],
            "ended": [group for group in ended if group.school_id == one.pk],
        }
        for one in School.objects.filter(pk__in=mine.values("school"))
    ]
    context = {"blocks": blocks, "kept": set(kept.on().values_list("pk", flat=True))}
    return render(request, "people/groups.html", context)


@require_safe
def group(request: HttpRequest, pk: Any) -> HttpResponse:
    return _page(request, pk, "people/group.html")


@require_safe
def group_list(request: HttpRequest, pk: Any) -> HttpResponse:
    return _page(request, pk, "people/group_list.html")


def _page(request: Any, pk: Any, template: str) -> HttpResponse:
    """The whole group for who keeps it; for another teacher, the children of the class."""
    one = _visible(request, pk)
    _require(request, "people.use_groups")
    request.nav_current = _nav(request)
    members = PupilGroupMember.objects.on().visible_to(request.user).filter(group=one)
    rows = Enrollment.objects.on().filter(pupil__in=members.values("pupil")).select_related("pupil__person")
    context = {
        "group": one,
        "rows": list(rows.select_related("school_class").order_by("pupil__person__sort_name", "pk")),
        "leaders": list(one.leaders.on().select_related("person").order_by("person__sort_name", "pk")),
        "may_change": request.user.has_perm("people.change_group", one),
    }
    return render(request, template, context)


def make_group(request: HttpRequest, school_pk: Any) -> HttpResponse:
    school = get_object_or_404(School.objects.visible_to(request.user), pk=school_pk)
    _require(request, "people.make_group", school)
    mine = leading_in(school).filter(account=request.user)
    return _write(request, PupilGroup(school=school), {"leaders": list(mine.values_list("pk", flat=True))})


def change_group(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _visible(request, pk)
    _require(request, "people.change_group", one)
    initial = {
        "name": one.name,
        "kind": one.kind,
        "leaders": list(one.leaders.on().values_list("person", flat=True)),
        "pupils": list(one.members.on().values_list("pupil", flat=True)),
    }
    return _write(request, one, initial)


def _write(request: Any, one: PupilGroup, initial: dict[str, Any]) -> HttpResponse:
    """« Chercher » keeps what was typed and ticked, and writes nothing."""
    request.nav_current = _nav(request)
    query = request.POST.get("q", "").strip() if request.POST.get("go") == "find" else ""
    looks = request.POST.get("go") == "find"
    if looks:
        many = {name: request.POST.getlist(name) for name in ("leaders", "pupils")}
        initial = {name: request.POST.get(name, "") for name in ("name", "kind")} | many
    form = GroupForm(None if looks else request.POST or None, school=one.school, initial=initial)
    if request.method == "POST" and not looks and form.is_valid():
        try:
            saved = _save(request, one, form)
        except DomainError as refusal:
            form.add_error("name" if refusal.code == "name_taken" else None, refusal.message)
        else:
            messages.success(request, _("Le groupe « %(name)s » est prêt.") % {"name": saved.name})
            return redirect("people:group", saved.pk)
    ticked = {str(key) for key in form["pupils"].value() or ()}
    context = {
        "group": one,
        "school": one.school,
        "form": form,
        "is_new": one._state.adding,
        "query": query,
        "blocks": _blocks(one.school, ticked, query),
    }
    return render(request, "people/group_form.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, one: PupilGroup, form: GroupForm) -> PupilGroup:
    if one._state.adding:
        return services.make_group(actor=request.user, school=one.school, **form.cleaned_data)
    return services.change_group(actor=request.user, group=one, **form.cleaned_data)


def _blocks(school: School, ticked: set[str], query: str) -> list[Block]:
    """Class by class, from the youngest; names and classes, nothing more. Three queries."""
    rows = Enrollment.objects.on().filter(school_class__school=school).select_related("pupil__person")
    found = set(rows.named(query).values_list("pk", flat=True)) if query else None
    lines: dict[Any, list[tuple[Enrollment, bool]]] = defaultdict(list)
    for row in rows.order_by("pupil__person__sort_name", "pk"):
        is_ticked = str(row.pupil_id) in ticked
        if is_ticked or found is None or row.pk in found:
            lines[row.school_class_id].append((row, is_ticked))
    return [Block(one, lines[one.pk]) for one in school.classes.current().by_grade() if lines[one.pk]]


@require_POST
def end_group(request: HttpRequest, pk: Any) -> HttpResponse:
    return _act(request, pk, services.end_group, _("Le groupe « %(name)s » est terminé. Vous pouvez le rétablir."))


@require_POST
def undo_end_of_group(request: HttpRequest, pk: Any) -> HttpResponse:
    return _act(request, pk, services.undo_end_of_group, _("Le groupe « %(name)s » est rétabli."))


def _act(request: HttpRequest, pk: Any, act: Any, words: str) -> HttpResponse:
    one = _visible(request, pk)
    try:
        act(actor=request.user, group=one)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, words % {"name": one.name})
    return redirect("people:groups")


def _with_people(rows: Any, user: Any) -> Any:
    members = PupilGroupMember.objects.on().visible_to(user)
    leaders = PupilGroupLeader.objects.on().select_related("person").order_by("person__sort_name", "pk")
    return rows.prefetch_related(Prefetch("members", members, "children"), Prefetch("leaders", leaders, "adults"))


def _visible(request: HttpRequest, pk: Any) -> PupilGroup:
    return get_object_or_404(PupilGroup.objects.visible_to(request.user).select_related("school", "year"), pk=pk)


def _require(request: HttpRequest, permission: str, obj: Any = None) -> None:
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied


def _nav(request: Any) -> str:
    return "people:my_classes" if request.profile == "teacher" else "people:school"

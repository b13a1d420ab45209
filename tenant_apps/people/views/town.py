"""The school service: numbers by school and class, the town's services and their agents. No pedagogy."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.forms import AgentForm, ServiceForm
from tenant_apps.people.models import Enrollment, Service, StaffAssignment
from tenant_apps.people.numbers import numbers_of
from tenant_apps.schools.models import School


def agents(request: Any) -> HttpResponse:
    """By service; who has none comes last."""
    _check(request)
    form, service_form = AgentForm(_given(request, "agent")), ServiceForm(_given(request, "service"))
    if request.method == "POST":
        act = _add_service if "add_service" in request.POST else _add_agent
        chosen = service_form if "add_service" in request.POST else form
        if chosen.is_valid():
            try:
                messages.success(request, act(request.user, chosen))
            except DomainError as refusal:
                chosen.add_error(None, refusal.message)
            else:
                return redirect("people:agents")
    request.nav_current = "people:school"
    context = {"groups": _groups(), "form": form, "service_form": service_form}
    return render(request, "people/agents.html", context, status=422 if form.errors or service_form.errors else 200)


def _given(request: HttpRequest, which: str) -> Any:
    asked = "service" if "add_service" in request.POST else "agent"
    return request.POST if request.method == "POST" and asked == which else None


def _add_agent(actor: Any, form: AgentForm) -> str:
    where = {name: form.cleaned_data[name] for name in ("role", "school", "service", "ends_on")}
    if form.same_person is not None:
        row = services.assign_staff(actor=actor, person=form.same_person, **where)
    else:
        row = services.add_staff(actor=actor, **form.names, **where)
    return _("%(name)s fait partie des agents. Sa fiche de connexion est prête.") % {"name": row.person.full_name}


def _add_service(actor: Any, form: ServiceForm) -> str:
    service = services.add_service(actor=actor, **form.cleaned_data)
    return _("Le service « %(name)s » est créé.") % {"name": service.name}


def _groups() -> list[dict[str, Any]]:
    rows = StaffAssignment.objects.on().filter(role__in=StaffAssignment.MUNICIPAL)
    rows = rows.select_related("person__account", "school", "service").order_by("person__sort_name", "pk")
    by_service: dict[Any, list[StaffAssignment]] = {service.pk: [] for service in Service.objects.all()}
    for row in rows:
        by_service.setdefault(row.service_id, []).append(row)
    names = dict(Service.objects.values_list("pk", "name"))
    found = [{"name": names[pk], "rows": by_service[pk]} for pk in names]
    alone = by_service.get(None)
    return [*found, {"name": _("Sans service"), "rows": alone}] if alone else found


def numbers(request: Any) -> HttpResponse:
    """Enrolled today, by school, class and grade."""
    _check(request)
    request.nav_current = "people:school"
    schools = list(School.objects.open())
    return render(request, "people/numbers.html", numbers_of(schools, Enrollment.objects.on()))


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("people.manage_agents"):
        raise PermissionDenied

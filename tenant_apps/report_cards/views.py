"""HTTP in, HTTP out. What one may not see is 404; what one sees but may not do is 403."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.report_cards import papers, services
from tenant_apps.report_cards.domains import DOMAINS, domains_of, domains_of_grades
from tenant_apps.report_cards.forms import LineForm, PeriodForm
from tenant_apps.report_cards.models import ReportCard, ReportPeriod
from tenant_apps.report_cards.querysets import slots_visible_to
from tenant_apps.schools.models import SchoolClass


def index(request: HttpRequest) -> HttpResponse:
    """Staff: their classes and the periods. Families and pupils: the reports they may read, all years."""
    classes = SchoolClass.objects.none()
    if request.profile in {"teacher", "head"}:
        classes = SchoolClass.objects.families_open_to(request.user).select_related("school")
    periods = ReportPeriod.objects.of_this_year().filter(school__in=classes.values("school"))
    reports = ReportCard.objects.none()
    if request.profile in {"guardian", "pupil"}:
        reports = ReportCard.objects.visible_to(request.user).validated()
        reports = reports.select_related("pupil__person", "period__year", "school_class").order_by("-validated_at")
    by_school: dict[Any, list[ReportPeriod]] = {}
    for period in periods:
        by_school.setdefault(period.school_id, []).append(period)
    rows = [(one, period) for one in classes for period in by_school.get(one.school_id, [])]
    is_staff = request.profile in {"teacher", "head"}
    context = {"rows": rows, "reports": reports, "is_staff": is_staff}
    return render(request, "report_cards/index.html", context)


def periods(request: HttpRequest) -> HttpResponse:
    """The head cuts the year, opens and closes."""
    if not request.user.has_perm("report_cards.manage_periods"):
        raise PermissionDenied
    form = PeriodForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_period(actor=request.user, period=form.instance)
            return redirect("report_cards:periods")
        except DomainError as error:
            form.add_error(None, error.message)
    rows = ReportPeriod.objects.of_this_year().headed_by(request.user).select_related("school")
    status = 422 if request.method == "POST" else 200
    return render(request, "report_cards/periods.html", {"form": form, "rows": rows}, status=status)


@require_POST
def toggle(request: HttpRequest, pk: Any) -> HttpResponse:
    """Closed, a period is no longer written in; opened, it is again."""
    period = get_object_or_404(ReportPeriod.objects.headed_by(request.user), pk=pk)
    period.is_open = not period.is_open
    services.save_period(actor=request.user, period=period)
    return redirect("report_cards:periods")


def entry(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    """A class, a domain: one line a pupil. Nothing is written when somebody wrote in the meantime."""
    school_class, shown = _class_and_period(request, pk, period)
    reports = services.reports_of(school_class, shown)
    tabs = [*domains_of_grades({one.grade for one in reports}), services.GENERAL]
    domain = request.GET.get("domaine", tabs[0])
    if domain not in tabs:
        raise Http404
    lines = _lines(request, reports, domain)
    error = None
    if request.method == "POST" and all(form.is_valid() for _one, form in lines if form.is_bound):
        typed = [form.typed(one.pupil_id) for one, form in lines if form.is_bound]
        try:
            services.write(actor=request.user, school_class=school_class, period=shown, domain=domain, typed=typed)
            messages.success(request, _("C’est enregistré."))
            return redirect(request.get_full_path())
        except DomainError as refused:
            error = refused
    names = DOMAINS | {services.GENERAL: _("Appréciation générale")}
    stale = getattr(error, "pupils", set())
    context = {
        "class": school_class,
        "period": shown,
        "lines": [(one, form, services.said(one, domain) if one.pupil_id in stale else None) for one, form in lines],
        "tabs": [{"label": names[tab], "url": f"?domaine={tab}", "current": tab == domain} for tab in tabs],
        "error": error,
        "complete": sum(one.is_complete for one in reports),
        "total": len(reports),
        "may_validate": request.user.has_perm("report_cards.validate_reports", school_class),
    }
    status = 200 if request.method == "GET" else 409 if stale else 422
    return render(request, "report_cards/entry.html", context, status=status)


def _lines(request: HttpRequest, reports: list[ReportCard], domain: str) -> list[tuple[ReportCard, LineForm]]:
    """The pupils whose cycle has the domain; a validated report is read and not typed."""
    is_general = domain == services.GENERAL
    concerned = [one for one in reports if is_general or domain in domains_of(one.grade)]
    found = []
    for one in concerned:
        data = request.POST if request.method == "POST" and not one.is_validated else None
        initial = services.said(one, domain) | {"version": one.version}
        form = LineForm(data, initial=initial, prefix=one.pupil_id.hex, is_general=is_general)
        found.append((one, form))
    return found


@require_POST
def validate(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    school_class, shown = _class_and_period(request, pk, period)
    try:
        done = services.validate(actor=request.user, school_class=school_class, period=shown)
        text = ngettext("%(n)s livret est validé.", "%(n)s livrets sont validés.", done) % {"n": done}
        messages.success(request, text)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("report_cards:entry", pk, period)


def report(request: HttpRequest, pk: Any) -> HttpResponse:
    shown = _visible(request, pk)
    slot = slots_visible_to(request.user).filter(request__object_id=shown.pk).first()
    return render(request, "report_cards/report.html", {"report": shown, "slot": slot})


@require_POST
def sign(request: HttpRequest, pk: Any) -> HttpResponse:
    services.sign(actor=request.user, report=_visible(request, pk))
    messages.success(request, _("C’est signé."))
    return redirect("report_cards:report", pk)


def report_pdf(request: HttpRequest, pk: Any) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="livret.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(papers.report_pdf(_visible(request, pk)), content_type="application/pdf", headers=headers)


def _visible(request: HttpRequest, pk: Any) -> ReportCard:
    rows = ReportCard.objects.visible_to(request.user).prefetch_related("results")
    return get_object_or_404(rows.select_related("pupil__person", "period__year", "school_class__school"), pk=pk)


def _class_and_period(request: HttpRequest, pk: Any, period: Any) -> tuple[SchoolClass, ReportPeriod]:
    classes = SchoolClass.objects.families_open_to(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=pk)
    of_school = ReportPeriod.objects.filter(school=school_class.school_id, year=school_class.year_id)
    return school_class, get_object_or_404(of_school, pk=period)

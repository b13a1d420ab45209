"""HTTP in, HTTP out. What one may not see is 404; what one sees but may not do is 403."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.report_cards import papers, services
from tenant_apps.report_cards.contents import content_of, rows_of
from tenant_apps.report_cards.domains import DOMAINS, domains_of, domains_of_grades
from tenant_apps.report_cards.forms import LineForm, PeriodForm, ReasonForm
from tenant_apps.report_cards.models import Edition, ReportCard, ReportPeriod
from tenant_apps.schools.models import SchoolClass


def index(request: HttpRequest) -> HttpResponse:
    """Staff: their classes and the periods. Families and pupils: the reports they may read, all years."""
    classes = SchoolClass.objects.none()
    if request.profile in {"teacher", "head"}:
        classes = SchoolClass.objects.families_open_to(request.user).select_related("school")
    periods = ReportPeriod.objects.of_this_year().filter(school__in=classes.values("school"))
    reports = ReportCard.objects.none()
    if request.profile in {"guardian", "pupil"}:
        reports = ReportCard.objects.visible_to(request.user).published()
        reports = reports.select_related("pupil__person", "period__year", "school_class")
        reports = reports.order_by("pupil__person__sort_name", "pupil", "-period__starts_on")
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
    """Closed, a period is no longer written in; opened, it is again. The button says which: it may be an old page's."""
    period = get_object_or_404(ReportPeriod.objects.headed_by(request.user), pk=pk)
    act = request.POST.get("act")
    if act in ("open", "close"):
        services.set_open(actor=request.user, period=period, is_open=act == "open")
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
        "domain": domain,
        "domain_name": names[domain],
        "lines": [(one, form, services.said(one, domain) if one.pupil_id in stale else None) for one, form in lines],
        "tabs": [{"label": names[tab], "url": f"?domaine={tab}", "current": tab == domain} for tab in tabs],
        "error": error,
        "complete": sum(one.is_complete for one in reports),
        "total": len(reports),
        "validated": sum(one.is_validated for one in reports),
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
        name = one.pupil.person.full_name
        form = LineForm(data, initial=initial, prefix=one.pupil_id.hex, domain=domain, name=name)
        found.append((one, form))
    return found


@require_POST
def validate(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    school_class, shown = _class_and_period(request, pk, period)
    done = _attempt(request, lambda: services.validate(actor=request.user, school_class=school_class, period=shown))
    if done:
        text = ngettext("%(n)s livret est validé.", "%(n)s livrets sont validés.", done) % {"n": done}
        messages.success(request, text)
    return redirect("report_cards:entry", pk, period)


@require_POST
def validate_one(request: HttpRequest, pk: Any) -> HttpResponse:
    if _attempt(request, lambda: services.validate_one(actor=request.user, report=_visible(request, pk)) or True):
        messages.success(request, _("Le livret est validé : la famille peut le lire et le signer."))
    return redirect("report_cards:report", pk)


def reopen(request: HttpRequest, pk: Any) -> HttpResponse:
    """One report, with a reason that the family will read."""
    shown = _visible(request, pk)
    return _reopen(request, [shown], shown.school_class, shown.get_absolute_url())


def reopen_class(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    school_class, shown = _class_and_period(request, pk, period)
    rows = ReportCard.objects.validated().filter(period=shown, school_class=school_class)
    reports = list(rows.select_related("period", "school_class", "pupil__person"))
    return _reopen(request, reports, school_class, reverse("report_cards:entry", args=[pk, period]))


def _reopen(request: HttpRequest, reports: list[ReportCard], school_class: SchoolClass, back: str) -> HttpResponse:
    if not request.user.has_perm("report_cards.validate_reports", school_class):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reopen(actor=request.user, reports=reports, reason=form.cleaned_data["reason"])
            messages.success(request, _("C’est rouvert. Ce que les familles avaient lu et signé reste lisible."))
            return redirect(back)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"form": form, "reports": reports, "class": school_class, "back": back}
    return render(request, "report_cards/reopen.html", context, status=422 if request.method == "POST" else 200)


def report(request: HttpRequest, pk: Any) -> HttpResponse:
    """A family reads the last version or a former one; staff what is being written, when it is."""
    shown = _visible(request, pk)
    is_staff = request.user.has_perm("report_cards.follow_signatures", shown.school_class)
    edition = _edition(request, shown, is_staff)
    is_last = edition is not None and edition == _last(shown)
    if is_last:
        services.read(actor=request.user, edition=edition)
    signed = services.SIGNED.signatures_of(edition) if edition else []
    content = edition.content if edition else content_of(shown)
    context = {
        "report": shown,
        "edition": edition,
        "content": content,
        "rows": rows_of(content),
        "is_staff": is_staff,
        "is_last": is_last,
        "signed": signed if is_staff else [],
        "mine": next((one.slot for one in signed if one.person.account_id == request.user.pk), None),
        "others": [one for one in shown.editions.all() if one != edition],
    }
    return render(request, "report_cards/report.html", context)


def _last(shown: ReportCard) -> Edition | None:
    return next(iter(shown.editions.all()), None)


def _edition(request: HttpRequest, shown: ReportCard, is_staff: bool) -> Edition | None:
    """The one asked for; else the last, but for staff who are correcting it. What is no version is 404."""
    if wanted := request.GET.get("version"):
        found = [one for one in shown.editions.all() if str(one.number) == wanted]
        if not found:
            raise Http404
        return found[0]
    return None if is_staff and not shown.is_validated else _last(shown)


@require_POST
def sign(request: HttpRequest, pk: Any) -> HttpResponse:
    shown = _visible(request, pk)
    if _attempt(request, lambda: services.sign(actor=request.user, report=shown)):
        messages.success(request, _("C’est signé."))
    return redirect("report_cards:report", pk)


def report_pdf(request: HttpRequest, pk: Any) -> HttpResponse:
    shown = _visible(request, pk)
    is_staff = request.user.has_perm("report_cards.follow_signatures", shown.school_class)
    return _pdf([_edition(request, shown, is_staff) or shown])


def class_pdf(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    """All the validated ones, to print or to keep."""
    school_class, shown = _class_and_period(request, pk, period)
    editions = services.editions_of(school_class, shown)
    if not editions:
        messages.error(request, _("Aucun livret n’est validé : rien à imprimer."))
        return redirect("report_cards:entry", pk, period)
    return _pdf(editions)


def _pdf(reports: Iterable[ReportCard | Edition]) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="livret.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(papers.pdf_of(reports), content_type="application/pdf", headers=headers)


def follow(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    """Who signed, whom to remind, which papers came back."""
    school_class, shown = _class_and_period(request, pk, period)
    children = services.SIGNED.follow_up(services.editions_of(school_class, shown))
    done = sum(child.is_done for child in children)
    context = {"class": school_class, "period": shown, "children": children, "done": done}
    return render(request, "report_cards/follow.html", context)


@require_POST
def remind(request: HttpRequest, pk: Any, period: Any) -> HttpResponse:
    school_class, shown = _class_and_period(request, pk, period)
    count = services.remind(actor=request.user, school_class=school_class, period=shown)
    text = ngettext("%(count)s personne est relancée.", "%(count)s personnes sont relancées.", count)
    nobody = _("Tout le monde a déjà été relancé aujourd’hui.")
    messages.success(request, text % {"count": count} if count else nobody)
    return redirect("report_cards:follow", pk, period)


@require_POST
def paper(request: HttpRequest, pk: Any) -> HttpResponse:
    """The report came back signed by hand, by this adult."""
    shown = _visible(request, pk)
    signer = _uuid(request.POST.get("adult"))
    act = lambda: services.record_paper(actor=request.user, report=shown, signer_id=signer) or True  # noqa: E731
    if _attempt(request, act):
        messages.success(request, _("Papier reçu pour %(name)s.") % {"name": shown.pupil.person.full_name})
    return redirect("report_cards:follow", shown.school_class_id, shown.period_id)


def _uuid(typed: str | None) -> UUID | None:
    try:
        return UUID(typed or "")
    except ValueError:
        return None


def _attempt(request: HttpRequest, act: Callable[[], Any]) -> Any:
    """Do it, or say in French why it was refused."""
    try:
        return act()
    except DomainError as error:
        messages.error(request, error.message)
        return None


def _visible(request: HttpRequest, pk: Any) -> ReportCard:
    rows = ReportCard.objects.visible_to(request.user).prefetch_related("results", "editions")
    return get_object_or_404(rows.select_related("pupil__person", "period__year", "school_class__school"), pk=pk)


def _class_and_period(request: HttpRequest, pk: Any, period: Any) -> tuple[SchoolClass, ReportPeriod]:
    classes = SchoolClass.objects.families_open_to(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=pk)
    of_school = ReportPeriod.objects.filter(school=school_class.school_id, year=school_class.year_id)
    return school_class, get_object_or_404(of_school, pk=period)

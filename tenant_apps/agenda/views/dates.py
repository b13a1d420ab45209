"""HTTP in, HTTP out. What one may not see is 404; what one sees but may not do is 403."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import ical
from core.errors import DomainError
from core.months import add_months
from shared_apps.accounts.throttle import Throttle
from tenant_apps.agenda import lines, notifications, services
from tenant_apps.agenda.forms import EventForm, LessonForm
from tenant_apps.agenda.models import Event, Feed, Lesson
from tenant_apps.agenda.querysets import classes_read_by
from tenant_apps.schools.weeks import DAYS
from tenants.addresses import base_url

WEEKEND = {5, 6}
READINGS = 60  # of one address in half an hour: programs come back every few minutes at most


def agenda(request: HttpRequest) -> HttpResponse:
    """A week or a month, day by day, for all one's children (or classes) or for one of them."""
    page = _Page(request)
    return render(request, "agenda/agenda.html", page.context())


def print_month(request: HttpRequest) -> HttpResponse:
    page = _Page(request, is_month=True)
    first, last = page.first, page.last
    monday, sunday = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    days = page.days(monday, sunday)
    weeks = [days[n : n + 7] for n in range(0, len(days), 7)]
    return render(request, "agenda/print.html", page.context(with_days=False) | {"weeks": weeks})


def event(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    return render(
        request,
        "agenda/event.html",
        {"event": row, "may_change": request.user.has_perm("agenda.change_event", row)},
    )


def write(request: HttpRequest, pk: Any = None) -> HttpResponse:
    row = _visible(request, pk) if pk else Event()
    if pk:
        _require(request, "agenda.change_event", row)
    else:
        _require(request, "agenda.write")
    form = EventForm(request.POST or None, instance=row, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_event(actor=request.user, event=form.instance)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _kept(saved))
            return redirect(_agenda_on(saved.starts_on))
    context = {"form": form, "event": row, "is_new": pk is None}
    return render(request, "agenda/write.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    services.remove_event(actor=request.user, event=row)
    messages.success(request, _("« %(title)s » n’est plus dans l’agenda.") % {"title": row.title})
    return redirect(_agenda_on(row.starts_on))


def timetable(request: HttpRequest, pk: Any) -> HttpResponse:
    """The week of a class, hour by hour; its teachers write it here."""
    school_class = get_object_or_404(classes_read_by(request.user).select_related("school"), pk=pk)
    may_write = request.user.has_perm("agenda.write_timetable", school_class)
    form = LessonForm(request.POST or None, instance=Lesson(school_class=school_class))
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        if form.is_valid():
            try:
                services.add_lesson(actor=request.user, lesson=form.instance)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                return redirect("agenda:timetable", school_class.pk)
    lessons = list(school_class.lessons.all())
    days = [(label, [one for one in lessons if str(one.weekday) == day]) for day, label in DAYS.items()]
    context = {"class": school_class, "days": [d for d in days if d[1]], "form": form, "may_write": may_write}
    return render(request, "agenda/timetable.html", context, status=422 if form.errors else 200)


@require_POST
def remove_lesson(request: HttpRequest, pk: Any) -> HttpResponse:
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user).select_related("school_class"), pk=pk)
    services.remove_lesson(actor=request.user, lesson=lesson)
    return redirect("agenda:timetable", lesson.school_class_id)


def link(request: HttpRequest) -> HttpResponse:
    """One's agenda in one's own calendar program: an address shown once, revoked at will."""
    _require(request, "agenda.view")
    address = ""
    if request.method == "POST" and "revoquer" in request.POST:
        services.revoke_feed(actor=request.user)
        messages.success(request, _("L’adresse ne répond plus. Retirez-la aussi de votre agenda."))
        return redirect("agenda:link")
    if request.method == "POST":
        address = base_url() + reverse("agenda:feed", args=[services.make_feed(actor=request.user)])
    context = {"address": address, "has_feed": Feed.objects.filter(user=request.user).exists()}
    response = render(request, "agenda/link.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar program, which can't sign in: what its owner may see today, and no more."""
    found = services.feed_of(token)
    if found is None:
        raise Http404
    try:
        Throttle("agenda.feed", found.digest, limit=READINGS).begin()
    except DomainError:
        return HttpResponse(status=429, headers={"Retry-After": "1800", "Cache-Control": "no-store"})
    reader = lines.reader_of_feed(found.user)
    body = lines.calendar_of(reader, timezone.localdate())
    return ical.response(body, filename="agenda.ics", kept="private, max-age=900")


# --- shared by the views


class _Page:
    """What an address of the agenda asks for: « ?jour=2026-11-24&vue=mois&pour=… »."""

    def __init__(self, request: HttpRequest, *, is_month: bool = False) -> None:
        if not request.profile:  # no place in the commune, hence no school
            raise PermissionDenied
        self.reader = lines.reader_of(request.user, request.profile)
        self.day = _day(request.GET.get("jour", ""))
        self.is_month = is_month or request.GET.get("vue") == "mois"
        known = {*(str(one.pupil_id) for one in self.reader.children), *(str(one.pk) for one in self.reader.classes)}
        self.chosen = asked if (asked := request.GET.get("pour", "")) in known else ""
        self.may_write = request.profile not in {"guardian", "pupil"} and request.user.has_perm("agenda.write")
        self.may_meet = bool(self.reader.children) if request.profile == "guardian" else self._receives(request.user)
        if self.is_month:
            self.first = self.day.replace(day=1)
            self.last = add_months(self.first, 1) - timedelta(days=1)
        else:
            self.first = self.day - timedelta(days=self.day.weekday())
            self.last = self.first + timedelta(days=6)

    def _receives(self, user: Any) -> bool:
        return bool(self.reader.classes) and user.has_perm("agenda.receive")

    def days(self, first: date, last: date) -> list[dict[str, Any]]:
        found = lines.lines_of(self.reader.ask(first, last, self.chosen))
        return [
            {
                "day": day,
                "is_shown": bool(rows) or (not self.is_month and day.weekday() not in WEEKEND),
                "is_outside": not self.first <= day <= self.last,
                "lines": [
                    {
                        "line": line,
                        "hours": lines.hours(line),
                        "names": self.reader.names(line),
                        "detail": self.reader.detail(line),
                    }
                    for line in rows
                ],
            }
            for day, rows in lines.by_day(found, first, last)
        ]

    def url(self, **changed: Any) -> str:
        asked = {"jour": self.day, "vue": "mois" if self.is_month else "", "pour": self.chosen} | changed
        return "?" + urlencode({key: value for key, value in asked.items() if value})

    def context(self, *, with_days: bool = True) -> dict[str, Any]:
        step = (lambda n: add_months(self.first, n)) if self.is_month else (lambda n: self.first + timedelta(weeks=n))
        days = self.days(self.first, self.last) if with_days else []
        return {
            "days": days,
            "is_empty": not any(day["lines"] for day in days),
            "first": self.first,
            "last": self.last,
            "today": timezone.localdate(),
            "is_month": self.is_month,
            "views": [
                {"label": _("Semaine"), "url": self.url(vue=""), "current": not self.is_month},
                {"label": _("Mois"), "url": self.url(vue="mois"), "current": self.is_month},
            ],
            "choices": self._choices(),
            "before": self.url(jour=step(-1)),
            "after": self.url(jour=step(1)),
            "now": self.url(jour=""),
            "here": self.url(),
            "may_write": self.may_write,
            "timetables": self._timetables(),
            "may_meet": self.may_meet,
        }

    def _choices(self) -> list[dict[str, Any]]:
        named = [(one.pupil_id, one.pupil.person.first_name) for one in self.reader.children]
        named += [(one.pk, one.label) for one in self.reader.classes]
        if len(named) < 2:
            return []
        found = [{"label": _("Tout"), "url": self.url(pour=""), "current": not self.chosen}]
        return found + [
            {"label": label, "url": self.url(pour=pk), "current": str(pk) == self.chosen} for pk, label in named
        ]

    def _timetables(self) -> list[dict[str, Any]]:
        classes = {one.school_class_id: one.school_class for one in self.reader.children}
        classes |= {one.pk: one for one in self.reader.classes}
        return [
            {
                "label": one.label,
                "detail": str(one.school),
                "url": reverse("agenda:timetable", args=[pk]),
                "icon": "clock",
            }
            for pk, one in classes.items()
        ]


def _day(typed: str) -> date:
    """Of an address; today for what is no day, or a day that nobody plans."""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today
    return day if abs((day - today).days) < 2000 else today


def _kept(event: Event) -> str:
    if not notifications.is_for_families(event):
        return _("C’est dans l’agenda.")
    return _("C’est dans l’agenda. Les familles en sont prévenues dans dix minutes ; d’ici là, vous pouvez corriger.")


def _agenda_on(day: date) -> str:
    return f"{reverse('agenda:agenda')}?jour={day}"


def _visible(request: HttpRequest, pk: Any) -> Event:
    rows = Event.objects.visible_to(request.user).select_related("school", "school_class", "group", "author")
    return get_object_or_404(rows, pk=pk)


def _require(request: HttpRequest, permission: str, obj: Any = None) -> None:
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied

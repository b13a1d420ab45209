"""Pages of adoption: where the académie stands, by circonscription, for the press, for anybody."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.csvs import csv_response
from core.words import day as day_in_words
from core.workbooks import workbook_response
from shared_apps.onboarding.calls import Call, Facts, neighbours_of, next_calls, pupils_of
from shared_apps.reference.models import Department
from shared_apps.reference.scopes import scope_of
from shared_apps.statistics import figures, open_data, press, sheets
from shared_apps.statistics.adoption import Adoption, Standing
from shared_apps.statistics.curves import curve
from shared_apps.statistics.targets import Target, set_target, targets_by_department

MONTHS = 24
SHORT_LIST = 5


def statistics(request: HttpRequest) -> HttpResponse:
    _require(request)
    adoption = Adoption(request.user)
    is_whole = scope_of(request.user).is_whole
    total = adoption.standing("", _("Académie") if is_whole else _("Ensemble"))
    departments = adoption.by_department()
    before = adoption.standing(on=a_year_before(adoption.on))
    months = adoption.by_month(MONTHS)
    known = targets_by_department()
    target = known.get("" if is_whole else _own_department(request.user))
    calls = next_calls(request.user, limit=SHORT_LIST, facts=_facts(adoption) if is_whole else None)
    context = {
        "is_whole": is_whole,
        "press_url": _press_url(request.user),
        "rows": departments,
        "targets": [(row, known[row.code]) for row in departments if row.code in known] if is_whole else [],
        "total": total,
        "more_communes": total.communes_joined - before.communes_joined,
        "more_schools": total.schools_joined - before.schools_joined,
        "months": [{"day": day, "standing": row} for day, row in reversed(months)],
        "curve": curve([(day, row.communes_joined) for day, row in months], target=target and target.communes),
        "target": target,
        "may_set_targets": request.user.has_perm("statistics.set_targets"),
        "is_table": request.GET.get("vue") == "tableau",
        "views": _views(request.GET.get("vue") == "tableau"),
        "to_call": [_line(rank, call) for rank, call in enumerate(calls, 1)],
        "usage": figures.usage(request.user),
        "today": adoption.on,
    }
    return render(request, "statistics/statistics.html", context)


def _require(request: Any, permission: str = "statistics.view_statistics") -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
    request.nav_current = "statistics:statistics"


def a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28)) if day.month == 2 else day.replace(year=day.year - 1)


def _views(is_table: bool) -> list[dict[str, Any]]:
    return [
        {"label": _("Courbe"), "url": "?#mois", "icon": "chart-line-up", "current": not is_table},
        {"label": _("Tableau"), "url": "?vue=tableau#mois", "icon": "table", "current": is_table},
    ]


def _facts(adoption: Adoption) -> Facts:
    """Read once for the figures, and again for the calls."""
    joined = {row.insee for row in adoption.communes if row.is_in(adoption.on)}
    schools = ((row.insee, row.pupils) for row in adoption.schools)
    return Facts(
        joined, pupils_of(schools), neighbours_of(((row.insee, row.epci) for row in adoption.communes), joined)
    )


def _press_url(user: Any) -> str:
    """Of all that one sees: the académie, or one's département."""
    if scope_of(user).is_whole:
        return reverse("statistics:press")
    code = _own_department(user)
    return reverse("statistics:press_of", args=[code]) if code in press.PLACES and code else ""


def _own_department(user: Any) -> str | None:
    """Of who sees a département whole."""
    return min(scope_of(user).departments, default=None)


def _line(rank: int, call: Call) -> dict[str, str]:
    return {
        "lead": str(rank),
        "title": call.commune.name,
        "detail": " · ".join(call.reasons),
        "url": reverse("onboarding:commune", args=[call.commune.insee]),
    }


def districts(request: HttpRequest) -> HttpResponse:
    _require(request)
    asked = request.GET.get("departement", "")
    department = asked if asked in Department.values else ""
    tabs = [
        {"label": label, "url": f"?departement={code}" if code else "?", "current": code == department}
        for code, label in [("", _("Tous")), *Department.choices]
    ]
    context = {"rows": Adoption(request.user).by_district(department), "tabs": tabs, "today": timezone.localdate()}
    return render(request, "statistics/districts.html", context)


# --- files


def export(request: HttpRequest, form: str) -> HttpResponse:
    """Départements, circonscriptions and the whole, as a file."""
    _require(request)
    if form not in FILES:
        raise Http404
    adoption = Adoption(request.user)
    rows = [*adoption.by_department(), *adoption.by_district(), adoption.standing("", _("Ensemble"))]
    return FILES[form](rows)


def _as_table(rows: list[Standing]) -> tuple[list[str], list[list[Any]]]:
    heads = [_("Code"), _("Territoire"), _("Communes dans l’ENT"), _("Communes"), _("Part des communes (%)")]
    heads += [_("Écoles dans l’ENT"), _("Écoles publiques"), _("Part des écoles (%)"), _("Élèves")]
    return heads, [[row.code, row.name, *row.as_export().values()] for row in rows]


def _csv(rows: list[Standing]) -> HttpResponse:
    heads, cells = _as_table(rows)
    shown = [[str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in row] for row in cells]
    return csv_response("adhesions.csv", heads, shown)


def _xlsx(rows: list[Standing]) -> HttpResponse:
    return workbook_response("adhesions.xlsx", *_as_table(rows))


def _pdf(rows: list[Standing]) -> HttpResponse:
    content = sheets.sheet_pdf(
        title=_("Où en sont les adhésions"),
        subtitle=_("Au %(day)s") % {"day": day_in_words(timezone.localdate())},
        paragraphs=[],
        heads=sheets.heads(_("Territoire")),
        rows=[sheets.cells(row) for row in rows],
    )
    return _pdf_response("adhesions.pdf", content)


def _pdf_response(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


FILES: dict[str, Callable[[list[Standing]], HttpResponse]] = {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}


# --- the press


def press_page(request: HttpRequest, code: str = "") -> HttpResponse:
    facts = _press(request, code, _linked(code))
    return render(request, "statistics/press.html", facts)


def press_pdf(request: HttpRequest, code: str = "") -> HttpResponse:
    facts = _press(request, code, press.plain)
    content = sheets.sheet_pdf(
        title=_("ENT-école : %(place)s") % {"place": facts["territory"].name},
        subtitle=_("Au %(day)s") % {"day": day_in_words(facts["today"])},
        paragraphs=[" ".join(facts["sentences"])],
        heads=sheets.heads(_("Circonscription") if code else _("Département")),
        rows=[sheets.cells(row) for row in [*facts["rows"], facts["now"]]],
    )
    return _pdf_response(f"presse-{code or 'academie'}.pdf", content)


def _press(request: HttpRequest, code: str, mark: press.Mark) -> dict[str, Any]:
    """A département is whole for the press: who sees a part of it only does not write of it."""
    _require(request)
    place, scope = press.PLACES.get(code), scope_of(request.user)
    if place is None or not (scope.is_whole or code in scope.departments):
        raise Http404
    adoption = Adoption()
    of = (lambda row: row.department == code) if code else None
    now = adoption.standing(code, str(place.name), of=of)
    whole = adoption.standing() if code else None
    before = adoption.standing(of=of, on=a_year_before(adoption.on))
    seen = [p for p in press.PLACES.values() if scope.is_whole or p.code in scope.departments]
    return {
        "territory": place,
        "now": now,
        "sentences": press.sentences(place, now, before=before, whole=whole, mark=mark),
        "rows": adoption.by_district(code) if code else adoption.by_department(),
        "today": adoption.on,
        "code": code,
        "tabs": [_press_tab(p, code) for p in seen],
    }


def _press_tab(place: press.Place, current: str) -> dict[str, Any]:
    url = reverse("statistics:press_of", args=[place.code]) if place.code else reverse("statistics:press")
    return {"label": place.name if place.code else _("Académie"), "url": url, "current": place.code == current}


def _linked(code: str) -> press.Mark:
    """Each figure leads to its rows."""

    def mark(words: str, kind: str) -> Any:
        page, asked = press.ROWS[kind]
        place = f"departement={code}" if code else ""
        return format_html('<a href="{}?{}">{}</a>', reverse(page), "&".join(filter(None, (place, asked))), words)

    return mark


# --- targets


class TargetForm(forms.Form):
    communes = forms.IntegerField(
        label=gettext_lazy("Communes à atteindre"), min_value=1, max_value=9999, required=False
    )
    due_on = forms.DateField(
        label=gettext_lazy("Pour le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, department: str, now: Target | None) -> None:
        initial = {"communes": now.communes, "due_on": now.due_on} if now else None
        super().__init__(data, prefix=department or None, initial=initial)
        self.department = department
        self.place = Department(department).label if department else _("Académie")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (cleaned.get("communes") is None) != (cleaned.get("due_on") is None):
            self.add_error("due_on", _("Un objectif a un nombre et une date : donnez les deux, ou aucun."))
        return cleaned


def targets(request: HttpRequest) -> HttpResponse:
    """The académie and each of its départements, on one page."""
    _require(request, "statistics.set_targets")
    known = targets_by_department()
    forms_ = [TargetForm(request.POST or None, department=d, now=known.get(d)) for d in ("", *Department.values)]
    is_posted = request.method == "POST"
    are_valid = [form.is_valid() for form in forms_]  # all of them are read: every error is shown
    if is_posted and all(are_valid):
        for form in forms_:
            if form.has_changed():
                set_target(actor=request.user, department=form.department, **form.cleaned_data)
        messages.success(request, _("Les objectifs sont enregistrés."))
        return redirect("statistics:statistics")
    return render(request, "statistics/targets.html", {"forms": forms_}, status=422 if is_posted else 200)


# --- anybody


@login_not_required
def open_page(request: HttpRequest) -> HttpResponse:
    rows = open_data.rows()
    context = {
        "places": [row for row in rows if row["niveau"] != "circonscription"],
        "districts": [row for row in rows if row["niveau"] == "circonscription"],
        "today": timezone.localdate(),
    }
    return render(request, "statistics/open_data.html", context)


@login_not_required
def open_file(request: HttpRequest, form: str) -> HttpResponse:
    if form not in {"json", "csv"}:
        raise Http404
    rows = open_data.rows()
    if form == "csv":
        response = csv_response("adhesions.csv", open_data.COLUMNS, [list(row.values()) for row in rows])
    else:
        facts = {"date": timezone.localdate(), "licence": "Licence Ouverte 2.0", "lignes": rows}
        response = JsonResponse(facts, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={open_data.KEPT}"
    return response

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.words import figure
from shared_apps.reference.models import RefCommune
from shared_apps.reference.scopes import scope_of
from shared_apps.statistics import figures


def statistics(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("statistics.view_statistics"):
        raise PermissionDenied
    rows = figures.by_department(request.user)
    is_whole = scope_of(request.user).is_whole
    context = {
        "is_whole": is_whole,
        "rows": rows,
        "total": figures.total(rows, _("Académie") if is_whole else _("Ensemble")),
        "to_call": [_to_call(rank, commune) for rank, commune in enumerate(figures.to_call_next(request.user), 1)],
        "usage": figures.usage(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "statistics/statistics.html", context)


def _to_call(rank: int, commune: RefCommune) -> dict[str, str]:
    words = {"population": figure(commune.population), "department": commune.department}
    return {
        "lead": str(rank),
        "title": commune.name,
        "detail": _("%(population)s hab. · %(department)s") % words,
        "url": reverse("onboarding:commune", args=[commune.insee]),
    }

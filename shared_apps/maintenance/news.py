"""« Ce qui change », read in the communes. What is new is said until it has been opened once."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shared_apps.maintenance.current import News, announced
from shared_apps.maintenance.services import mark_news_read


def _unread(request: Any) -> list[News]:
    """Who has just got an account is not told of what was there before them."""
    since = request.user.news_read_at or request.user.created_at
    return [news for news in announced().news_for(request.profile) if news.published_at > since]


def word(request: Any) -> str:
    """Beside the link, on the home page."""
    return str(_("nouveau")) if _unread(request) else ""


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """The first reading takes the word away; who sees as somebody else changes nothing."""
    if request.profile == "pupil":  # type: ignore[attr-defined]
        raise Http404
    unread = _unread(request)
    lines = [{"news": entry, "is_new": entry in unread} for entry in announced().news_for(request.profile)]  # type: ignore[attr-defined]
    if unread and not hasattr(request, "seen_as"):
        mark_news_read(request.user)
    return render(request, "maintenance/news.html", {"lines": lines})

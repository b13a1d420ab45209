"""Who has no right left reads what is theirs, takes it away, and nothing else."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.tenancy import is_public

GetResponse = Callable[[HttpRequest], HttpResponse]
# By name: pages of other apps, which keep their own rule of what is shown there.
OPEN = frozenset(
    {
        "home", "departures:leaving", "departures:ask", "departures:download", "people:my_data", "people:profiles",
        "year_change:classes", "liaison:note", "files:open",
    }
)  # fmt: skip
OPEN_APPS = frozenset({"accounts", "notifications", "links"})


class OnlyLeaving:
    """No query: who has no profile has no right (`people.profiles`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if is_public() or not request.user.is_authenticated or request.profiles:
            return None
        match = request.resolver_match
        if match.view_name in OPEN or match.namespace in OPEN_APPS or not getattr(view, "login_required", True):
            return None
        return redirect("departures:leaving")

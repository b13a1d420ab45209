"""`/etat/`, on every host: the last known state, from a file. The database is not asked, only knocked at.

Answered before the host is looked up, so that it lives when nothing else does.
"""

import socket
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.words import day, share
from shared_apps.maintenance.models import Incident, Window
from shared_apps.maintenance.state import read_state

GetResponse = Callable[[HttpRequest], HttpResponse]
STALE = timedelta(minutes=5)  # the worker writes each minute
KNOCK_TIMEOUT = 0.5  # seconds
KNOCK_KEPT = 5.0
SOME = 0.02  # of a day's measures: under it, a hiccup
BAR, STEP = 16, 2  # height of the history, width of a day


class Knock:
    """Whether somebody listens at the database's door; asked once in five seconds, whatever the visits."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.forget()

    def forget(self) -> None:
        self._answer, self._until = True, float("-inf")

    def is_answered(self) -> bool:
        if self._clock() >= self._until:
            self._answer, self._until = self._try(), self._clock() + KNOCK_KEPT
        return self._answer

    def _try(self) -> bool:
        database = connection.settings_dict
        host, port = str(database["HOST"] or "/var/run/postgresql"), int(database["PORT"] or 5432)
        try:
            if host.startswith("/"):
                with closing(socket.socket(socket.AF_UNIX)) as door:
                    door.settimeout(KNOCK_TIMEOUT)
                    door.connect(f"{host}/.s.PGSQL.{port}")
            else:
                socket.create_connection((host, port), timeout=KNOCK_TIMEOUT).close()
        except OSError:
            return False
        return True


knock = Knock()


def status_pages(get_response: GetResponse) -> GetResponse:
    pages = {"/etat/": _page, "/etat/etat.json": _json, "/etat/atom.xml": _atom}

    def middleware(request: HttpRequest) -> HttpResponse:
        page = pages.get(request.path_info)
        if page is None:
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = page(describe())
        response.headers["Cache-Control"] = "max-age=15"
        return response

    return middleware


def describe() -> dict[str, Any]:
    """The file, with what only this moment knows: the time it was written, and whether the database answers."""
    state = read_state() or {"written_at": None, "parts": [], "incidents": [], "windows": [], "past_windows": []}
    written = _moment(state["written_at"])
    state["is_lost"] = not knock.is_answered()
    state["is_stale"] = written is None or timezone.now() - written > STALE
    state["overall"] = _overall(state)
    return state


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _overall(state: dict[str, Any]) -> str:
    if state["is_lost"]:
        return "down"
    found = {part["state"] for part in state["parts"]}
    if _is_running(state["windows"]):
        found.add("maintenance")
    if any(not incident["ended_at"] for incident in state["incidents"]):
        found.add("disturbed")
    if state["is_stale"]:
        found.add("unknown")
    return next((word for word in ORDER if word in found), "ok")


def _is_running(windows: list[dict[str, Any]]) -> bool:
    now = timezone.now()
    return any(_moment(w["starts_at"]) <= now < _moment(w["ends_at"]) for w in windows)  # type: ignore[operator]


ORDER = ("down", "disturbed", "maintenance", "unknown")
HEADINGS = {
    "ok": gettext_lazy("Tout fonctionne."),
    "maintenance": gettext_lazy("Une intervention est en cours."),
    "disturbed": gettext_lazy("Le service est perturbé."),
    "down": gettext_lazy("Le service est perturbé."),
    "unknown": gettext_lazy("L’état du service n’est plus relevé : il est peut-être perturbé."),
}
STATES = {
    "ok": ("ok", "check", gettext_lazy("fonctionne")),
    "maintenance": ("info", "wrench", gettext_lazy("en intervention")),
    "disturbed": ("warn", "warning", gettext_lazy("perturbé")),
    "down": ("urgent", "warning-circle", gettext_lazy("ne répond pas")),
    "unknown": ("neutral", "question", gettext_lazy("pas encore mesuré")),
}


# --- three ways to say it


def _json(state: dict[str, Any]) -> HttpResponse:
    state["heading"] = str(HEADINGS[state["overall"]])
    return JsonResponse(state, json_dumps_params={"ensure_ascii": False})


def _page(state: dict[str, Any]) -> HttpResponse:
    context = {
        "heading": HEADINGS[state["overall"]],
        "overall": state["overall"],
        "is_lost": state["is_lost"],
        "is_stale": state["is_stale"],
        "written_at": _moment(state["written_at"]),
        "parts": [_part(part) for part in state["parts"]],
        "current": [_incident(row) for row in state["incidents"] if not row["ended_at"]],
        "past": [_incident(row) for row in state["incidents"] if row["ended_at"]],
        "windows": [_window(row) for row in state["windows"]],
    }
    return HttpResponse(render_to_string("maintenance/status.html", context))


def _part(part: dict[str, Any]) -> dict[str, Any]:
    tone, icon, label = STATES[part["state"]]
    checks, failures = part["checks"], part["failures"]
    return {
        "label": part["label"],
        "tone": tone,
        "icon": icon,
        "state": label,
        "availability": share(checks - failures, checks, 2),
        "bars": [_bar(n, one) for n, one in enumerate(part["days"])],
        "width": STEP * len(part["days"]),
        "bad_days": [_bad_day(one) for one in reversed(part["days"]) if one["failures"]],
    }


def _bar(number: int, one: dict[str, Any]) -> dict[str, Any]:
    level = "none"
    if one["checks"]:
        part = one["failures"] / one["checks"]
        level = "bad" if part > SOME else "some" if part else "ok"
    return {"x": number * STEP, "level": level}


def _bad_day(one: dict[str, Any]) -> str:
    minutes = one["failures"]
    facts = {"day": day(date.fromisoformat(one["day"])), "n": minutes}
    return ngettext("%(day)s : %(n)d minute sans réponse", "%(day)s : %(n)d minutes sans réponse", minutes) % facts


def _incident(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "started_at": _moment(row["started_at"]),
        "ended_at": _moment(row["ended_at"]),
        "severity": Incident.Severity(row["severity"]).label,
        "updates": [{"at": _moment(one["at"]), "words": one["words"]} for one in row["updates"]],
    }


def _window(row: dict[str, Any]) -> dict[str, Any]:
    starts_at, ends_at = _moment(row["starts_at"]), _moment(row["ends_at"])
    return row | {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "access": Window.Access(row["access"]).label,
        "is_running": _is_running([row]),
    }


def _atom(state: dict[str, Any]) -> HttpResponse:
    base = f"{settings.ENT_SCHEME}://{settings.ENT_ACADEMY_HOST}{settings.ENT_PORT_SUFFIX}/etat/"
    entries = sorted([*_incident_entries(state), *_window_entries(state)], key=lambda e: e["at"], reverse=True)
    latest = entries[0]["at"] if entries else _moment(state["written_at"]) or timezone.now()
    context = {"base": base, "domain": settings.ENT_DOMAIN, "entries": entries, "latest": latest}
    text = render_to_string("maintenance/atom.xml", context)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def _incident_entries(state: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"incident:{row['id']}:{len(row['updates']) - n}",
            "title": _("Incident : %(title)s") % {"title": row["title"]},
            "words": update["words"],
            "at": update["at"],
        }
        for row in map(_incident, state["incidents"])
        for n, update in enumerate(row["updates"])
    ]


def _window_entries(state: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [_window(row) for row in [*state["windows"], *state["past_windows"]] if not row["cancelled"]]
    return [
        {
            "id": f"window:{row['id']}",
            "title": _("Intervention : %(title)s") % {"title": row["title"]},
            "words": f"{row['access']}. {row['detail']}".strip(),
            "at": row["starts_at"],
        }
        for row in rows
    ]

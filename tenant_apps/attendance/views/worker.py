"""What makes a call possible without a network: the service worker, and the key of what waits on a tablet."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.crypto import salted_hmac

from core import frontend
from core.tenancy import current_schema

SOURCE = Path(__file__).parent.parent / "static/attendance/worker.js"
STYLES = ("dsfr", "tokens", "base", "layout", "components", "forms")
FILES = [f"ent/{name}.css" for name in STYLES]
FILES += ["ent/ent.js", "django_htmx/htmx-2.min.js", "ent/img/logo.svg"]
FILES += [f"attendance/{name}.js" for name in ("call", "queue", "send")]


def worker(request: HttpRequest) -> HttpResponse:
    """Its version is that of the files it keeps: another one, and the tablet fetches them anew."""
    built = [url for url in (frontend.fonts_url(), frontend.sprite_url()) if url]
    files = [*(static(path) for path in FILES), *built]
    source = SOURCE.read_text(encoding="utf-8")
    version = hashlib.sha256("\n".join([source, *files]).encode()).hexdigest()[:12]
    head = f"const VERSION = {json.dumps(version)};\nconst FILES = {json.dumps(files)};\n"
    return HttpResponse(head + source, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


def queue_key(user: Any) -> str:
    """Of this account in this commune. Pages carry it and go at the sign-out: then nobody else reads what waits."""
    return salted_hmac("attendance.queue", f"{current_schema()}:{user.pk}", algorithm="sha256").hexdigest()

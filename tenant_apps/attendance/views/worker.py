"""What makes a call possible without a network: the service worker, and the key of what waits on a tablet."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from core.tenancy import current_schema

SOURCE = Path(__file__).parent.parent / "static/attendance/worker.js"


def worker(request: HttpRequest) -> HttpResponse:
    """From an address in the folder of the calls: it governs that folder and no other page."""
    source = SOURCE.read_text(encoding="utf-8")
    return HttpResponse(source, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


def queue_key(user: Any) -> str:
    """Of this account in this commune. Pages carry it and go at the sign-out: then nobody else reads what waits."""
    return salted_hmac("attendance.queue", f"{current_schema()}:{user.pk}", algorithm="sha256").hexdigest()

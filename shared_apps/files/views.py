"""Two doors: on the commune's host, who may read gets a link; on the files' host, the link gives the bytes."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.tenancy import in_schema
from shared_apps.files import links, services
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage

# Even a file that a browser took for a page would run nothing, and tell nobody where it came from.
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # The pages that show a picture are of another site: that is what this host is for.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "private, no-store",
}


@require_safe
def open_file(request: HttpRequest, pk: Any) -> HttpResponse:
    """The link that pages show: it never expires, for it is the reader who is asked."""
    file = get_object_or_404(StoredFile.objects.readable(), pk=pk)
    if not services.may_read(request.user, file):
        raise Http404
    return HttpResponseRedirect(links.signed_url(file, request.user))


@login_not_required
@require_safe
def read_file(request: HttpRequest, schema: str, token: str) -> HttpResponseBase:
    """On the files' host, which knows no session: the token says who asks, the registry says whether they may."""
    if not links.is_served(schema):
        return _nothing(request)
    with in_schema(schema):
        file = links.file_of(token)
        if file is None:
            return _nothing(request)
        try:
            content = storage().open(path_of(file.pk))
        except FileNotFoundError:
            return _nothing(request)
    return FileResponse(
        content,
        as_attachment=not file.is_inline,
        filename=file.name,
        content_type=file.mime_type,
        headers=HEADERS,
    )


def _nothing(request: HttpRequest) -> HttpResponse:
    """The same page for every reason: it tells nothing of what exists."""
    return render(request, "files/nothing.html", status=404)


@login_not_required
def no_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _nothing(request)

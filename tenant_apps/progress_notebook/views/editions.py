from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.acts import attempt
from tenant_apps.progress_notebook import papers
from tenant_apps.progress_notebook.contents import by_domain, held_files, label_of, title_of
from tenant_apps.progress_notebook.models import Edition
from tenant_apps.progress_notebook.querysets import followed_by
from tenant_apps.progress_notebook.services import notebooks as services


@require_safe
def edition(request: HttpRequest, pk: Any) -> HttpResponse:
    """A version, as it was validated: read by the family, who signs the last one."""
    shown = _visible(request, pk)
    others = list(Edition.objects.filter(notebook=shown.notebook_id).exclude(pk=shown.pk))
    is_last = all(one.number < shown.number for one in others)
    if is_last:
        services.read(actor=request.user, edition=shown)
    is_staff = followed_by(request.user).filter(pupil=shown.pupil_id).exists()
    signed = services.SIGNED.signatures_of(shown)
    is_settled = bool(signed) and not shown.notebook.period.needs_each_guardian
    context = {
        "edition": shown,
        "content": shown.content,
        "title": title_of(shown.content),
        "domains": _domains(shown.content),
        "is_last": is_last,
        "is_staff": is_staff,
        "signed": signed if is_staff else [],
        "mine": next((one.slot for one in signed if one.person.account_id == request.user.pk), None),
        "is_settled": is_settled,
        "others": others,
    }
    return render(request, "progress_notebook/edition.html", context)


def _domains(content: dict[str, Any]) -> list[tuple[Any, ...]]:
    """For the page: files that are still there, positions in words."""
    if content["kind"] == "summary":
        return [
            (one["domain"], [(line["line"], label_of(line["position"])) for line in one["lines"]], one["points"])
            for one in content["domains"]
        ]
    files = held_files([content])
    return [
        (name, [one | {kind: _shown(one[kind], files) for kind in ("photo", "sound")} for one in rows])
        for name, rows in by_domain(content)
    ]


def _shown(held: dict[str, str] | None, files: dict[str, Any]) -> dict[str, Any] | None:
    return {"file": files.get(held["id"])} if held else None


@require_safe
def edition_pdf(request: HttpRequest, pk: Any) -> HttpResponse:
    return pdf([_visible(request, pk)])


@require_POST
def sign(request: HttpRequest, pk: Any) -> HttpResponse:
    shown = _visible(request, pk)
    if attempt(request, lambda: services.sign(actor=request.user, edition=shown)):
        messages.success(request, _("C’est signé."))
    return redirect("progress_notebook:edition", pk)


def pdf(editions: Collection[Edition]) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="carnet.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(papers.pdf_of(editions), content_type="application/pdf", headers=headers)


def _visible(request: HttpRequest, pk: Any) -> Edition:
    rows = Edition.objects.visible_to(request.user).select_related("notebook__pupil__person", "notebook__period")
    return get_object_or_404(rows, pk=pk)

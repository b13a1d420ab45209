"""The words of conventions and amendments: their versions, the page that writes the next, what it looks like."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import require
from core.errors import DomainError
from shared_apps.onboarding import documents, services, texts
from shared_apps.onboarding.forms_signing import TemplateForm
from shared_apps.onboarding.models import Convention, ConventionTemplate

SLUGS = {"convention": Convention.Kind.INITIAL, "avenant": Convention.Kind.AMENDMENT}


def templates(request: HttpRequest) -> HttpResponse:
    require(request, "onboarding.manage_templates")
    rows = list(ConventionTemplate.objects.select_related("created_by"))
    kinds = [
        {
            "slug": slug,
            "label": kind.label,
            "current": texts.current(kind).version,
            "shipped": texts.SHIPPED_VERSION,
            "rows": [row for row in rows if row.kind == kind],
        }
        for slug, kind in SLUGS.items()
    ]
    return render(request, "onboarding/templates.html", {"kinds": kinds})


def write(request: HttpRequest, slug: str) -> HttpResponse:
    require(request, "onboarding.manage_templates")
    kind = _kind(slug)
    form = TemplateForm(request.POST or None, kind=kind)
    if request.method == "POST" and request.POST.get("act") == "preview":
        form.fields["reason"].required = False
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("act") == "preview":
                return _preview(kind, form.words())
            services.write_template(actor=request.user, kind=kind, reason=form.cleaned_data["reason"], **form.words())
        except DomainError as refusal:
            form.add_error("articles", refusal.message)
        else:
            messages.success(request, _("La nouvelle version est en vigueur pour les prochains projets."))
            return redirect("onboarding:templates")
    context = {"form": form, "kind": kind, "names": ["{" + name + "}" for name in texts.PLACEHOLDERS[kind]]}
    return render(request, "onboarding/write_template.html", context, status=422 if form.errors else 200)


def _preview(kind: str, words: dict[str, str]) -> HttpResponse:
    for text in filter(None, words.values()):
        texts.check(kind, text)
    return _sample(kind, texts.Words(kind, _("essai"), **words))


def _sample(kind: str, words: texts.Words) -> HttpResponse:
    """On the latest convention: a real annex, real names."""
    sample = Convention.objects.filter(kind=kind).select_related("case__commune", "party").order_by("-number").first()
    if sample is None:
        raise DomainError(
            _("L’aperçu se fait sur un projet existant : il n’y en a pas encore."), code="nothing_to_show"
        )
    return HttpResponse(documents.convention_pdf(sample, words=words), content_type="application/pdf")


def version_pdf(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    require(request, "onboarding.manage_templates")
    kind = _kind(slug)
    try:
        return _sample(kind, _words(kind, version))
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("onboarding:templates")


def _words(kind: str, version: str) -> texts.Words:
    if version == texts.SHIPPED_VERSION:
        return texts.shipped(kind)
    row = ConventionTemplate.objects.filter(kind=kind, version=version).first()
    if row is None:
        raise Http404
    return texts.of_template(row)


@require_POST
def choose(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    require(request, "onboarding.manage_templates")
    row = ConventionTemplate.objects.filter(kind=_kind(slug), version=version).first()
    if row is None:
        raise Http404
    services.choose_template(actor=request.user, template=row)
    messages.success(request, _("Cette version est de nouveau en vigueur."))
    return redirect("onboarding:templates")


def _kind(slug: str) -> Any:
    if slug not in SLUGS:
        raise Http404
    return SLUGS[slug]

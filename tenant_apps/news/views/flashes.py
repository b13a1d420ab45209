"""The flashes: those of the town and of one's school, and « J’ai lu »."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.acts import require
from core.errors import DomainError
from tenant_apps.news import services
from tenant_apps.news.forms import FlashForm
from tenant_apps.news.models import Post
from tenant_apps.news.views.common import visible

AT_MOST = 50


def flashes(request: HttpRequest) -> HttpResponse:
    require(request, "news.flash")
    rows = Post.objects.kept_by(request.user).flashes().with_facts().annotate(read=Count("readings"))
    return render(request, "news/flashes.html", {"flashes": rows.order_by("-created_at", "-pk")[:AT_MOST]})


def write(request: HttpRequest, pk: Any = None) -> HttpResponse:
    row = visible(request, pk) if pk else Post(kind=Post.Kind.FLASH, author=request.user)
    require(request, "news.change" if pk else "news.flash", row if pk else None)
    form = FlashForm(request.POST or None, instance=row, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.save_draft(actor=request.user, post=form.instance, places=form.chosen)
            return redirect("news:publish", draft.pk)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"form": form, "is_new": pk is None}
    return render(request, "news/write_flash.html", context, status=422 if form.errors else 200)


@require_POST
def read(request: Any, pk: Any) -> HttpResponse:
    """« J’ai lu », then back to the page where it was said."""
    row = visible(request, pk)
    services.read(actor=request.user, post=row, profile=request.profile)
    here = request.POST.get("retour", "")
    is_ours = url_has_allowed_host_and_scheme(here, allowed_hosts=None) and here.startswith("/")
    return redirect(here if is_ours else reverse("home"))

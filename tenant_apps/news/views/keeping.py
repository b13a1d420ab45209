"""For those who keep threads, let the town's word in, read comments again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import require
from core.errors import DomainError
from tenant_apps.news import services
from tenant_apps.news.forms import ThreadForm
from tenant_apps.news.models import Comment, Post, Reach, Thread


def threads(request: HttpRequest, pk: Any = None) -> HttpResponse:
    mine = Thread.objects.kept_by(request.user).select_related("school")
    thread = get_object_or_404(mine, pk=pk) if pk else Thread()
    require(request, "news.keep_threads")
    form = ThreadForm(request.POST or None, instance=thread, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_thread(actor=request.user, thread=form.instance)
            messages.success(request, _("Le fil est enregistré."))
            return redirect("news:threads")
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"threads": mine, "form": form, "is_new": pk is None}
    return render(request, "news/threads.html", context, status=422 if form.errors else 200)


def review(request: HttpRequest) -> HttpResponse:
    """What waits for a decision: the town's word in my school, comments under what I keep."""
    require(request, "news.write")
    reaches = Reach.objects.decided_by_head(request.user).filter(post__status=Post.Status.PUBLISHED)
    kept = Post.objects.kept_by(request.user).values("pk")
    comments = Comment.objects.waiting().filter(post__in=kept).select_related("author", "post")
    context = {
        "reaches": reaches.waiting().select_related("post__author", "school"),
        "decided": reaches.exclude(state=Reach.State.WAITING)
        .exclude(decided_at=None)
        .select_related("post", "school")[:20],
        "comments": comments,
    }
    return render(request, "news/review.html", context)


@require_POST
def decide(request: HttpRequest, pk: Any) -> HttpResponse:
    reach = get_object_or_404(Reach.objects.decided_by_head(request.user).select_related("post"), pk=pk)
    is_accepted = request.POST.get("act") == "oui"
    try:
        refusal = request.POST.get("refusal", "")
        services.decide(actor=request.user, reach=reach, is_accepted=is_accepted, refusal=refusal)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("news:review")
    words = _("L’école la voit maintenant.") if is_accepted else _("L’école ne la verra pas.")
    messages.success(request, words)
    return redirect("news:review")


@require_POST
def moderate(request: HttpRequest, pk: Any) -> HttpResponse:
    said = get_object_or_404(Comment.objects.visible_to(request.user), pk=pk)
    is_shown = request.POST.get("act") == "publier"
    services.moderate(actor=request.user, comment=said, is_shown=is_shown)
    messages.success(request, _("Le commentaire est publié.") if is_shown else _("Le commentaire est refusé."))
    return redirect("news:review")

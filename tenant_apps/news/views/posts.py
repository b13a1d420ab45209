"""HTTP in, HTTP out. What one may not see is 404; what one sees but may not do is 403."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import attempt, require
from core.errors import DomainError
from tenant_apps.news import services
from tenant_apps.news.attachments import files_of
from tenant_apps.news.forms import CommentForm, NewsForm
from tenant_apps.news.models import Comment, Post, Reader, Thread
from tenant_apps.news.views.common import face_of, visible

PER_PAGE = 15


def news(request: Any) -> HttpResponse:
    """What reaches the reader under the profile in use; or what one keeps, drafts and past included."""
    if not request.profile:
        raise PermissionDenied
    may_write = request.profile not in {"guardian", "pupil"} and request.user.has_perm("news.write")
    may_keep = may_write and request.user.has_perm("news.keep_threads")
    shown = "miennes" if may_write and request.GET.get("voir") == "miennes" else ""
    rows = Post.objects.kept_by(request.user) if shown else Post.objects.read_as(request.user, request.profile)
    page = Paginator(rows.news().with_facts(), PER_PAGE).get_page(request.GET.get("page"))
    unread = Post.objects.filter(pk__in=[one.pk for one in page]).unread_by(request.user)
    context = {
        "page": page,
        "unread": set() if shown else set(unread.values_list("pk", flat=True)),
        "shown": shown,
        "tabs": _tabs(shown) if may_write else [],
        "may_write": may_write,
        "may_keep": may_keep,
    }
    return render(request, "news/news.html", context | face_of(request))


def _tabs(shown: str) -> list[dict[str, Any]]:
    labels = {"": _("À lire"), "miennes": _("Celles que je publie")}
    return [{"label": label, "url": f"?voir={key}", "current": key == shown} for key, label in labels.items()]


def post(request: Any, pk: Any) -> HttpResponse:
    """One piece of news; opening it counts."""
    row = visible(request, pk)
    services.read(actor=request.user, post=row, profile=request.profile)
    return render(request, "news/post.html", _page(request, row))


def _page(request: Any, row: Post, form: Any = None) -> dict[str, Any]:
    user = request.user
    may_keep = user.has_perm("news.keep", row)
    may_comment = user.has_perm("news.comment", row)
    comments = Comment.objects.visible_to(user).filter(post=row).exclude(state=Comment.State.REFUSED)
    return face_of(request) | {
        "post": row,
        "files": files_of(row),
        "reaches": row.reaches.select_related("school", "school_class") if may_keep else [],
        "counts": _counts(row) if may_keep and not row.is_draft else [],
        "comments": comments.select_related("author") if row.takes_comments else [],
        "form": (form or CommentForm()) if may_comment else None,
        "may_keep": may_keep,
        "may_change": user.has_perm("news.change", row),
        "may_withdraw": user.has_perm("news.withdraw", row),
    }


def _counts(row: Post) -> list[tuple[str, int]]:
    """How many opened it, by profile: a number, nobody's name."""
    labels = dict(Reader.choices)
    found = row.readings.order_by("profile").values_list("profile").annotate(n=Count("pk"))
    return [(labels[profile], n) for profile, n in found]


def write(request: Any, pk: Any = None) -> HttpResponse:
    row = visible(request, pk) if pk else Post(author=request.user)
    require(request, "news.change" if pk else "news.write", row if pk else None)
    if not pk and not Thread.objects.written_in_by(request.user).exists():
        return redirect("news:threads")
    form = NewsForm(request.POST or None, request.FILES or None, instance=row, user=request.user)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        more = {"uploads": typed["uploads"], "drops": typed.get("drops", [])}
        try:
            draft = services.save_draft(actor=request.user, post=form.instance, places=form.chosen, **more)
            return redirect("news:publish", draft.pk)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"form": form, "is_new": pk is None}
    return render(request, "news/write.html", context, status=422 if form.errors else 200)


def publish(request: HttpRequest, pk: Any) -> HttpResponse:
    """What will be read, by whom: said before, done by POST."""
    row = visible(request, pk)
    require(request, "news.change", row)
    if request.method == "POST" and attempt(request, lambda: services.publish(actor=request.user, post=row)):
        messages.success(request, _("C’est publié."))
        return redirect("news:flashes" if row.is_flash else row)
    context = {"post": row, "reaches": row.reaches.select_related("school", "school_class"), "files": files_of(row)}
    return render(request, "news/publish.html", context | {"readers": _words(row.readers)})


def _words(readers: list[str]) -> str:
    labels = dict(Reader.choices)
    return ", ".join(str(labels[one]) for one in readers)


@require_POST
def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    row = visible(request, pk)
    services.withdraw(actor=request.user, post=row)
    messages.success(request, _("Plus personne ne lit « %(title)s ».") % {"title": row.title})
    return redirect("news:flashes" if row.is_flash else row)


@require_POST
def delete(request: HttpRequest, pk: Any) -> HttpResponse:
    row = visible(request, pk)
    services.delete_draft(actor=request.user, post=row)
    messages.success(request, _("Le brouillon est supprimé."))
    return redirect("news:flashes" if row.is_flash else "news:news")


@require_POST
def comment(request: Any, pk: Any) -> HttpResponse:
    row = visible(request, pk)
    require(request, "news.comment", row)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return render(request, "news/post.html", _page(request, row, form), status=422)
    said = services.comment(actor=request.user, post=row, body=form.cleaned_data["body"])
    words = _("Votre commentaire sera lu par l’école avant d’être publié.")
    messages.success(request, words if said.is_waiting else _("C’est publié."))
    return redirect(row)


@require_POST
def report(request: HttpRequest, pk: Any) -> HttpResponse:
    said = get_object_or_404(Comment.objects.visible_to(request.user).select_related("post"), pk=pk)
    services.report(actor=request.user, comment=said)
    messages.success(request, _("Merci. Ce commentaire n’est plus visible : l’école va le relire."))
    return redirect(said.post)

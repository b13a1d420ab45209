"""« Mes clés de lecture »: made with a second factor, listed, revoked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.api import services
from shared_apps.api.models import AccessToken


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nom de la clé"),
        max_length=60,
        help_text=gettext_lazy("Par exemple : tableau de la vie scolaire"),
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Durée"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word = "%(days)s jours"
        self.fields["days"].choices = [(d, ngettext("%(days)s jour", word, d) % {"days": d}) for d in services.LIVES]
        self.fields["days"].initial = services.LIVES[1]


def tokens(request: Any) -> HttpResponse:
    _check(request)
    return _page(request, TokenForm())


@never_cache
@require_POST
def make(request: Any) -> HttpResponse:
    """The key is on this answer and nowhere else."""
    _check(request)
    if not request.session.get(SECOND_FACTOR_KEY):
        raise PermissionDenied
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            token, key = services.make_token(actor=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return render(request, "api/made.html", {"token": token, "key": key})
    return _page(request, form, status=422)


@require_POST
def revoke(request: HttpRequest, pk: Any) -> HttpResponse:
    token = get_object_or_404(AccessToken.objects.visible_to(request.user), pk=pk)
    services.revoke_token(actor=request.user, token=token)
    messages.success(request, _("La clé « %(name)s » n’ouvre plus rien.") % {"name": token.name})
    return redirect("api_tokens:list")


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("api.make_token"):
        raise PermissionDenied


def _page(request: Any, form: TokenForm, status: int = 200) -> HttpResponse:
    live = AccessToken.objects.of(request.user).live()
    context = {"form": form, "tokens": live, "may_make": bool(request.session.get(SECOND_FACTOR_KEY))}
    return render(request, "api/tokens.html", context, status=status)

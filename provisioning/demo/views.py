"""The front door of the demo, and the door it opens in each commune."""

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.tenancy import in_public
from provisioning.demo import entry, people
from provisioning.demo import mails as caught
from shared_apps.accounts.models import User
from shared_apps.accounts.sessions import enter
from tenants.models import Commune, Domain

# Its buttons lead, by a redirection, to the other hosts of the demo.
OTHER_HOSTS = f"{settings.ENT_SCHEME}://*.{settings.ENT_DOMAIN}{settings.ENT_PORT_SUFFIX}"


@login_not_required
@csp_update({"form-action": [OTHER_HOSTS]})
def front_door(request: HttpRequest) -> HttpResponse:
    entry.require_demo(request)
    context = {"communes": people.communes(), "academy": people.academy(), "academy_url": _academy_url()}
    return render(request, "demo/front_door.html", context)


@login_not_required
@require_POST
def enter_as(request: HttpRequest, schema: str, key: str) -> HttpResponse:
    """Send the visitor to the host of the person they chose, with a ticket."""
    entry.require_demo(request)
    person = people.find(schema, key)
    if person is None:
        raise Http404
    base = _academy_url() if schema == "public" else _commune_url(schema)
    if person.path:
        return HttpResponseRedirect(base + person.path.removeprefix("/"))
    return HttpResponseRedirect(f"{base}demo/entrer/{entry.ticket(schema, person.user_id)}/")


@login_not_required
def use_ticket(request: HttpRequest, token: str) -> HttpResponse:
    entry.require_demo(request)
    try:
        user = User.objects.get(pk=entry.redeem(token), is_active=True)
    except (BadSignature, User.DoesNotExist):
        return render(request, "demo/stale_ticket.html", {"front_door": front_door_url()}, status=410)
    enter(request, user, second_factor=True)
    return redirect("home")


def front_door_url() -> str:
    return f"{settings.ENT_SCHEME}://{settings.ENT_DOMAIN}{settings.ENT_PORT_SUFFIX}/"


def _academy_url() -> str:
    return f"{settings.ENT_SCHEME}://{settings.ENT_ACADEMY_HOST}{settings.ENT_PORT_SUFFIX}/"


def _commune_url(schema: str) -> str:
    with in_public():
        commune = Commune.objects.reachable().filter(schema_name=schema).first()
        domain = commune and Domain.objects.filter(tenant=commune, is_primary=True).first()
    if not domain:
        raise Http404
    return domain.get_absolute_url()


@login_not_required
def mails(request: HttpRequest) -> HttpResponse:
    entry.require_demo(request)
    return render(request, "demo/mails.html", {"mails": caught.latest()})


@login_not_required
def mail(request: HttpRequest, key: str) -> HttpResponse:
    entry.require_demo(request)
    found = caught.find(key)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})

"""« Mes enfants dans d’autres communes »: one list, made in the browser of what each commune answers for itself.

The page of A holds a letter for B (two minutes, once, the pair and nothing else). The browser hands it to B, without
any cookie, and B answers with the little that the list shows. A's server sees nothing of it and keeps nothing.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import registry
from core.frozen import Asked, together
from core.registry import HomeSection
from core.tenancy import require_commune
from shared_apps.accounts.models import User
from tenant_apps.links.models import AccountLink
from tenant_apps.links.querysets import ask_leaving
from tenant_apps.links.services.passages import LINK_KEY
from tenant_apps.people.models import Enrollment, Guardianship
from tenants import letters
from tenants.neighbours import Neighbour, open_neighbours


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A linked commune, as the list begins: its name, the door, and the letter that fills it."""

    neighbour: Neighbour
    link: AccountLink
    door: str
    source: str
    letter: str


def home_section(request: HttpRequest) -> Asked | None:
    """For guardians who linked an account. A session that came by a link shows no third commune."""
    if request.profile != "guardian" or not may_pass_on(request):
        return None
    return ask_leaving(request.user).then(_section)


def _section(links: list[AccountLink]) -> HomeSection | None:
    found = _open(links)
    if not found:
        return None
    origins = tuple(one.neighbour.url for one in found)
    return HomeSection("links/_elsewhere.html", {"elsewhere": found}, connects_to=origins)


def may_pass_on(request: HttpRequest) -> bool:
    """A session that was itself opened by a link, or that only looks as somebody else, opens nothing further."""
    return LINK_KEY not in request.session and getattr(request.user, "seen_by_schools", None) is None


def linked_communes(user: User) -> list[Elsewhere]:
    """Two queries, however many links; a commune that is closed today is left out."""
    return _open(AccountLink.objects.leaving(user))


def _open(links: list[AccountLink]) -> list[Elsewhere]:
    if not links:
        return []
    open_now = {one.schema: one for one in open_neighbours(link.other for link in links)}
    return [_elsewhere(link, open_now[link.other]) for link in links if link.other in open_now]


def _elsewhere(link: AccountLink, there: Neighbour) -> Elsewhere:
    return Elsewhere(
        neighbour=there,
        link=link,
        door=f"{there.url}{reverse('links:start')}?depuis={require_commune()}",
        source=f"{there.url}{reverse('links:children')}",
        letter=letters.write("children", to=there, data={"pair": str(link.pair)}),
    )


def children_of(user: User) -> list[dict[str, Any]]:
    """What the list of another commune shows of those of here, and nothing more."""
    charge = Guardianship.objects.informed().filter(guardian__account=user)
    rows = Enrollment.objects.on().filter(pupil__in=charge.values("pupil"))
    rows = rows.select_related("pupil__person", "school_class__school")
    (todos,) = together(registry.todos_of(user, "guardian"))
    waiting = Counter(todo.subject_id for todo in todos if todo.kind != "read")
    return [
        {
            "name": row.pupil.person.first_name,
            "detail": f"{row.school_class.label} · {row.school_class.school}",
            "cover": row.pupil.cover,
            "to_do": _to_do(waiting[row.pupil_id]),
        }
        for row in rows.order_by("pupil__person__birth_date", "pupil_id")
    ]


def _to_do(count: int) -> str:
    if not count:
        return _("Rien à faire")
    return ngettext("%(n)s chose à faire", "%(n)s choses à faire", count) % {"n": count}

"""What an outing tells: « Inès · À signer avant le 4 décembre : Narbo Via », to each guardian once."""

from collections import defaultdict
from typing import Any

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from shared_apps.notifications.services import Notice, notify_all
from shared_apps.signatures.models import SignatureRequest
from tenant_apps.outings.models import Outing
from tenant_apps.people.models import Guardianship


def published(outing: Outing, request: SignatureRequest) -> None:
    signers = request.slots.values("signer_id")
    links = Guardianship.objects.informed().of_classes([outing.school_class_id]).filter(guardian__in=signers)
    by_adult: dict[Any, list[Guardianship]] = defaultdict(list)
    for link in links.filter(guardian__account__isnull=False).select_related("guardian__account", "pupil__person"):
        by_adult[link.guardian_id].append(link)
    notify_all(_notice(outing, links) for links in by_adult.values())


def _notice(outing: Outing, links: list[Guardianship]) -> Notice:
    user = links[0].guardian.account
    names = get_text_list(sorted(link.pupil.person.first_name for link in links), _("et"))
    facts = {"children": names, "day": date_format(outing.due_on, "j F"), "title": outing.title}
    title = _("%(children)s · À signer avant le %(day)s : %(title)s") % facts
    children = [link.pupil_id for link in links]
    return Notice(user, "outings.to_sign", title, outing.get_absolute_url(), f"outing:{outing.pk}:{user.pk}", children)

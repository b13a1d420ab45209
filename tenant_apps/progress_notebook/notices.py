"""What a notebook tells guardians with the authority: what was shown to them, at most once a day; what waits for a
signature. What a child succeeded in stays inside.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.people.editions import told_of
from tenant_apps.people.models import Guardianship
from tenant_apps.progress_notebook.models import Edition

TO_SIGN, SHARED = "progress_notebook.to_sign", "progress_notebook.shared"


def shared(pupils: Collection[Any], *, on: date) -> None:
    links = Guardianship.objects.informed().filter(pupil__in=pupils, guardian__account__isnull=False)
    links = links.select_related("guardian__account", "pupil__person").order_by("pk")
    notify_all(_shared(link, on) for link in links)


def _shared(link: Guardianship, on: date) -> Notice:
    title = _("%(child)s · Du nouveau dans le carnet de suivi") % {"child": link.pupil.person.first_name}
    user = link.guardian.account
    key = f"progress_notebook:{link.pupil_id}:{user.pk}:{on.isoformat()}"
    return Notice(user, SHARED, title, reverse("progress_notebook:pupil", args=[link.pupil_id]), key, [link.pupil_id])


def validated(editions: Collection[Edition]) -> None:
    notify_all(_to_sign(edition, link, "validated") for edition, link in told_of(editions))


def reminded(told: Collection[tuple[Edition, Any]], *, on: date) -> None:
    """`told`: (edition, person id). The day is part of the key: once a day at most."""
    wanted = {(edition.pk, signer) for edition, signer in told}
    pairs = told_of(list({edition.pk: edition for edition, _signer in told}.values()))
    occasion = f"reminded:{on.isoformat()}"
    notify_all(_to_sign(one, link, occasion) for one, link in pairs if (one.pk, link.guardian_id) in wanted)


def _to_sign(edition: Edition, link: Guardianship, occasion: str) -> Notice:
    facts = {"child": link.pupil.person.first_name, "period": edition.content["period"]}
    title = _("%(child)s · Carnet de suivi à lire et à signer : %(period)s") % facts
    if edition.number > 1:
        title = _("%(child)s · Carnet de suivi corrigé, à signer de nouveau : %(period)s") % facts
    user = link.guardian.account
    key = f"progress_notebook:{edition.pk}:{user.pk}:{occasion}"
    return Notice(user, TO_SIGN, title, edition.get_absolute_url(), key, [link.pupil_id])

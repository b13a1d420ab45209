"""What a report tells: « Inès · Livret à lire et à signer : 1er trimestre », to each guardian with the authority."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.people.models import Guardianship
from tenant_apps.report_cards.models import Edition

KIND = "report_cards.to_sign"


def validated(editions: Collection[Edition]) -> None:
    notify_all(_notice(edition, link, "validated") for edition, link in _adults(editions))


def reminded(told: Collection[tuple[Edition, Any]], *, on: date) -> None:
    """`told`: (edition, person id). The day is part of the key: once a day at most."""
    wanted = {(edition.pk, signer) for edition, signer in told}
    pairs = _adults({edition.pk: edition for edition, _signer in told}.values())
    occasion = f"reminded:{on.isoformat()}"
    notify_all(_notice(one, link, occasion) for one, link in pairs if (one.pk, link.guardian_id) in wanted)


def _adults(editions: Iterable[Edition]) -> list[tuple[Edition, Guardianship]]:
    by_pupil = {edition.report.pupil_id: edition for edition in editions}
    links = Guardianship.objects.informed().filter(pupil__in=by_pupil, guardian__account__isnull=False)
    links = links.select_related("guardian__account", "pupil__person").order_by("pk")
    return [(by_pupil[link.pupil_id], link) for link in links]


def _notice(edition: Edition, link: Guardianship, occasion: str) -> Notice:
    facts = {"child": link.pupil.person.first_name, "period": edition.content["period"]}
    title = _("%(child)s · Livret à lire et à signer : %(period)s") % facts
    if edition.number > 1:
        title = _("%(child)s · Livret corrigé, à signer de nouveau : %(period)s") % facts
    user = link.guardian.account
    key = f"report_cards:{edition.pk}:{user.pk}:{occasion}"
    return Notice(user, KIND, title, edition.report.get_absolute_url(), key, [link.pupil_id])

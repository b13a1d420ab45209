"""What a report tells: « Inès · Livret à lire et à signer : 1er trimestre », to each guardian with the authority."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.people.editions import told_of
from tenant_apps.people.models import Guardianship
from tenant_apps.report_cards.models import Edition

KIND = "report_cards.to_sign"


def validated(editions: Collection[Edition]) -> None:
    notify_all(_notice(edition, link, "validated") for edition, link in told_of(editions))


def reminded(told: Collection[tuple[Edition, Any]], *, on: date) -> None:
    """`told`: (edition, person id). The day is part of the key: once a day at most."""
    wanted = {(edition.pk, signer) for edition, signer in told}
    pairs = told_of({edition.pk: edition for edition, _signer in told}.values())
    occasion = f"reminded:{on.isoformat()}"
    notify_all(_notice(one, link, occasion) for one, link in pairs if (one.pk, link.guardian_id) in wanted)


def _notice(edition: Edition, link: Guardianship, occasion: str) -> Notice:
    facts = {"child": link.pupil.person.first_name, "period": edition.content["period"]}
    title = _("%(child)s · Livret à lire et à signer : %(period)s") % facts
    if edition.number > 1:
        title = _("%(child)s · Livret corrigé, à signer de nouveau : %(period)s") % facts
    user = link.guardian.account
    key = f"report_cards:{edition.pk}:{user.pk}:{occasion}"
    return Notice(user, KIND, title, edition.report.get_absolute_url(), key, [link.pupil_id])

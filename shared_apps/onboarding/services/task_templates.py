"""What a state asks for, and within how many days. Leaving the state closes what it asked for."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from shared_apps.onboarding.models import Case

State = Case.State


@dataclass(frozen=True, slots=True)
class Template:
    code: str
    title: Any
    days: int


TEMPLATES: dict[str, tuple[Template, ...]] = {
    State.PROSPECT: (Template("reach_town", _("Joindre la mairie"), 14),),
    State.CONTACTED: (
        Template("send_folder", _("Envoyer le dossier de présentation"), 7),
        Template("agree_schools", _("Convenir des écoles de la convention"), 21),
    ),
    State.DRAFTED: (Template("council_date", _("Demander la date du conseil municipal"), 14),),
    State.DELIBERATED: (Template("town_signature", _("Relancer la signature du maire"), 21),),
    State.SIGNED_BY_COMMUNE: (Template("rector_signature", _("Porter la convention à la signature du recteur"), 14),),
    State.SIGNED_BY_BOTH: (Template("open_town", _("Convenir du jour de l’ouverture"), 7),),
    State.OPEN: (Template("call_heads", _("Appeler les directions une semaine après l’ouverture"), 8),),
}

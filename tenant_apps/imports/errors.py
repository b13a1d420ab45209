from django.utils.translation import gettext as _

from core.errors import DomainError


class StalePlan(DomainError):
    """What the file was compared with is no more."""

    def __init__(self) -> None:
        message = _("Le fichier a été comparé à un état qui a changé : refaites la vérification.")
        super().__init__(message, code="stale")

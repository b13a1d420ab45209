from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class Conflict(DomainError):
    """Somebody wrote the same register since this one was read. Nothing was written: a person chooses, line by line."""

    def __init__(self) -> None:
        super().__init__(_("Cet appel a changé depuis que vous l’avez ouvert."), code="conflict")

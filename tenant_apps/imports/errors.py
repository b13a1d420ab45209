from django.utils.translation import gettext as _

from core.errors import DomainError


class StalePlan(DomainError):
    """What the file was compared with is no more."""

    def __init__(self) -> None:
        message = _("Le fichier a été comparé à un état qui a changé : refaites la vérification.")
        super().__init__(message, code="stale")


class Unreadable(DomainError):
    """A file that can't be read; `why` ends the sentence."""

    def __init__(self, why: str) -> None:
        message = _("Ce fichier ne peut pas être lu : %(why)s. Rien n’a été modifié.") % {"why": why}
        super().__init__(message, code="unreadable")


class MissingColumn(DomainError):
    """A table that lacks a needed column; a person may say which of the unknown ones it is."""

    def __init__(self, kind: str, label: str, unknown: list[str]) -> None:
        if kind.startswith("onde"):
            message = _("Ce fichier n’est pas un export ONDE : la colonne “%(label)s” manque. Rien n’a été modifié.")
        else:
            message = _("Dans ce fichier, la colonne “%(label)s” manque. Rien n’a été modifié.")
        super().__init__(message % {"label": label}, code="not_onde")
        self.kind, self.unknown = kind, unknown

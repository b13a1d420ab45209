"""What is said to who reports, before and after: who will read, and who will never know."""

from typing import Any

from django.utils.translation import gettext as _

from tenant_apps.moderation.notifications import judges


def before_words(school_id: Any, author_id: Any) -> str:
    if judges(school_id, author_id).exists():
        return _("La direction de l’école le lira. Son auteur ne saura pas qui l’a signalé.")
    if judges(school_id, None).exists():
        return _(
            "La direction de l’école ne juge pas ses propres messages : l’académie saura qu’un message est signalé "
            "ici, sans en lire le texte. Son auteur ne saura pas qui l’a signalé."
        )
    return _(
        "Personne n’est à la direction pour le lire en ce moment : l’académie saura qu’un message est signalé ici, "
        "sans en lire le texte. Son auteur ne saura pas qui l’a signalé."
    )


def done_words(school_id: Any, author_id: Any) -> str:
    if judges(school_id, author_id).exists():
        return _("La direction est prévenue. Personne d’autre ne le sait.")
    return _(
        "L’académie est prévenue, sans le texte. Pour que quelqu’un le lise dès maintenant, montrez-le à l’inspection "
        "de la circonscription, qui encadre la direction. Personne d’autre ne sait que vous l’avez signalé."
    )

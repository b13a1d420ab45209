"""« Aide »: what each profile does most here, in a sentence, and the page where it is done."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Entry(NamedTuple):
    title: Any
    words: Any
    url_name: str
    icon: str
    permission: str = ""  # of who may open that page, when the whole profile may not


_WRITE = Entry(
    _("Écrire à quelqu’un"),
    _("« Messages », puis « Écrire » : les personnes que votre école vous permet de joindre sont proposées."),
    "messaging:inbox",
    "envelope-simple",
)
_TOLD = Entry(
    _("Choisir comment on vous prévient"),
    _("Un courriel tout de suite, un seul par jour, ou une alerte sur le téléphone ; et les heures où rien ne sonne."),
    "notifications:preferences",
    "bell",
)
_NOTE = Entry(
    _("Envoyer un mot aux familles"),
    _("« Écrire un mot » : à qui, et s’il faut signer. La page du mot dit qui a lu et qui a signé."),
    "liaison:notes",
    "notebook",
)

ENTRIES: dict[str, tuple[Entry, ...]] = {
    "guardian": (
        Entry(
            _("Prévenir d’une absence"),
            _("« Annoncer une absence » : l’enfant, le jour, le motif. L’école et la cantine le savent aussitôt."),
            "attendance:absences",
            "calendar-x",
        ),
        Entry(
            _("Lire et signer un mot de l’école"),
            _("Ouvrez le mot, puis signez en bas. Si les deux parents doivent signer, chacun le fait de son compte."),
            "liaison:notes",
            "notebook",
        ),
        Entry(
            _("Voir les devoirs"),
            _("Semaine par semaine, pour chaque enfant."),
            "homework:home",
            "book-open-text",
        ),
        Entry(
            _("Savoir ce qui est prévu"),
            _("Les dates de la classe, de l’école et de la commune. Les rendez-vous se prennent sur la même page."),
            "agenda:agenda",
            "calendar-blank",
        ),
        _WRITE,
        _TOLD,
    ),
    "teacher": (
        Entry(
            _("Faire l’appel"),
            _("Touchez chaque élève absent, puis « Valider l’appel ». Sans réseau, il part dès que le réseau revient."),
            "attendance:board",
            "list-checks",
        ),
        _NOTE,
        Entry(
            _("Donner un devoir"),
            _("Ouvrez la classe ou le groupe, puis « Donner un devoir ». Vous dites quel jour les familles le voient."),
            "homework:home",
            "book-open-text",
        ),
        Entry(
            _("Ajouter une date"),
            _("Une sortie, une réunion : « Ajouter une date » en prévient les familles de la classe ou du groupe."),
            "agenda:agenda",
            "calendar-blank",
        ),
        Entry(
            _("Faire entrer les élèves"),
            _("Imprimez leurs cartes, ou ouvrez la classe pour une séance : chacun entre avec ses images."),
            "pupil_access:classes",
            "key",
        ),
        _WRITE,
        _TOLD,
    ),
    "head": (
        Entry(
            _("Mettre à jour les élèves et les familles"),
            _("Déposez le fichier tiré d’ONDE. Rien n’est enregistré avant que vous ayez lu ce qui change."),
            "imports:imports",
            "upload-simple",
        ),
        Entry(
            _("Donner à chacun de quoi entrer"),
            _("« École » : les fiches de connexion à imprimer, et un nouveau code pour qui a perdu le sien."),
            "people:school",
            "key",
        ),
        Entry(
            _("Voir quelles classes ont fait l’appel"),
            _("Chaque classe, ses absents, et l’heure de l’appel. Le registre du mois s’imprime depuis la classe."),
            "attendance:board",
            "list-checks",
        ),
        _NOTE,
        Entry(
            _("Savoir quelles familles ne reçoivent rien"),
            _("La liste des familles que rien n’atteint, et ce qu’il faut imprimer pour elles."),
            "reach:families",
            "bell-slash",
        ),
        Entry(
            _("Régler qui peut écrire à qui"),
            _("Profil par profil, pour votre école. Un changement se défait."),
            "rights:schools",
            "shield-check",
        ),
        _TOLD,
    ),
    "municipal": (
        Entry(
            _("Compter les enfants du jour"),
            _("Les présents et les absents de chaque classe, mis à jour à chaque appel. Le motif reste à l’école."),
            "attendance:head_count",
            "fork-knife",
        ),
        Entry(
            _("Mettre à jour la liste des agents"),
            _("Déposez votre fichier. Rien n’est enregistré avant que vous ayez lu ce qui change."),
            "imports:imports",
            "upload-simple",
            "imports.import_town_staff",
        ),
        Entry(
            _("Informer les familles"),
            _("Les actualités des écoles et de la commune."),
            "news:news",
            "megaphone",
        ),
        Entry(
            _("Savoir ce qui est prévu"),
            _("Les dates de la commune et des écoles."),
            "agenda:agenda",
            "calendar-blank",
        ),
        _WRITE,
        _TOLD,
    ),
    "moving": (
        Entry(
            _("Savoir ce qui est prévu"),
            _("Les dates de la commune et des écoles où vous intervenez."),
            "agenda:agenda",
            "calendar-blank",
        ),
        _WRITE,
        _TOLD,
    ),
}


def entries(user: Any, profile: str) -> Iterator[dict[str, Any]]:
    for entry in ENTRIES.get(profile, ()):
        if not entry.permission or user.has_perm(entry.permission):
            yield {
                "title": entry.title,
                "words": entry.words,
                "url": reverse(entry.url_name),
                "icon": entry.icon,
            }

"""Invented people and figures for the gallery. School and commune names are real, nothing else is."""

from typing import Any

from django.core.paginator import Paginator

LONG = "Marie-Charlotte-Éléonore de La Rochefoucauld-Montmorency-Bouteville"

QR = "ent/img/logo.svg"


def _nav(current: str, *entries: tuple[str, str, int]) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": "#", "icon": icon, "current": label == current, "badge": str(badge or "")}
        for label, icon, badge in entries
    ]


def _family(current: str = "Accueil") -> dict[str, Any]:
    return {
        "nav": _nav(
            current,
            ("Accueil", "house", 0),
            ("Agenda", "calendar-blank", 0),
            ("Messages", "chat-circle-text", 1),
            ("Cantine", "fork-knife", 0),
        ),
        "viewer": {"initials": "SF", "name": "Sophie Ferrer", "url": "#"},
        "place": {"name": "Écoles de Narbonne", "detail": "", "url": ""},
    }


def _staff(current: str, initials: str, name: str, second: tuple[str, str]) -> dict[str, Any]:
    return {
        "nav": _nav(
            current,
            ("Aujourd’hui", "sun-horizon", 0),
            (*second, 0),
            ("Messages", "chat-circle-text", 3),
            ("Documents", "folder", 0),
        ),
        "viewer": {"initials": initials, "name": name, "url": "#"},
        "place": {"name": "École élémentaire Lakanal", "detail": "Narbonne", "url": "#"},
    }


def _academy(current: str) -> dict[str, Any]:
    return {
        "nav": _nav(
            current,
            ("Aujourd’hui", "sun-horizon", 0),
            ("Communes", "map-trifold", 0),
            ("Statistiques", "chart-bar", 0),
            ("Formation", "graduation-cap", 0),
            ("Assistance", "lifebuoy", 4),
        ),
        "viewer": {"initials": "NB", "name": "Nadia Bousquet", "url": "#"},
        "place": {"name": "Académie de Montpellier", "detail": "Région académique Occitanie", "url": ""},
    }


ONBOARDING = [
    {"label": "Prospect", "state": "done", "date": "3 sept.", "detail": "Nadia Bousquet"},
    {"label": "Contactée", "state": "done", "date": "10 sept.", "detail": "appel, puis courriel officiel"},
    {"label": "Projet de convention", "state": "done", "date": "24 sept.", "detail": "modèle 2026, version 3"},
    {"label": "Délibération", "state": "done", "date": "15 oct.", "detail": "conseil municipal, n° 2026-118"},
    {"label": "Signée par la commune", "state": "done", "date": "9 nov.", "detail": "Hélène Castan, maire"},
    {
        "label": "Signée par l’académie",
        "state": "done",
        "date": "23 nov.",
        "detail": "pour la rectrice, par délégation",
    },
    {"label": "Ouverture", "state": "current", "date": "24 nov.", "detail": "en cours"},
    {"label": "Ouverte", "state": "waiting", "date": "avant le 4 déc.", "detail": ""},
]
OPENING = [
    {"label": "Demande enregistrée", "state": "done", "ms": 10},
    {"label": "Schéma, tiré de la réserve", "state": "done", "ms": 12},
    {"label": "Tables : 61", "state": "done", "ms": 180},
    {"label": "Données de référence : 4 écoles, calendrier zone C", "state": "done", "ms": 90},
    {"label": "Espace des fichiers", "state": "current", "ms": None},
    {"label": "Premiers comptes : mairie et 4 directions", "state": "waiting", "ms": None},
    {"label": "Adresse : lezignan-corbieres.ent-ecole.fr", "state": "waiting", "ms": None},
    {"label": "Prête", "state": "waiting", "ms": None},
]
FAILED = [*OPENING[:4], {"label": "Espace des fichiers", "state": "failed", "ms": None}, *OPENING[5:]]
READ_PARTS = [
    {"value": 19, "label": "signés, dont 1 sur papier", "tone": 1},
    {"value": 3, "label": "lus, pas signés", "tone": 2},
    {"value": 2, "label": "pas lus", "tone": 3},
    {"value": 1, "label": "injoignable", "tone": 4},
]
HOMONYM = {
    "left": {"title": "Emma Martin", "tag": "Dans le fichier ONDE"},
    "right": {"title": "Emma Martin", "tag": "Déjà dans l’ENT"},
    "rows": [
        {"label": "Née le", "left": "14 mars 2018", "right": "14 mai 2018", "differs": True},
        {"label": "INE", "left": "absent du fichier", "right": "connu, masqué", "differs": True},
        {"label": "Classe", "left": "CE2, Mme Vidal", "right": "CE2, Mme Vidal", "differs": False},
        {"label": "Responsables", "left": "Céline Martin", "right": "Julien Martin, Sarah Petit", "differs": True},
        {
            "label": "Adresse",
            "left": "12 rue de Blida, Narbonne",
            "right": "4 quai Vallière, Narbonne",
            "differs": True,
        },
    ],
}
DAY = [
    {"emoji": "artist-palette", "label": "peinture", "state": "past"},
    {"emoji": "soccer-ball", "label": "récré", "state": "past"},
    {"emoji": "books", "label": "histoire", "state": "now"},
    {"emoji": "house-with-garden", "label": "maison", "state": "next"},
    {"emoji": "zzz", "label": "repos", "state": "next"},
    {"emoji": "musical-notes", "label": "musique", "state": "next"},
]
DATES = [
    {"lead": "27 nov.", "title": "Conseils d’école"},
    {"lead": "19 déc.", "title": "Vacances de Noël"},
    {"lead": "4 janv.", "title": "Reprise et ouverture des inscriptions"},
    {"lead": "6 févr.", "title": "Vacances d’hiver"},
]
SCHOOLS = [
    {
        "name": "Élémentaire Frédéric Mistral",
        "uai": "0110357D",
        "pupils": 264,
        "head": "Julie Azéma",
        "trained": "Faite",
    },
    {
        "name": "Élémentaire Marie Curie",
        "uai": "0110358E",
        "pupils": 180,
        "head": "Paul Ricard-Sola",
        "trained": "Faite",
    },
    {
        "name": "Maternelle Alphonse Daudet",
        "uai": "0110359F",
        "pupils": 142,
        "head": "Marion Vila",
        "trained": "1er déc.",
    },
    {"name": "Maternelle Françoise Dolto", "uai": "0110970V", "pupils": 118, "head": "Karine Bonnet", "trained": ""},
]
ANIMALS = [
    ("fox", "Tom"),
    ("owl", "Lilou"),
    ("rabbit-face", "Nino"),
    ("turtle", "Assia"),
    ("hedgehog", "Marius"),
    ("cat-face", "Jeanne"),
    ("frog", "Imran"),
    ("bear", "Paul"),
    ("penguin", "Nour"),
    ("lady-beetle", "Elsa"),
]
COUPONS = [("Noé Cabanel", "K7PM-R4TW"), ("Gabin Fabre", "H3QA-9XCV"), (LONG, "P2LM-66TZ")]


def _tabs(*labels: str, icons: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": "#", "value": label, "current": not n, "icon": icons[n] if icons else ""}
        for n, label in enumerate(labels)
    ]


def _tap(value: str, title: str, subtitle: str, **said: Any) -> dict[str, Any]:
    tap = {"value": value, "title": title, "subtitle": subtitle, "state": "", "words": "", "at": "", "reason": ""}
    return tap | {"is_dashed": False} | said


def parts() -> dict[str, Any]:
    """What the page of components shows."""
    return {
        "long": LONG,
        "onboarding": ONBOARDING,
        "opening": OPENING,
        "failed": FAILED,
        "read_parts": READ_PARTS,
        "day": DAY,
        "dates": DATES,
        "schools": SCHOOLS,
        "animals": ANIMALS,
        "tabs": _tabs("Il manque", "Signés (19)", "Tous"),
        "views": _tabs("Courbe", "Tableau", icons=("chart-line-up", "table")),
        "halves": _tabs("Matin", "Après-midi"),
        "crumbs": [
            {"label": "Communes", "url": "#"},
            {"label": "Aude", "url": "#"},
            {"label": "Lézignan-Corbières", "url": ""},
        ],
        "links": [
            {"label": "Classes et familles", "url": "#", "icon": "users-three"},
            {"label": "Codes et fiches de connexion", "url": "#", "icon": "key"},
            {"label": "Réglages de l’école", "url": "#", "icon": "gear-six"},
        ],
        "page": Paginator(range(240), 20).page(5),
        "dock": [
            {"value": 23, "label": "présents", "tone": ""},
            {"value": 2, "label": "absents", "tone": "urgent"},
            {"value": 1, "label": "retard", "tone": "warn"},
        ],
        "taps": [
            _tap("anna", "Anna", "Alary"),
            _tap("noe", "Noé", "Cabanel", state="absent", words="Absent"),
            _tap("leo", "Léo", "Marty", state="late", words="Retard : 8 h 47", at="08:47"),
            _tap("aya", "Aya", "Khelifi", state="absent", words="Annoncé : maladie", is_dashed=True),
        ],
        "reasons": (("child_illness", "maladie de l’enfant"), ("other", "autre motif")),
        "paper_choices": ["J’autorise", "Je n’autorise pas"],
        **HOMONYM,
        **_staff("École", "MC", "Martine Calas", ("École", "house-line")),
    }


def parent() -> dict[str, Any]:
    return _family()


def note() -> dict[str, Any]:
    return _family()


def signed() -> dict[str, Any]:
    return _family()


def head() -> dict[str, Any]:
    calls = [
        {
            "name": "CP",
            "teacher": "M. Sabatier",
            "detail": "22 présents",
            "tone": "ok",
            "icon": "check",
            "word": "Fait",
        },
        {
            "name": "CE1",
            "teacher": "Mme Lopez",
            "detail": "21 présents, 3 absents",
            "tone": "ok",
            "icon": "check",
            "word": "Fait",
        },
        {
            "name": "CE2",
            "teacher": "Mme Vidal",
            "detail": "commencé hors connexion",
            "tone": "warn",
            "icon": "wifi-slash",
            "word": "En attente",
        },
        {
            "name": "CM1",
            "teacher": "Mme Roux, remplaçante",
            "detail": "pas encore fait",
            "tone": "urgent",
            "icon": "clock",
            "word": "À faire",
        },
    ]
    week = [
        {"lead": "jeu. 26", "title": "Équipe éducative, 12 h 15"},
        {"lead": "ven. 27", "title": "Conseil d’école, 18 h"},
        {"lead": "lun. 30", "title": "Fin de la période de saisie des livrets"},
    ]
    return {
        "calls": calls,
        "week": week,
        "links": parts()["links"],
        **_staff("Aujourd’hui", "MC", "Martine Calas", ("École", "house-line")),
    }


def follow_up() -> dict[str, Any]:
    read = ("Lu, pas signé", "warn", "eye")
    unread = ("Pas lu", "urgent", "eye-slash")
    families = [
        (
            "Noé Cabanel",
            "Parents séparés : les deux doivent signer",
            [("Laure Cabanel", "Signé 21 nov.", "ok", "check"), ("Éric Cabanel", *read)],
        ),
        ("Gabin Fabre", "", [("Aurélie Fabre", *read)]),
        ("Emma Garrigue", "", [("Marc Garrigue", *unread)]),
        ("Aya Khelifi", "", [("Samia Khelifi", *unread), ("Nabil Khelifi", *unread)]),
        (
            "Maël Pech",
            "Aucune adresse, aucun compte activé",
            [("Famille Pech", "Injoignable", "neutral", "envelope-simple")],
        ),
    ]
    return {
        "families": families,
        "read_parts": READ_PARTS,
        "tabs": parts()["tabs"],
        "coupons": COUPONS[:2],
        "paper_choices": parts()["paper_choices"],
        "crumbs": [{"label": "Ma classe", "url": "#"}, {"label": "Mots", "url": "#"}],
        **_staff("Ma classe", "CV", "Claire Vidal", ("Ma classe", "users-three")),
    }


def opening() -> dict[str, Any]:
    return {
        "onboarding": ONBOARDING,
        "opening": OPENING,
        "schools": SCHOOLS,
        "crumbs": parts()["crumbs"],
        "papers": [
            {"label": "Convention signée", "url": "#", "icon": "file-pdf", "detail": "signatures valides, 23 nov."},
            {"label": "Annexe protection des données", "url": "#", "icon": "file-text"},
            {"label": "Délibération n° 2026-118", "url": "#", "icon": "file-text"},
        ],
        **_academy("Communes"),
    }


def import_review() -> dict[str, Any]:
    return {
        "crumbs": [{"label": "École", "url": "#"}, {"label": "Imports", "url": "#"}],
        **HOMONYM,
        **_staff("École", "MC", "Martine Calas", ("École", "house-line")),
    }


def sign_in() -> dict[str, Any]:
    return {"place": {"name": "Ville de Narbonne", "detail": "30 écoles publiques", "url": ""}}


def activation() -> dict[str, Any]:
    return sign_in()


def young_pupil() -> dict[str, Any]:
    return {"pupil": {"first_name": "Tom", "animal": "fox"}, "day": DAY}


def older_pupil() -> dict[str, Any]:
    return {"pupil": {"first_name": "Lucas", "animal": "octopus"}}


def showcase() -> dict[str, Any]:
    stories = [
        (
            "Élémentaire Lakanal",
            "Les CE2 préparent leur visite à Narbo Via",
            "Une petite mosaïque par élève, exposée à la bibliothèque en janvier.",
            "classical-building",
        ),
        (
            "Maternelle Charles Perrault",
            "Un potager dans la cour",
            "Fèves, ail et laitues : les semis d’automne sont en terre.",
            "seedling",
        ),
        (
            "Élémentaire Arago",
            "Un nouveau pédibus le jeudi",
            "Départ à 8 h 05 devant les halles. Il reste quatre places.",
            "bicycle",
        ),
    ]
    return {
        "town": {"name": "Narbonne", "service": "Ville de Narbonne"},
        "showcase_nav": [
            {"label": label, "url": "#"} for label in ("Trouver une école", "Menus", "Inscriptions", "Actualités")
        ],
        "dates": DATES,
        "stories": stories,
    }


def coupons() -> dict[str, Any]:
    return {"coupons": COUPONS, "paper_choices": parts()["paper_choices"]}

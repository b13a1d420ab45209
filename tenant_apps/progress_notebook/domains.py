"""What a notebook of cycle 1 speaks of, and the lines of the summary at the end of nursery school.

Sources: programme of nursery schools (arrêté du 18 février 2015, as amended in 2021) for the five domains of an
observation; arrêté du 31 décembre 2015, annex, word for word, for the lines of the summary.
"""

from django.utils.translation import gettext_lazy as _

from tenant_apps.schools.models import Grade

GRADES = tuple(grade for grade in Grade.values if Grade(grade).cycle == 1)
LAST_GRADE = Grade.GS.value

DOMAINS = {
    "LANGUAGE": _("Mobiliser le langage dans toutes ses dimensions"),
    "PHYSICAL": _("Agir, s’exprimer, comprendre à travers l’activité physique"),
    "ARTS": _("Agir, s’exprimer, comprendre à travers les activités artistiques"),
    "MATHS": _("Acquérir les premiers outils mathématiques"),
    "WORLD": _("Explorer le monde"),
}
SHORT = {
    "LANGUAGE": _("Langage"),
    "PHYSICAL": _("Activité physique"),
    "ARTS": _("Activités artistiques"),
    "MATHS": _("Mathématiques"),
    "WORLD": _("Explorer le monde"),
}
# What children of these ages begin to succeed in: offered while one types, never imposed.
MILESTONES = {
    "LANGUAGE": (
        _("Prend la parole et se fait comprendre"),
        _("Dit de mémoire une comptine"),
        _("Raconte une histoire entendue"),
        _("Reconnaît son prénom écrit"),
        _("Écrit son prénom"),
    ),
    "PHYSICAL": (
        _("Court, saute, lance"),
        _("Traverse un parcours sans aide"),
        _("Joue avec les autres en suivant la règle"),
        _("Danse sur une musique"),
    ),
    "ARTS": (
        _("Dessine un bonhomme"),
        _("Réalise une composition et en parle"),
        _("Chante avec le groupe"),
        _("Frappe un rythme"),
    ),
    "MATHS": (
        _("Compte et montre une petite quantité"),
        _("Compare deux collections"),
        _("Continue une suite de formes"),
        _("Range du plus petit au plus grand"),
    ),
    "WORLD": (
        _("Se repère dans la journée"),
        _("Se repère dans l’école"),
        _("Observe et décrit un animal, une plante"),
        _("Découpe, colle, assemble"),
    ),
}

# Of the summary: the domain as the arrêté words it, then its lines, each with a code that never changes.
SUMMARY: dict[str, tuple[str, dict[str, str]]] = {
    "LANGUAGE": (
        "Mobiliser le langage dans toutes ses dimensions",
        {
            "ORAL": "Langage oral : communication, expression",
            "UNDERSTANDING": "Compréhension d’un message oral ou d’un texte lu par l’adulte",
            "WRITTEN": "Découverte de l’écrit ; relations entre l’oral et l’écrit",
            "HANDWRITING": "Geste graphique, écriture",
            "MEMORY": "Mémorisation, restitution de textes (comptines, poèmes…)",
        },
    ),
    "PHYSICAL": (
        "Agir, s’exprimer, comprendre à travers l’activité physique",
        {
            "MOVING": "Engagement, aisance et inventivité dans les actions ou déplacements",
            "COOPERATING": "Coopération, interactions avec respect des rôles de chacun",
        },
    ),
    "ARTS": (
        "Agir, s’exprimer, comprendre à travers les activités artistiques",
        {
            "VISUAL": "Engagement dans les activités, réalisation de productions personnelles : dessin, compositions "
            "graphiques, compositions plastiques",
            "SOUND": "Engagement dans les activités, réalisation de productions personnelles : voix, chants, "
            "pratiques rythmiques et corporelles",
        },
    ),
    "MATHS": (
        "Construire les premiers outils pour structurer sa pensée",
        {
            "USING_NUMBERS": "Utilisation des nombres",
            "NUMBERS": "Première compréhension du nombre",
            "COMPOSING": "Petits problèmes de composition et de décomposition de nombres (ex. : 3, c’est 2 et encore "
            "1 ; 1 et encore 2)",
            "SORTING": "Tris, classements, rangements, algorithmes",
        },
    ),
    "WORLD": (
        "Explorer le monde",
        {
            "TIME": "Temps : repérage, représentations, utilisation de mots de liaison (puis, pendant, avant, après…)",
            "SPACE": "Espace : repérage, représentations, utilisation des termes de position (devant, derrière, loin, "
            "près…)",
            "LIVING": "Premières connaissances sur le vivant (développement ; besoins…)",
            "OBJECTS": "Utilisation, fabrication et manipulation d’objets",
            "SAFETY": "Compréhension de règles de sécurité et d’hygiène",
        },
    ),
}
LINES = {code: name for _domain, lines in SUMMARY.values() for code, name in lines.items()}
# « Apprendre ensemble et vivre ensemble »: what the teacher observed, in words; the arrêté has no position there.
TOGETHER = {
    "ATTENTION": "Maintien de l’attention, persévérance dans une activité",
    "INSTRUCTIONS": "Prise en compte de consignes collectives",
    "TAKING_PART": "Participation aux activités, initiatives, coopération",
    "RULES": "Prise en compte des règles de la vie commune",
}

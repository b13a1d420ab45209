"""The layouts that the code ships: ONDE's, the list of teachers, our template for the town's staff, AAF 1D."""

from django.utils.translation import gettext_lazy as _

from shared_apps.layouts.shapes import Field, Layout

# In the order in which a person meets them.
KINDS = {
    "onde_pupils": _("élèves (ONDE)"),
    "onde_guardians": _("responsables (ONDE)"),
    "teachers": _("enseignants"),
    "town_staff": _("agents de la commune"),
    "aaf_structures": _("écoles (AAF 1D)"),
    "aaf_pupils": _("élèves (AAF 1D)"),
    "aaf_guardians": _("responsables (AAF 1D)"),
    "aaf_staff": _("personnels (AAF 1D)"),
}


def _need(name: str, *headers: str, repeats: bool = False) -> Field:
    return Field(name, headers, is_required=True, repeats=repeats)


def _may(name: str, *headers: str, repeats: bool = False) -> Field:
    return Field(name, headers, repeats=repeats)


# ONDE since 2017 (22 columns) and BE1D before (20): two names for the same things.
PUPILS = Layout(
    "onde_pupils",
    (
        _need("birth_name", "Nom élève", "Nom de famille élève"),
        _may("usage_name", "Nom d’usage élève"),
        _need("first_name", "Prénom élève"),
        _need("birth_date", "Date naissance", "Date de naissance", "Né(e) le"),
        _may("sex", "Sexe"),
        _may("ine", "INE"),
        _may("address", "Adresse1", "Adresse"),
        _may("postal_code", "Cp1", "Cp", "Code postal"),
        _may("city", "Commune1", "Commune", "Ville"),
        _need("grade", "Niveau"),
        _need("class_label", "Libellé classe", "Classe", "Classe ou regroupement"),
        _may("onde_id", "Identifiant classe"),
        _may("has_insurance", "Attestation fournie"),
        _may("has_photo_consent", "Autorisation photo", "Autorisations photos"),
    ),
    (
        "Pays1", "Adresse2", "Cp2", "Commune2", "Pays2", "Cycle", "Autorisation associations",
        "Autorisations associations", "Décision de passage", "Date inscription", "Deuxième prénom", "Troisième prénom",
        "Commune naissance", "Dépt naissance", "Pays naissance", "État",
    ),
)  # fmt: skip
GUARDIANS = Layout(
    "onde_guardians",
    (
        _may("civility", "Civilité Responsable"),
        _may("usage_name", "Nom usage responsable", "Nom d’usage responsable"),
        _need("birth_name", "Nom responsable"),
        _need("first_name", "Prénom responsable"),
        _may("address", "Adresse responsable", "Adresse"),
        _may("postal_code", "CP responsable", "CP", "Code postal"),
        _may("city", "Commune responsable", "Commune", "Ville"),
        _may("email", "Courriel", "Email"),
        _may("home_phone", "Téléphone domicile", "Téléphone"),
        _may("phone", "Téléphone portable"),
        _may("child.usage_name", "Nom d’usage enfant", "Nom usage enfant", "Nom d’usage élève", repeats=True),
        _need(
            "child.birth_name",
            "Nom de famille enfant",
            "Nom enfant",
            "Nom de famille élève",
            "Nom de l’élève",
            repeats=True,
        ),
        _may("child.first_name", "Prénom enfant", "Prénom de l’élève", repeats=True),
        _may("child.class_label", "Classes enfants", "Classes élèves", "Classes de l’élève", repeats=True),
    ),
    ("Pays", "Téléphone travail", "Numéro de poste", "PCS", "Communication adresses", "Date de naissance élève"),
)
TEACHERS = Layout(
    "teachers",
    (
        _may("civility", "Civilité"),
        _may("usage_name", "Nom usage", "Nom d’usage"),
        _need("birth_name", "Nom", "Nom de famille"),
        _need("first_name", "Prénom"),
        _may("email", "Courriel", "Email"),
        _need("is_head", "Directeur"),
        _need("class_label", "Classe", "Classes", "Libellé classe", "Classe ou regroupement", repeats=True),
    ),
    # Where a teacher lives and their own telephone are no business of a school's ENT: read by nobody.
    (
        "Adresse", "CP", "Code postal", "Commune", "Ville", "Pays", "Téléphone domicile", "Téléphone portable",
        "Présence devant élèves", "Fonction", "Statut", "Intervenant", "Regroupement(s)", "Date de naissance",
    ),
)  # fmt: skip
TOWN_STAFF = Layout(
    "town_staff",
    (
        _may("civility", "Civilité"),
        _need("birth_name", "Nom", "Nom de famille"),
        _may("usage_name", "Nom d’usage", "Nom usage"),
        _need("first_name", "Prénom"),
        _need("role", "Service", "Service ou fonction", "Fonction municipale"),
        _may("school", "École", "UAI"),
        _may("email", "Courriel", "Courriel professionnel", "Email"),
        _may("phone", "Téléphone", "Téléphone portable"),
        _may("starts_on", "Depuis le", "Début", "Date de début"),
        _may("ends_on", "Jusqu’au", "Fin", "Date de fin"),
    ),
)
AAF_STRUCTURES = Layout(
    "aaf_structures",
    (_need("key", "ENTStructureJointure"), _need("uai", "ENTStructureUAI"), _may("name", "ENTStructureNomCourant")),
    (
        "categorieStructure", "ENTStructureSIREN", "ENTStructureTypeStruct", "ENTStructureCodeTypeStruct",
        "ENTEcoleMinistereTutelle", "ENTEcoleCodeMinistereTutelle", "ENTEtablissementContrat", "ENTStructureAdresse",
        "ENTStructureBoitePostale", "ENTStructureCodePostal", "ENTStructureVille", "ENTStructureTelephone",
        "ENTStructureFax", "ENTStructureEmail", "ENTStructureMailSI", "ENTServAcAcademie", "ENTServAcCodeAcademie",
        "ENTEcoleSecteur", "ENTEcoleCirconscription", "ENTEcoleCommune", "ENTEcoleRPI",
    ),
)  # fmt: skip
AAF_PUPILS = Layout(
    "aaf_pupils",
    (
        _need("key", "ENTPersonJointure"),
        _need("usage_name", "ENTPersonNom"),
        _may("birth_name", "ENTPersonNomPatro"),
        _need("first_name", "ENTPersonPrenom"),
        _need("birth_date", "ENTPersonDateNaissance"),
        _may("sex", "ENTPersonCivilite"),
        _may("ine", "ENTEleveINE"),
        _need("structures", "ENTPersonStructRattach", repeats=True),
        _need("classes", "ENTPersonClasses", repeats=True),
        _need("grade", "ENTEleveNiveau"),
        _may("authorities", "ENTEleveAutoriteParentale", repeats=True),
    ),
    (
        "categoriePersonne", "ENTPersonAutresPrenoms", "ENTPersonMail", "ENTPersonGroupes", "ENTEleveCycle",
        "ENTEleveTypeClasse", "ENTEleveDateEntreeClasses", "ENTEleveDateSortieClasses",
        "ENTEleveDateEntreeStructRattach", "ENTEleveDateSortieStructRattach", "ENTEleveRestaurantScolaire",
        "ENTEleveTransport", "ENTEleveGarderieMatin", "ENTEleveGarderieSoir", "ENTEleveEtudesSurveillees",
    ),
)  # fmt: skip
AAF_GUARDIANS = Layout(
    "aaf_guardians",
    (
        _need("key", "ENTPersonJointure"),
        _need("usage_name", "ENTPersonNom"),
        _may("birth_name", "ENTPersonNomPatro"),
        _need("first_name", "ENTPersonPrenom"),
        _may("civility", "ENTPersonCivilite"),
        _may("home_phone", "ENTPersonTelPerso"),
        _may("phone", "ENTPersRelEleveTelMobile"),
        _may("email", "ENTPersonMail"),
        _may("address", "ENTPersonAdresse"),
        _may("postal_code", "ENTPersonCodePostal"),
        _may("city", "ENTPersonVille"),
        _may("pupils", "ENTPersRelEleveEleve", repeats=True),
    ),
    (
        "categoriePersonne", "ENTPersonAutresPrenoms", "ENTPersonDateNaissance", "ENTPersRelEleveTelPro",
        "ENTPersonPays", "ENTPersonAdresseDiffusion",
    ),
)  # fmt: skip
AAF_STAFF = Layout(
    "aaf_staff",
    (
        _need("key", "ENTPersonJointure"),
        _need("usage_name", "ENTPersonNom"),
        _may("birth_name", "ENTPersonNomPatro"),
        _need("first_name", "ENTPersonPrenom"),
        _may("civility", "ENTPersonCivilite"),
        _may("email", "ENTPersonMail"),
        _need("structures", "ENTPersonStructRattach", repeats=True),
        _may("functions", "ENTPersonFonctions", repeats=True),
        _may("headed", "ENTEnsFonctionDir", repeats=True),
        _may("is_teacher", "ENTPersonCategorieEnseignant"),
    ),
    (
        "categoriePersonne", "ENTPersonAutresPrenoms", "ENTPersonDateNaissance", "ENTEnsSpecialites",
        "ENTPersonStructRattachDate", "ENTPersonFonctionsDate", "ENTEnsFonctionDirDate",
        "ENTPersonCategorieEnseignantDate",
    ),
)  # fmt: skip
DEFAULTS = {
    layout.kind: layout
    for layout in (PUPILS, GUARDIANS, TEACHERS, TOWN_STAFF, AAF_STRUCTURES, AAF_PUPILS, AAF_GUARDIANS, AAF_STAFF)
}

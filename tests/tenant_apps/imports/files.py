"""Small ONDE files, written as ONDE writes them."""

from tenant_apps.imports.samples import CHILD_HEADERS, GUARDIAN_HEADERS, PUPIL_HEADERS

GRADES = ("CP", "CE1", "CE2", "CM1", "CM2")
SCHOOL_OF_300 = [(f"{grade} {letter}", [(grade, 25)]) for grade in GRADES for letter in "AB"]
SCHOOL_OF_300 += [("CM1-CM2 C", [("CM1", 25), ("CM2", 25)])]
SMALL_SCHOOL = [("CE1-CE2 Mme Vidal", [("CE1", 11), ("CE2", 12)]), ("CM2 M. Pujol", [("CM2", 14)])]
INES = {
    "Nom élève": "FERRER",
    "Prénom élève": "Inès",
    "Date naissance": "2018-03-14",
    "Sexe": "F",
    "INE": "000000001AA",
    "Adresse1": "12 rue de Blida",
    "Cp1": "11100",
    "Commune1": "NARBONNE",
    "Niveau": "CE2",
    "Libellé classe": "CE2 Mme Vidal",
    "Autorisation photo": "Oui",
}
SOPHIE = {
    "Civilité Responsable": "MME",
    "Nom responsable": "FERRER",
    "Prénom responsable": "Sophie",
    "Courriel": "sophie@example.org",
    "Téléphone portable": "0600000001",
    "Nom de famille enfant": "FERRER",
    "Prénom enfant": "Inès",
    "Classes enfants": "CE2 Mme Vidal",
}


def pupils(*rows: dict[str, str], headers: str = PUPIL_HEADERS, encoding: str = "iso-8859-1") -> bytes:
    return _write(headers, rows, encoding)


def guardians(*rows: dict[str, str], encoding: str = "iso-8859-1") -> bytes:
    return _write(GUARDIAN_HEADERS + CHILD_HEADERS, rows, encoding)


def _write(headers: str, rows: tuple[dict[str, str], ...], encoding: str) -> bytes:
    names = [name.strip() for name in headers.split(";")]
    lines = [headers, *(";".join(row.get(name, "") for name in names) for row in rows), ""]
    return "\r\n".join(lines).encode(encoding)

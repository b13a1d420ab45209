"""Deliveries of the académie's directory (AAF 1D), invented, as the académie writes them."""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

UAI = "0110427E"
HEAD = '<?xml version="1.0" encoding="ISO-8859-15"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n'
CATEGORY = {"EtabEducNat": "categorieStructure"}
Attributes = Mapping[str, str | list[str]]

SCHOOL: Attributes = {"ENTStructureJointure": "900", "ENTStructureUAI": UAI, "ENTStructureNomCourant": "LAKANAL"}
OTHER: Attributes = {"ENTStructureJointure": "901", "ENTStructureUAI": "0110429G"}
INES: Attributes = {
    "ENTPersonJointure": "1",
    "ENTEleveINE": "000000001AA",
    "ENTPersonNom": "FERRER",
    "ENTPersonPrenom": "Inès",
    "ENTPersonCivilite": "Mlle",
    "ENTPersonDateNaissance": "14/03/2018",
    "ENTPersonStructRattach": "900",
    "ENTPersonClasses": "900$CLASSE$-$9001$CE2 Mme Vidal",
    "ENTEleveNiveau": "CE2",
    "ENTEleveAutoriteParentale": ["101"],
}
TOM: Attributes = {
    **INES,
    "ENTPersonJointure": "2",
    "ENTPersonPrenom": "Tom",
    "ENTEleveINE": "",
    "ENTPersonCivilite": "M.",
}
SOPHIE: Attributes = {
    "ENTPersonJointure": "101",
    "ENTPersonNom": "FERRER",
    "ENTPersonPrenom": "Sophie",
    "ENTPersonNomPatro": "CABANEL",
    "ENTPersonCivilite": "Mme",
    "ENTPersonMail": "sophie@example.org",
    "ENTPersonAdresse": "1 rue Fictive$Bâtiment B",
    "ENTPersonCodePostal": "11100",
    "ENTPersonVille": "NARBONNE",
    "ENTPersRelEleveEleve": ["1"],
}
MARC: Attributes = {
    "ENTPersonJointure": "102",
    "ENTPersonNom": "FERRER",
    "ENTPersonPrenom": "Marc",
    "ENTPersonCivilite": "M.",
    "ENTPersRelEleveEleve": ["1"],
}
VIDAL: Attributes = {
    "ENTPersonJointure": "201",
    "ENTPersonNom": "VIDAL",
    "ENTPersonPrenom": "Claire",
    "ENTPersonMail": "claire.vidal@example.org",
    "ENTPersonStructRattach": "900",
    "ENTPersonFonctions": "900$ENS$ENSEIGNEMENT$ENS$ENSEIGNANT",
    "ENTPersonCategorieEnseignant": "O",
}


def record(category: str, attributes: Attributes, *, request: str = "addRequest") -> str:
    key = next(iter(attributes.values()))
    told = f'<attr name="{CATEGORY.get(category, "categoriePersonne")}"><value>{category}</value></attr>'
    body = f"<operationalAttributes>{told}</operationalAttributes><identifier><id>{key}</id></identifier>"
    lines = [_attribute(name, value, request) for name, value in attributes.items() if value]
    if request == "addRequest":
        body += f"<attributes>{''.join(lines)}</attributes>"
    elif request == "modifyRequest":
        body += f"<modifications>{''.join(lines[1:])}</modifications>"
    return f"<{request}>\n{body}\n</{request}>\n"


def _attribute(name: str, value: str | list[str], request: str) -> str:
    values = "".join(f"<value>{escape(text)}</value>" for text in ([value] if isinstance(value, str) else value))
    if request == "modifyRequest":
        return f'<modification name="{name}" operation="replace">{values}</modification>'
    return f'<attr name="{name}">{values}</attr>'


def page(*records: str, head: str = HEAD) -> bytes:
    return f"{head}<ficAlimMENESR>\n{''.join(records)}</ficAlimMENESR>\n".encode("iso-8859-15")


def pages(kind: str = "Complet", **records: list[str]) -> dict[str, bytes]:
    return {f"ENT_{UAI}_{kind}_20260901_{name}_0000.xml": page(*found) for name, found in records.items()}


def archive(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return content.getvalue()


def complete(
    *,
    pupils: tuple[Attributes, ...] = (INES, TOM),
    guardians: tuple[Attributes, ...] = (SOPHIE, MARC),
    staff: tuple[Attributes, ...] = (VIDAL,),
) -> bytes:
    return archive(
        pages(
            EtabEducNat=[record("EtabEducNat", SCHOOL), record("EtabEducNat", OTHER)],
            Eleve=[record("Eleve", pupil) for pupil in pupils],
            PersRelEleve=[record("PersRelEleve", guardian) for guardian in guardians],
            PersEducNat=[record("PersEducNat", person) for person in staff],
        )
    )


def delta(**records: list[str]) -> bytes:
    return archive(pages("Delta", EtabEducNat=[record("EtabEducNat", SCHOOL)], **records))

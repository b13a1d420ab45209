"""What the demo shows of the other files: a layout that the académie edited, the town's agents from their list, a
delivery of the académie's directory that waits for a head.
"""

from xml.sax.saxutils import escape

from core.csvs import csv_bytes
from core.tenancy import in_public
from shared_apps.accounts.models import StaffRole
from shared_apps.layouts import services as layouts
from shared_apps.layouts.defaults import DEFAULTS
from shared_apps.layouts.models import LayoutVersion
from tenant_apps.imports import services as imports
from tenant_apps.imports.models import ImportPlan
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.schools.models import School

Kind = ImportPlan.Kind
AGENTS = (
    ("Civilité", "Nom", "Prénom", "Service", "École", "Courriel", "Téléphone", "Depuis le", "Jusqu’au"),
    ("Mme", "GALINIER", "Solène", "ATSEM", "0110440U", "solene.galinier@example.org", "", "01/09/2025", ""),
    ("Mme", "BOUISSET", "Danielle", "ATSEM", "0110440U", "", "", "01/09/2019", ""),
    ("M.", "ESCANDE", "Kévin", "Restauration scolaire", "0110427E", "", "04 68 00 00 21", "01/09/2024", ""),
    ("Mme", "PAILHÈS", "Amandine", "Périscolaire", "0110427E", "", "", "01/09/2026", "30/06/2027"),
    ("M.", "LE GOFF", "Erwan", "Régie", "", "regie.scolaire@example.org", "", "", ""),
)
HEAD = '<?xml version="1.0" encoding="ISO-8859-15"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n'
FEW = 6  # children of the delivery


def seed_layout() -> None:
    """Once: as if ONDE 2 had renamed two columns."""
    with in_public():
        officer = StaffRole.objects.filter(role=StaffRole.Role.DEPLOYMENT).select_related("user").first()
        if officer is None or LayoutVersion.objects.exists():
            return
        fields = {field.name: list(field.headers) for field in DEFAULTS["onde_pupils"].fields}
        fields["birth_name"].append("Nom de naissance élève")
        fields["class_label"].append("Division")
        ignored = list(DEFAULTS["onde_pupils"].ignored)
        note = "ONDE 2, titres de l’essai de Normandie"
        layouts.write_version(actor=officer.user, kind="onde_pupils", headers=fields, ignored=ignored, note=note)
        layouts.publish(actor=officer.user, kind="onde_pupils", number=1)


def seed_town(uai: str) -> None:
    """Once: the agents are applied, the delivery waits for the head of this school."""
    school = School.objects.filter(uai=uai).first()
    if school is None or ImportPlan.objects.filter(kind__in=[Kind.TOWN_STAFF, Kind.AAF]).exists():
        return
    made = imports.make_plan(actor=None, school=None, file_name="agents-2026.csv", data=csv_bytes(AGENTS))
    imports.apply_plan(actor=None, plan=made)
    imports.make_plan(actor=None, school=school, file_name="ENT_Complet_0000.xml", data=delivery(school))


def delivery(school: School) -> bytes:
    """Some children of the school with their guardians as the directory knows them; one of the adults without the
    parental authority.
    """
    rows = [_record("EtabEducNat", "900", {"ENTStructureJointure": ["900"], "ENTStructureUAI": [school.uai]})]
    enrolled = (
        Enrollment.objects.on().filter(school_class__school=school).select_related("pupil__person", "school_class")
    )
    adults: dict[str, Guardianship] = {}
    for rank, enrollment in enumerate(enrolled.order_by("pk")[:FEW], start=1):
        links = list(
            enrollment.pupil.guardianships.current().select_related("guardian").order_by("contact_order", "pk")
        )
        adults |= {f"2{rank:03}{n}": link for n, link in enumerate(links)}
        holders = [f"2{rank:03}{n}" for n, _link in enumerate(links) if not (rank == 1 and n)]
        rows.append(_record("Eleve", f"1{rank:03}", _pupil(f"1{rank:03}", enrollment, holders)))
    for key, link in adults.items():
        rows.append(_record("PersRelEleve", key, _guardian(key, link)))
    staff = StaffAssignment.objects.on().filter(school=school, role="teacher").select_related("person").first()
    if staff is not None:
        facts = {"ENTPersonNom": [staff.person.last_name], "ENTPersonPrenom": [staff.person.first_name]}
        facts |= {"ENTPersonStructRattach": ["900"], "ENTPersonFonctions": ["900$ENS$ENSEIGNEMENT$ENS$ENSEIGNANT"]}
        rows.append(_record("PersEducNat", "3001", facts))
    text = f"{HEAD}<ficAlimMENESR>\n{''.join(rows)}</ficAlimMENESR>\n"
    return text.replace("’", "'").encode("iso-8859-15")


def _pupil(key: str, enrollment: Enrollment, holders: list[str]) -> dict[str, list[str]]:
    person, label = enrollment.pupil.person, enrollment.school_class.label
    return {
        "ENTPersonJointure": [key],
        "ENTEleveINE": [enrollment.pupil.ine or ""],
        "ENTPersonNom": [person.birth_name.upper()],
        "ENTPersonPrenom": [person.first_name],
        "ENTPersonDateNaissance": [person.birth_date.strftime("%d/%m/%Y") if person.birth_date else ""],
        "ENTPersonStructRattach": ["900"],
        "ENTPersonClasses": [f"900$CLASSE$-${enrollment.school_class_id}${label}"],
        "ENTEleveNiveau": [enrollment.grade],
        "ENTEleveAutoriteParentale": holders,
    }


def _guardian(key: str, link: Guardianship) -> dict[str, list[str]]:
    person = link.guardian
    return {
        "ENTPersonJointure": [key],
        "ENTPersonNom": [person.last_name.upper()],
        "ENTPersonNomPatro": [person.birth_name.upper()],
        "ENTPersonPrenom": [person.first_name],
        "ENTPersonMail": [person.email],
        "ENTPersRelEleveEleve": [f"1{key[1:4]}"],
    }


def _record(category: str, key: str, facts: dict[str, list[str]]) -> str:
    told = "categorieStructure" if category == "EtabEducNat" else "categoriePersonne"
    attributes = "".join(_attribute(name, values) for name, values in facts.items() if any(values))
    return (
        f"<addRequest><operationalAttributes>{_attribute(told, [category])}</operationalAttributes>"
        f"<identifier><id>{key}</id></identifier><attributes>{attributes}</attributes></addRequest>\n"
    )


def _attribute(name: str, values: list[str]) -> str:
    found = "".join(f"<value>{escape(value)}</value>" for value in values)
    return f'<attr name="{name}">{found}</attr>'

"""Two official files that wait for somebody's word: schools of the next rentrée, and a commune nouvelle."""

import csv
import io
from collections.abc import Callable

from django.utils import timezone

from core.tenancy import in_public
from provisioning.demo import academy, directory
from shared_apps.accounts.models import StaffRole
from shared_apps.reference import refreshing
from shared_apps.reference.loading import KINDS
from shared_apps.reference.models import ReferenceLoad, RefSchool
from shared_apps.reference.uai import check_letter

Row = dict[str, str]
OURS = {
    plan.uai for plan in (directory.LAKANAL, directory.ARAGO, directory.NURSERY, directory.MISTRAL, directory.MIQUEL)
}
NEW = "0119001"


def seed() -> None:
    """Safe to repeat: when a file was deposited once, nothing is added."""
    with in_public():
        if ReferenceLoad.objects.exists():
            return
        officer = academy.staff()[StaffRole.Role.DEPLOYMENT]
        for kind, file_name, change in (
            ("schools", "ecoles-rentree-prochaine.csv", _schools),
            ("communes", "communes-nouvelles.csv", _communes),
        ):
            facts = {"kind": kind, "file_name": file_name, "content": _changed(kind, change)}
            refreshing.propose(actor=officer, **facts)


def _changed(kind: str, change: Callable[[list[Row]], list[Row]]) -> bytes:
    """What was loaded, with some lines changed."""
    with KINDS[kind].path().open(encoding="utf-8", newline="") as file:
        rows = change(list(csv.DictReader(file)))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _schools(rows: list[Row]) -> list[Row]:
    """One closes, one takes a name, one opens, one has more pupils: none of those where the demo's people are."""
    others = [row for row in rows if row["code_departement"] == "11" and row["secteur"] == "public"]
    closed, renamed, grown = [row for row in others if row["uai"] not in OURS][:3]
    renamed["nom"] = "École élémentaire Gisèle-Halimi"
    grown["nombre_eleves"] = str(int(grown["nombre_eleves"] or 0) + 14)
    opened = grown | {"uai": NEW + check_letter(NEW), "nom": "École maternelle des Corbières", "type": "maternelle"}
    opened |= {"nombre_eleves": "52", "date_ouverture": f"{timezone.localdate().year + 1}-09-01"}
    return [*(row for row in rows if row is not closed), opened]


def _communes(rows: list[Row]) -> list[Row]:
    """One takes in its neighbour: neither has a school."""
    with_school = set(RefSchool.objects.order_by().values_list("commune_id", flat=True))
    without = [row for row in rows if row["code_departement"] == "11" and row["code_insee"] not in with_school]
    into, absorbed = without[:2]
    into["nom"] = "Val-des-Corbières"
    into["population"] = str(int(into["population"]) + int(absorbed["population"]))
    return [row for row in rows if row is not absorbed]

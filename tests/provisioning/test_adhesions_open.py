"""`adhesions load --open`: the communes of the file are born by the ordinary opening; without it, nothing is made."""

from io import StringIO

from django.core.management import call_command

from core.tenancy import in_public, in_schema
from provisioning.models import Opening
from shared_apps.onboarding.models import Case
from shared_apps.reference.models import RefSchool
from tenant_apps.schools.models import School
from tenants.models import Commune
from tests.provisioning.cases import calendar, reference

INSEE, UAI = "11069", "0110001A"


def told(tmp_path, *options: str) -> str:
    path, out = tmp_path / "adhesions.csv", StringIO()
    path.write_text(f"uai;date\n{UAI};2025-09-01\n")
    call_command("adhesions", "load", str(path), *options, stdout=out)
    return out.getvalue()


def test_communes_open_only_when_asked_and_once(provisioning_database, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with in_public():
        facts = {"name": "École Jean Jaurès", "sort_name": "ecole jean jaures", "kind": "primary", "sector": "public"}
        RefSchool.objects.create(uai=UAI, commune=reference(), **facts)
    calendar()
    told(tmp_path)
    with in_public():
        assert not Commune.objects.filter(insee=INSEE).exists()
        assert Case.objects.get(commune=INSEE).state == Case.State.SIGNED_BY_BOTH
    assert "Communes ouvertes : 1 ; refusées : 0" in told(tmp_path, "--open")
    with in_public():
        assert Commune.objects.get(insee=INSEE).state == Commune.State.OPEN
        assert Case.objects.get(commune=INSEE).state == Case.State.OPEN
        assert Opening.objects.get(insee=INSEE).state == Opening.State.READY
    with in_schema(f"c_{INSEE}"):
        assert list(School.objects.values_list("uai", flat=True)) == [UAI]
    assert "Communes ouvertes : 0 ; refusées : 0" in told(tmp_path, "--open")

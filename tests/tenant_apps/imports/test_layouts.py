"""A new layout of ONDE needs no code: the académie adds a header, the communes read it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import DomainError
from core.tenancy import in_public
from shared_apps.layouts import services as layouts
from shared_apps.layouts.current import published
from shared_apps.layouts.defaults import DEFAULTS
from tenant_apps.imports.models import ImportPlan
from tenant_apps.people.models import Pupil
from tests.shared_apps.onboarding import factories as academy
from tests.tenant_apps.imports import files
from tests.tenant_apps.imports.test_services import load, plan

pytestmark = pytest.mark.django_db
RENAMED = files.pupils(files.INES).decode("iso-8859-1").replace("Nom élève", "Patronyme").encode("iso-8859-1")


def publish(**changes: list[str]) -> None:
    with in_public():
        officer = academy.staff()
        headers = {f.name: list(f.headers) for f in DEFAULTS["onde_pupils"].fields} | changes
        layouts.write_version(actor=officer, kind="onde_pupils", headers=headers, ignored=[])
        layouts.publish(actor=officer, kind="onde_pupils", number=1)
    published.clear()


def test_a_renamed_header_is_refused_before_the_edit_and_read_after_it(head, school):
    with pytest.raises(DomainError, match="la colonne “Nom élève” manque"):
        plan(head, school, RENAMED)
    publish(birth_name=["Nom élève", "Patronyme"])
    load(head, school, RENAMED)
    assert Pupil.objects.get().person.birth_name == "Ferrer"


def test_messages_name_the_header_that_the_academie_wrote_first(head, school):
    publish(grade=["Palier", "Niveau"])
    with pytest.raises(DomainError, match="la colonne “Palier” manque"):
        plan(head, school, files.pupils(files.INES, headers="Nom élève;Prénom élève;Date naissance;Libellé classe"))


def test_columns_that_nobody_reads_are_kept_in_sight(browser_of, head, school):
    data = files.pupils(files.INES).replace(b"D\xe9cision de passage", b"Dispositif(s)")
    made = plan(head, school, data)
    assert made.unread_columns == ["Dispositif(s)"]
    page = browser_of("narbonne.localhost", user=head).get(made.get_absolute_url()).content.decode()
    assert "1 colonne du fichier n’est pas lue" in page
    assert "Dispositif(s)" in page


def test_a_head_associates_the_column_that_lacks_and_drops_the_file_again(browser_of, head, school):
    browser = browser_of("narbonne.localhost", user=head)

    def drop(**columns: str):
        upload = SimpleUploadedFile("export.csv", RENAMED, content_type="text/csv")
        return browser.post("/imports/", {"school": str(school.pk), "file": upload} | columns)

    refused = drop()
    assert refused.status_code == 422
    assert '<label class="fr-label" for="column-patronyme">Patronyme</label>' in refused.content.decode()
    assert "Associer à « Nom élève »" in refused.content.decode()
    drop(**{"column-patronyme": "nomeleve"})
    assert ImportPlan.objects.get().counts["created"] == 1


def test_a_column_that_comes_twice_is_refused(head, school):
    data = files.pupils(files.INES).replace(b"Nom d'usage \xe9l\xe8ve", b"Nom \xe9l\xe8ve")
    with pytest.raises(DomainError, match="“Nom élève” y est deux fois"):
        plan(head, school, data)

"""Each malformed file ends in a clear French report, and nothing of the commune changes."""

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tenant_apps.imports.models import ImportLine, ImportPlan
from tests.tenant_apps.imports.malformed import ATTACK, MALFORMED

pytestmark = pytest.mark.django_db
# What reading a page writes by itself: the session, and a plan whose lines are all rejected with its audit entry.
OWN = {"django_session", "imports_importplan", "imports_importline", "audit_entry"}


def digest() -> dict[str, str]:
    """table → what it holds."""
    found = {}
    everything = "SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM "
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name not in OWN:
                cursor.execute(f'{everything} "{name}" t')
                found[name] = cursor.fetchone()[0]
    return found


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_is_reported_in_french_and_changes_nothing(browser_of, head, school, name):
    data, why = MALFORMED[name]
    browser = browser_of("narbonne.localhost", user=head)
    browser.get("/imports/")
    before = digest()
    upload = SimpleUploadedFile("CSVExtraction.csv", data, content_type="text/csv")
    answer = browser.post("/imports/", {"school": str(school.pk), "file": upload})
    assert digest() == before
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    assert ATTACK.removeprefix("file://") not in words
    if ImportPlan.objects.exists():  # it could be read: then each of its lines is rejected, with its reason
        lines = list(ImportLine.objects.all())
        assert lines
        assert {line.status for line in lines} == {"rejected"}
        assert all(line.reason and line.number for line in lines)
        assert not why
        return
    assert answer.status_code == 422
    assert "Rien n’a été modifié." in words
    assert why in words


def test_there_are_more_than_thirty_of_them_and_no_two_alike():
    assert len({hashlib.sha256(data).hexdigest() for data, _why in MALFORMED.values()}) == len(MALFORMED) > 30

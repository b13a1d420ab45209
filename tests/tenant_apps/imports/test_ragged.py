"""Whatever the cells hold and however long the lines are: no crash, and every line is accounted for."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from tenant_apps.imports import services
from tenant_apps.imports.models import ImportLine
from tenant_apps.imports.samples import CHILD_HEADERS, GUARDIAN_HEADERS, PUPIL_HEADERS
from tests.tenant_apps.imports import files
from tests.tenant_apps.imports.test_services import load

pytestmark = pytest.mark.django_db
SIGNS = st.characters(codec="cp1252", exclude_characters=';"\r\n\0', exclude_categories=["Cc", "Co", "Cn"])
LIKELY = [
    "FERRER", "Inès", "2018-03-14", "14/05/2018", "F", "000000001AA", "000000002AB", "12 rue de Blida", "11100", "CE2",
    "CE2 Mme Vidal", "CM1", "Oui", "sophie@example.org", "0600000001", "", "",
]  # fmt: skip
CELLS = st.one_of(st.sampled_from(LIKELY), st.text(SIGNS, max_size=30))
NEEDED = {"Nom élève", "Prénom élève", "Date naissance", "Niveau", "Libellé classe"}
GENEROUS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def ragged(draw: st.DrawFn, headers: str) -> list[list[str]]:
    """Lines near to good ones (the cells of Inès in their place), then cut, lengthened or scrambled."""
    names = [name.strip() for name in headers.split(";")]
    good = [(files.INES | files.SOPHIE).get(name, "") for name in names]
    rows = []
    for _turn in range(draw(st.integers(1, 6))):
        row = [draw(CELLS) if draw(st.integers(0, 5)) == 0 else cell for cell in good]
        length = draw(st.integers(0, len(row) + 4))
        rows.append(row[:length] if length < len(row) else row + [draw(CELLS)] * (length - len(row)))
    return rows


def account_for(head, school, headers: str, rows: list[list[str]]) -> None:
    text = "\r\n".join([headers, *(";".join(row) for row in rows), ""])
    filled = sum(1 for row in rows if any(cell.strip() for cell in row))
    try:
        made = services.make_plan(actor=head, school=school, file_name="essai.csv", data=text.encode("utf-8"))
    except DomainError as refusal:
        assert refusal.message.endswith("Rien n’a été modifié.")
        return
    lines = list(made.lines.all())
    numbered = [line for line in lines if line.number is not None]
    assert len(numbered) == filled
    assert Counter(line.status for line in lines) == Counter(made.counts)
    assert all(line.reason for line in lines if line.status in {"rejected", "to_decide"})
    assert all(line.status == ImportLine.Status.LEFT for line in lines if line.number is None)
    services.apply_plan(actor=head, plan=made)


@GENEROUS
@given(rows=ragged(PUPIL_HEADERS))
def test_no_line_of_pupils_is_lost(head, school, rows):
    account_for(head, school, PUPIL_HEADERS, rows)


@GENEROUS
@given(rows=ragged(GUARDIAN_HEADERS + 2 * CHILD_HEADERS))
def test_no_line_of_guardians_is_lost(head, school, rows):
    if not school.classes.exists():
        load(head, school, files.pupils(files.INES))
    account_for(head, school, GUARDIAN_HEADERS + 2 * CHILD_HEADERS, rows)

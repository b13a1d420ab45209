"""The file of adhesions: what is refused and in which words, what is replaced, what is never touched."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from time_machine import travel

from shared_apps.audit.models import Entry
from shared_apps.onboarding import in_force, services
from shared_apps.onboarding.blocking import blocker
from shared_apps.onboarding.models import Case, CaseEvent, Convention
from shared_apps.onboarding.services.adhesions import WrongFileError, load_adhesions
from shared_apps.reference.models import RefSchool
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE

pytestmark = pytest.mark.django_db
FIRST, SECOND = "0110427E", "0110429G"  # two schools of Narbonne


def load(*lines: str):
    return load_adhesions(actor=None, data="\r\n".join(["uai;date", *lines, ""]).encode())


def refused(*lines: str) -> list[str]:
    with pytest.raises(WrongFileError) as caught:
        load(*lines)
    assert not Convention.objects.exists()
    return caught.value.errors


def joined(day=None) -> tuple[set[str], set[str]]:
    communes = {row["case__commune"] for row in in_force.joined_communes(day)}
    return communes, {row["school"] for row in in_force.joined_schools(day)}


def test_a_commune_joins_on_the_date_of_its_first_school(reference):
    load(f"{FIRST};2022-03-01", f"{SECOND};02/09/2021")
    [case] = Case.objects.with_convention()
    assert (case.state, case.state_since.isoformat()) == ("signed_both", "2021-09-02")
    convention = case.convention
    assert (convention.kind, convention.imported_on) == ("imported", timezone.localdate())
    assert convention.is_signed_by_both
    assert convention.in_force_on.isoformat() == "2021-09-02"
    assert joined() == ({NARBONNE}, {FIRST, SECOND})
    assert joined(case.state_since) == ({NARBONNE}, {SECOND})
    assert joined(case.state_since - timedelta(days=1)) == (set(), set())


def test_a_convention_of_before_waits_since_its_file_and_nobody_is_late(reference):
    load(f"{FIRST};2021-09-02")
    [case] = Case.objects.with_convention()
    today = timezone.localdate()
    with travel(timezone.now() + timedelta(days=90)):
        assert (blocker(case).since, blocker(case).is_late) == (today, False)
        case.imported_on = None
        assert (blocker(case).since, blocker(case).is_late) == (case.state_since, True)


def test_a_private_a_closed_and_a_future_school_are_refused_in_the_order_of_the_file(reference):
    RefSchool.objects.filter(uai=FIRST).update(sector="private")
    RefSchool.objects.filter(uai=SECOND).update(removed_on=timezone.localdate())
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    errors = refused(f"0110357D;{tomorrow}", f"{SECOND};2022-03-01", f"{FIRST};2022-03-01")
    assert [error[:7] for error in errors] == ["Ligne 2", "Ligne 3", "Ligne 4"]
    assert ["à venir" in errors[0], "est fermée" in errors[1], "école privée" in errors[2]] == [True] * 3


def test_a_repeated_line_is_told_and_changes_nothing(reference):
    report = load(f"{FIRST};2022-03-01", f"{FIRST};01/03/2022")
    assert (report.schools, report.repeated) == (1, 1)


def test_the_next_file_replaces_the_former_one(reference):
    load(f"{FIRST};2022-03-01", "0110357D;2022-03-01", "0110247J;2021-01-04")
    numbers = dict(Convention.objects.values_list("case__commune", "number"))
    report = load(f"{FIRST};2020-03-01", f"{SECOND};2022-03-01", "0110247J;2021-01-04")
    assert (report.changed, report.removed, report.added) == ([NARBONNE], [LEZIGNAN], [])
    assert set(Case.objects.values_list("commune", flat=True)) == {NARBONNE, COURSAN}
    assert Case.objects.get(commune=NARBONNE).state_since.isoformat() == "2020-03-01"
    assert joined()[1] == {FIRST, SECOND, "0110247J"}
    assert dict(Convention.objects.values_list("case__commune", "number")).items() <= numbers.items()


def test_the_same_file_twice_writes_nothing_not_even_in_the_audit(reference):
    load(f"{FIRST};2022-03-01")
    entries = Entry.objects.count()
    assert load(f"{FIRST};2022-03-01").is_empty
    assert Entry.objects.count() == entries


def test_a_convention_of_the_platform_is_never_touched(officer):
    factories.signed_by_both(officer, NARBONNE, schools=[SECOND])
    before = list(Convention.objects.values()), list(Case.objects.values())
    report = load(f"{FIRST};2022-03-01")
    assert before == (list(Convention.objects.values()), list(Case.objects.values()))
    assert [insee for insee, _why in report.kept] == [NARBONNE]
    assert joined()[1] == {SECOND}


def test_a_case_begun_here_keeps_its_state_and_its_history_counts(officer):
    factories.contacted(officer, NARBONNE)
    load(f"{FIRST};2022-03-01")
    assert Case.objects.get().state == "contacted"
    assert joined() == ({NARBONNE}, {FIRST})
    load("0110357D;2022-03-01")
    assert Case.objects.get(commune=NARBONNE).state == "contacted"
    assert joined()[0] == {LEZIGNAN}


def test_an_imported_case_that_was_worked_on_stays_as_a_prospect(officer):
    load(f"{FIRST};2022-03-01", "0110357D;2022-03-01")
    case = Case.objects.get(commune=NARBONNE)
    services.save_contact(actor=officer, case=case, role="mayor", first_name="Ana", last_name="Roca")
    load("0110357D;2022-03-01")
    case.refresh_from_db()
    assert (case.state, case.convention) == ("prospect", None)


def test_a_commune_opened_since_is_kept_and_told(officer):
    load(f"{FIRST};2022-03-01", "0110357D;2022-03-01")
    services.mark_provisioning(actor=officer, insee=NARBONNE)
    services.mark_open(actor=officer, insee=NARBONNE)
    report = load("0110357D;2022-03-01")
    assert [insee for insee, _why in report.kept] == [NARBONNE]
    assert joined()[0] == {NARBONNE, LEZIGNAN}


def test_an_imported_convention_is_what_an_opening_reads(reference):
    load(f"{FIRST};2022-03-01")
    facts = services.facts_for_opening(NARBONNE)
    assert facts.uais == (FIRST,)
    assert facts.in_force_on.isoformat() == "2022-03-01"


def test_the_command_says_what_it_did_and_what_it_refused(officer, tmp_path):
    path, told = tmp_path / "a.csv", StringIO()
    factories.signed_by_both(officer, COURSAN)
    path.write_text(f"uai;date\n{FIRST};2022-03-01\n{FIRST};2022-03-01\n0110247J;2022-03-01\n")
    call_command("adhesions", "load", str(path), stdout=told)
    assert "Dans le fichier : écoles 2, communes 2." in told.getvalue()
    assert "1 ligne répétée" in told.getvalue()
    assert "11106 Coursan a une convention conclue sur la plateforme" in told.getvalue()
    path.write_text("uai;date\nx;2022-03-01\n")
    with pytest.raises(CommandError, match=r"a\.csv : rien n’a été modifié\.\n  Ligne 2 : "):
        call_command("adhesions", "load", str(path))
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("adhesions", "load", str(tmp_path / "none.csv"))


def test_an_end_that_was_renewed_leaves_no_gap_and_a_later_end_counts_from_its_day(officer):
    case = factories.signed_by_both(officer, NARBONNE)
    expired, ended = factories.days_ago(15), factories.days_ago(5)
    for state, day in (("open", 19), ("expired", 15), ("open", 10), ("terminated", 5), ("archived", 1)):
        CaseEvent.objects.create(case=case, state=state, on=factories.days_ago(day))
    Case.objects.update(state="archived", state_since=factories.days_ago(1))
    assert joined(expired)[0] == joined(ended - timedelta(days=1))[0] == {NARBONNE}
    assert joined(ended)[0] == joined()[0] == set()


def test_a_convention_counts_from_its_first_day_when_it_is_later_than_the_signatures(officer):
    factories.signed_by_both(officer, NARBONNE)
    tomorrow = timezone.localdate() + timedelta(days=1)
    Convention.objects.update(starts_on=tomorrow)
    assert joined()[0] == set()
    assert joined(tomorrow)[0] == {NARBONNE}

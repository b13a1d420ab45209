"""The invented files look like those of a school, and like nobody."""

from collections import Counter

import pytest

from tenant_apps.imports import reading
from tenant_apps.imports.kinds import parse, recognise
from tenant_apps.imports.samples import make_onde
from tests.tenant_apps.imports import files


def rows_of(data: bytes):
    table = reading.read(data)
    return parse(table, recognise(table))


def test_one_seed_gives_the_same_bytes_and_two_seeds_never_the_same_child():
    assert make_onde(files.SMALL_SCHOOL, seed=1) == make_onde(files.SMALL_SCHOOL, seed=1)
    ines = [
        row.data["ine"] for seed in (1, 2, 1001, 100_001) for row in rows_of(make_onde(files.SMALL_SCHOOL, seed).pupils)
    ]
    known = [ine for ine in ines if ine]
    assert len(set(known)) == len(known)
    assert len(ines) - len(known) == 4  # one child without INE in each file


@pytest.mark.parametrize("seed", range(1, 12))
def test_a_school_has_what_schools_have(seed):
    sample = make_onde(files.SCHOOL_OF_300, seed=seed)
    pupils, adults = rows_of(sample.pupils), rows_of(sample.guardians)
    assert not any(row.is_bad for row in [*pupils, *adults])
    assert len(pupils) == 300
    homes = Counter((row.data["birth_name"], row.data["address"]) for row in pupils)
    born = Counter((row.data["birth_name"], row.data["address"], row.data["birth_date"]) for row in pupils)
    assert max(homes.values()) >= 3  # brothers and sisters
    assert max(born.values()) >= 2  # twins
    assert any("’" in row.data["birth_name"] for row in pupils)
    assert any(len(row.data["birth_name"]) > 35 for row in pupils)
    assert any(row.data["usage_name"] for row in adults)
    assert any(len(row.data["children"]) > 1 for row in adults)
    named = {(child["birth_name"], child["first_name"]) for row in adults for child in row.data["children"]}
    assert len(named) > 280  # every child has an adult, homonyms put aside
    mails = [row.data["email"] for row in adults if row.data["email"]]
    assert 0.6 < len(mails) / len(adults) < 0.8
    assert all(mail.endswith("@example.org") for mail in mails)

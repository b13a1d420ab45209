"""The sentences of the press release, from a file of adhesions; counted again from the CSV files, with plain Python."""

import json
import random
from collections import defaultdict
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from provisioning.demo.adhesions import TARGETS, as_file, scenario
from shared_apps.onboarding.models import Case, Convention
from shared_apps.reference import loading
from tests.shared_apps.onboarding import factories
from tests.shared_apps.reference import official
from tests.shared_apps.statistics.recount import recounted

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def files(settings, tmp_path):
    settings.REFERENCE_DIR = official.folder(tmp_path)
    loading.load_all()
    return settings.REFERENCE_DIR


def rows_of(files) -> list[dict[str, str]]:
    return official.rows(files / official.SCHOOLS)


def load(tmp_path, pairs, **options: Any) -> str:
    path = tmp_path / "adhesions.csv"
    path.write_bytes(as_file(pairs))
    told = StringIO()
    call_command("adhesions", "load", str(path), stdout=told, **options)
    return told.getvalue()


def exported(**options: Any) -> dict[str, Any]:
    told = StringIO()
    call_command("statistics", "export", "--format", "json", stdout=told, **options)
    return json.loads(told.getvalue())


def test_the_sentences_of_the_press_release(files, tmp_path):
    pairs = scenario(rows_of(files), TODAY)
    load(tmp_path, pairs)
    said = exported()
    assert said == recounted(rows_of(files), pairs, date.max)
    whole, aude = said["academie"], said["departements"]["11"]
    assert (whole["communes_joined"], whole["public_schools_joined"]) == (384, 612)
    assert (aude["communes_joined"], aude["public_schools_joined"]) == (67, 95)
    if official.is_there():
        assert (whole["communes_with_public_school"], whole["public_schools"]) == (964, 1852)
        assert (whole["communes_rate"], whole["public_schools_rate"]) == (39.8, 33.0)
        assert (aude["communes_with_public_school"], aude["public_schools"]) == (234, 340)
        assert (aude["communes_rate"], aude["public_schools_rate"]) == (28.6, 27.9)


@pytest.mark.parametrize("draw", range(3))
def test_any_other_file_gives_its_own_figures_on_any_day(files, tmp_path, draw):
    dice = random.Random(draw)
    public = [row["uai"] for row in rows_of(files) if row["secteur"] == "public"]
    for _time in range(2):  # the second file replaces the first
        chosen = dice.sample(public, dice.randint(1, len(public)))
        pairs = [(uai, TODAY - timedelta(days=dice.randint(0, 2000))) for uai in chosen]
        load(tmp_path, pairs)
        for day in (TODAY, TODAY - timedelta(days=dice.randint(0, 2100))):
            assert exported(on=day) == recounted(rows_of(files), pairs, day)


def test_a_file_loaded_twice_changes_nothing(files, tmp_path):
    pairs = scenario(rows_of(files), TODAY)
    load(tmp_path, pairs)
    before = list(Convention.objects.order_by("pk").values()), list(Case.objects.order_by("pk").values())
    assert "Communes ajoutées : 0 ; modifiées : 0 ; retirées : 0" in load(tmp_path, pairs)
    assert before == (list(Convention.objects.order_by("pk").values()), list(Case.objects.order_by("pk").values()))


def test_the_number_of_queries_does_not_grow_with_the_file(files, tmp_path, django_assert_max_num_queries):
    pairs = scenario(rows_of(files), TODAY)
    with django_assert_max_num_queries(60):
        load(tmp_path, pairs)
    with django_assert_max_num_queries(8):
        exported()


def test_no_commune_is_opened_unless_asked(files, tmp_path):
    load(tmp_path, scenario(rows_of(files), TODAY))
    assert set(Case.objects.values_list("state", flat=True)) == {"signed_both"}


def test_the_draw_holds_what_it_promises(files):
    schools = {row["uai"]: row for row in rows_of(files)}
    found = defaultdict(lambda: (set(), set()))
    for uai, _day in scenario(schools.values(), TODAY):
        found[schools[uai]["code_departement"]][0].add(schools[uai]["code_insee"])
        found[schools[uai]["code_departement"]][1].add(uai)
    if official.is_there():
        assert {code: tuple(map(len, pair)) for code, pair in found.items()} == TARGETS


def test_the_communes_of_the_demo_count_only_if_they_are_in_the_file(files, tmp_path):
    public = [row for row in rows_of(files) if row["secteur"] == "public"]
    inside = next(row for row in public if row["code_departement"] == "11")
    outside = next(row for row in public if row["code_departement"] == "66")
    factories.signed_by_both(factories.staff(), inside["code_insee"])
    Case.objects.update(is_demo=True)
    assert exported()["academie"]["communes_joined"] == 1  # no file yet
    load(tmp_path, [(outside["uai"], TODAY)])
    assert exported()["departements"]["11"]["public_schools_joined"] == 0
    load(tmp_path, [(inside["uai"], TODAY), (outside["uai"], TODAY)])
    assert exported()["departements"]["11"]["public_schools_joined"] == 1


def test_a_commune_that_the_demo_shows_as_ended_counts_when_the_file_says_so(files, tmp_path):
    school = next(row for row in rows_of(files) if row["secteur"] == "public")
    factories.signed_by_both(factories.staff(), school["code_insee"])
    Case.objects.update(state="archived", state_since=TODAY - timedelta(days=9))
    assert exported()["academie"]["communes_joined"] == 0
    Case.objects.update(is_demo=True)
    load(tmp_path, [(school["uai"], TODAY - timedelta(days=30))])
    assert exported()["academie"]["communes_joined"] == 1


def test_a_bad_day_is_refused(db):
    with pytest.raises(CommandError, match="AAAA-MM-JJ"):
        call_command("statistics", "export", "--on", "20/11/2026")

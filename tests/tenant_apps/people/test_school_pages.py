"""The week of a school and its classes, as its head writes them."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_free_week_says_its_half_days(made, browse):
    path = f"/ecole/{made.schools['Lakanal'].pk}/semaine/"
    typed = {"pattern": "free", "1am": "on", "1am_from": "08:30", "1am_to": "11:30", "3pm": "on"}
    assert "enregistrée" in browse("Martine").post(path, typed, follow=True).text
    made.schools["Lakanal"].refresh_from_db()
    assert made.schools["Lakanal"].week_table == {"1": {"am": ["08:30", "11:30"]}, "3": {"pm": []}}
    assert [made.schools["Lakanal"].is_open_on(day) for day in range(1, 8)] == [True, False, True, *[False] * 4]
    browse("Martine").post(path, {"pattern": "nine_half_days"})
    made.schools["Lakanal"].refresh_from_db()
    assert made.schools["Lakanal"].week_table == {}
    assert made.schools["Lakanal"].is_open_on(3)


def test_each_hour_of_the_week_has_a_label_and_says_what_is_wrong_beside_it(made, browse):
    path = f"/ecole/{made.schools['Lakanal'].pk}/semaine/"
    page = browse("Martine").post(path, {"pattern": "free", "1am": "on", "1am_from": "11:00"}).text
    fields = [f"id_{day}{half}{edge}" for day in range(1, 7) for half in ("am", "pm") for edge in ("", "_from", "_to")]
    assert [page.count(f'<label for="{field}"') + page.count(f'" for="{field}"') for field in fields] == [1] * 36
    assert page.count('id="id_1am_to_error"') == page.count('aria-describedby="id_1am_to_error"') == 1


@pytest.mark.parametrize("typed", [{"pattern": "free"}, {"pattern": "free", "1am": "on", "1am_from": "11:00"}])
def test_a_week_that_makes_no_sense_changes_nothing(made, browse, typed):
    path = f"/ecole/{made.schools['Lakanal'].pk}/semaine/"
    assert browse("Martine").post(path, typed).status_code == 422
    made.schools["Lakanal"].refresh_from_db()
    assert made.schools["Lakanal"].week_pattern == "eight_half_days"


def test_a_class_is_opened_and_renamed_by_its_head(made, browse):
    browser = browse("Martine")
    browser.post(f"/ecole/{made.schools['Lakanal'].pk}/classes/ajouter/", {"label": "CP  Mme Roig"})
    assert made.schools["Lakanal"].classes.filter(label="CP Mme Roig").exists()
    answer = browser.post(f"/classes/{made.classes['CM1'].pk}/nom/", {"label": "CE2"})
    assert "déjà une classe de ce nom" in answer.text
    browser.post(f"/classes/{made.classes['CM1'].pk}/nom/", {"label": "CM1 M. Pujol"})
    made.classes["CM1"].refresh_from_db()
    assert made.classes["CM1"].label == "CM1 M. Pujol"

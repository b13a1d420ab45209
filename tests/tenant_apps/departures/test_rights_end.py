"""Who has a right, and when the last one ends."""

from datetime import date, timedelta

import pytest

from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.people.rights_end import without_right
from tests.tenant_apps.people.factories import add_guardian, assign, person

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 15)


def end(made, pupil, day):
    Enrollment.objects.filter(pupil=made.pupils[pupil]).update(ends_on=day)


def gone(made, day=TODAY):
    names = {one.pk: name for name, one in made.people.items()}
    return {names[pk]: since for pk, since in without_right(day).items() if pk in names}


def test_everybody_with_a_relation_of_the_day_has_a_right(made):
    assert gone(made) == {}


def test_a_pupil_without_enrolment_has_none_since_the_first_day_without(made):
    end(made, "Noé", TODAY)
    assert gone(made) == {"Noé": TODAY, "Laure": TODAY}


def test_a_sibling_keeps_the_guardian_and_not_the_child(made):
    end(made, "Inès", TODAY)
    assert gone(made) == {"Inès": TODAY, "Karim": TODAY}


def test_an_end_to_come_is_a_right_until_then(made):
    end(made, "Noé", TODAY + timedelta(days=1))
    assert gone(made) == {}
    assert set(gone(made, TODAY + timedelta(days=1))) == {"Noé", "Laure"}


def test_an_enrolment_to_come_is_a_right_already(made):
    end(made, "Noé", TODAY)
    Enrollment.objects.create(
        pupil=made.pupils["Noé"], school_class=made.classes["CM2"], grade="CM2", starts_on=date(2027, 9, 1)
    )
    assert gone(made) == {}


def test_a_charge_that_ended_is_none(made):
    Guardianship.objects.filter(guardian=made.people["Laure"]).update(ended_on=date(2027, 3, 1))
    assert gone(made) == {"Laure": date(2027, 3, 1)}


def test_the_charge_lasts_no_longer_than_the_link_or_the_enrolment(made):
    Guardianship.objects.filter(guardian=made.people["Laure"]).update(ended_on=date(2027, 3, 10))
    end(made, "Noé", date(2027, 3, 5))
    assert gone(made)["Laure"] == date(2027, 3, 5)


def test_a_function_that_ended_is_none_and_another_one_keeps(made):
    StaffAssignment.objects.filter(person=made.people["Claire"]).update(ends_on=date(2027, 3, 1))
    assert gone(made) == {"Claire": date(2027, 3, 1)}
    add_guardian(made, "Autre", "Essai", ("Noé",))
    Guardianship.objects.create(pupil=made.pupils["Noé"], guardian=made.people["Claire"])
    assert gone(made) == {}


def test_who_never_had_one_counts_from_their_arrival(made):
    made.people["Personne"] = person("Personne", "Sans Lien")
    assert gone(made) == {"Personne": TODAY}


def test_who_comes_back_has_one(made):
    end(made, "Noé", date(2027, 3, 1))
    assign(made, "Laure", "elected")
    assert gone(made) == {"Noé": date(2027, 3, 1)}

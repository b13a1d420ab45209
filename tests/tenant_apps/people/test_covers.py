import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.people.covers import COVERS, free_cover, separate_siblings
from tenant_apps.people.models import Pupil
from tests.tenant_apps.people.factories import add_guardian, add_pupil


@given(st.sets(st.sampled_from(COVERS)), st.integers(min_value=0))
def test_a_free_cover_is_one_of_six_and_taken_by_nobody_while_one_is_left(taken, seed):
    found = free_cover(taken, seed)
    assert found in COVERS
    assert found not in taken or taken == set(COVERS)


@pytest.mark.django_db
def test_siblings_get_different_covers_and_the_first_keeps_its_own(made):
    assert separate_siblings([made.pupils["Inès"].pk, made.pupils["Tom"].pk]) == 1
    assert Pupil.objects.get(pk=made.pupils["Inès"].pk).cover == 1
    assert Pupil.objects.get(pk=made.pupils["Tom"].pk).cover != 1
    assert separate_siblings([made.pupils["Inès"].pk, made.pupils["Tom"].pk]) == 0


@pytest.mark.django_db
def test_a_child_not_named_keeps_its_cover(made):
    Pupil.objects.update(cover=3)
    separate_siblings([made.pupils["Inès"].pk])
    assert Pupil.objects.get(pk=made.pupils["Tom"].pk).cover == 3
    assert Pupil.objects.get(pk=made.pupils["Inès"].pk).cover != 3


@pytest.mark.django_db
def test_six_siblings_have_six_covers_and_a_seventh_shares_one(made):
    children = ["Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg"]
    for child in children:
        add_pupil(made, child, "Nombreux", "CE2")
    add_guardian(made, "Mère", "Nombreux", tuple(children))
    keys = [made.pupils[child].pk for child in children]
    separate_siblings(keys)
    assert len(set(Pupil.objects.filter(pk__in=keys).values_list("cover", flat=True))) == 6

"""In French zero is singular: the catalogue carries each plural."""

from django.utils.translation import ngettext


def test_zero_is_singular():
    assert ngettext("%(n)s élève", "%(n)s élèves", 0) % {"n": 0} == "0 élève"
    assert ngettext("%(n)s élève", "%(n)s élèves", 2) % {"n": 2} == "2 élèves"

"""What is read of a sign-in without its form is what its form would read."""

import pytest
from django.http import QueryDict

from core.text import fold
from shared_apps.accounts.forms import LONGEST_IDENTIFIER, LONGEST_PASSWORD, SignInForm, typed_of

NAMES = [
    *("", " ", "sophie.ferrer", "  Sophie.FERRER\n", "Zoé Æ", "\0", "a\0b", "ﬁn", "\u3000x"),
    *(
        "a" * LONGEST_IDENTIFIER,
        " " + "a" * LONGEST_IDENTIFIER,
        "a" * (LONGEST_IDENTIFIER + 1),
        "ß" * LONGEST_IDENTIFIER,
    ),
]
PASSWORDS = ["", " ", "x", " deux mots ", "a\0b", "é" * LONGEST_PASSWORD, "é" * (LONGEST_PASSWORD + 1)]


@pytest.mark.parametrize("identifier", [None, *NAMES])
@pytest.mark.parametrize("password", [None, *PASSWORDS])
def test_both_read_the_same(identifier, password):
    data = QueryDict(mutable=True)
    for name, value in (("identifier", identifier), ("password", password)):
        if value is not None:
            data.setlist(name, ["before", value])  # the last one counts
    form, typed = SignInForm(data), typed_of(data)
    assert form.is_valid() == (typed is not None)
    if typed is not None:
        read = form.cleaned_data
        assert typed == (fold(read["identifier"]).strip(), read["password"])

"""The token of a page is one that Django accepts, new at each page, of any character."""

from collections import Counter

from django.middleware.csrf import CSRF_ALLOWED_CHARS, _does_token_match, get_token
from django.template import engines
from django.test import RequestFactory

from core.csrf import drawn, token


def of_a_page(request):
    return engines["django"].from_string("{% csrf_token %}{{ csrf_token }}").render({}, request)[-64:]


def test_it_is_accepted_and_never_twice_the_same():
    request = RequestFactory().get("/")
    first = get_token(request)
    tokens = {of_a_page(request) for _page in range(20)}
    assert len(tokens) == 20
    assert all(_does_token_match(found, request.META["CSRF_COOKIE"]) for found in {*tokens, first})
    assert not any(_does_token_match(found, "a" * 32) for found in tokens)


def test_a_browser_without_a_secret_gets_one():
    request = RequestFactory().get("/")
    assert _does_token_match(str(token(request)["csrf_token"]), request.META["CSRF_COOKIE"])
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]


def test_a_page_without_a_form_gives_no_cookie():
    request = RequestFactory().get("/")
    engines["django"].from_string("{{ 1 }}").render({}, request)
    assert "CSRF_COOKIE" not in request.META


def test_every_character_is_drawn_as_often():
    seen = Counter("".join(drawn() for _draw in range(2000)))
    assert set(seen) == set(CSRF_ALLOWED_CHARS)
    expected = 2000 * 32 / len(CSRF_ALLOWED_CHARS)
    assert all(abs(count - expected) < 6 * expected**0.5 for count in seen.values())

"""Routes found by the first word of a path are those that Django finds one after the other."""

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, include, path, re_path
from django.urls.resolvers import RegexPattern

from core.routes import by_first_word


def view(request):
    """Never called."""


INNER = [path("", view, name="first"), path("ecrire/", view, name="write"), path("<uuid:pk>/", view, name="read")]
ROUTES = [
    path("", include([path("", view, name="home"), path("sw.js", view, name="worker")])),
    path("messages/signales/", include([path("", view, name="reported")])),
    path("messages/", include((INNER, "messages"), namespace="messages")),
    path("", include([path("mots/", view, name="notes"), path("mots/<int:pk>/", view, name="note")])),
    path("plan", include([path("s/", view, name="plans"), path("/", view, name="plan")])),
    path("<slug:town>/carte/", view, name="map"),
    re_path(r"^(?:mots|autres)/de/$", view, name="words"),
    path("mots/de/", view, name="never"),
]


def found(routes, asked):
    try:
        match = URLResolver(RegexPattern(r"^/"), routes).resolve(asked)
    except Resolver404:
        return None
    return match.view_name, match.kwargs, match.args, match.route, match.app_names, match.namespaces


@pytest.mark.parametrize(
    "asked",
    [
        *("/", "/sw.js", "/sw.js/", "/messages/", "/messages", "/messages/ecrire/", "/messages/signales/", "/mots/"),
        *("/messages/0190c5e8-0000-7000-8000-000000000000/", "/mots/12/", "/mots/x/", "/plans/", "/plan/", "/plan"),
        *("/narbonne/carte/", "/messages/carte/", "/autres/de/", "/mots/de/", "/autres/", "//", "/é/", "/messages//"),
    ],
)
def test_a_path_leads_where_it_did(asked):
    fork = by_first_word(ROUTES)
    assert [found(fork, asked) for _turn in range(2)] == [found(ROUTES, asked)] * 2


def test_only_paths_that_are_a_route_are_remembered():
    (fork,) = by_first_word(ROUTES)
    for asked in ("", "mots/", "mots/1/", "mots/2/", "narbonne/carte/", "autres/de/", "inconnu/", "messages/ecrire/"):
        found([fork], f"/{asked}")
    assert set(fork._plain) == {"", "mots/", "messages/ecrire/"}


@pytest.mark.parametrize("site", ["tenant", "public"])
def test_no_page_of_ours_is_tried_on_all_routes(site):
    """A route that begins by anything, or by an expression, would be tried for every path."""
    from importlib import import_module

    (fork,) = import_module(f"config.urls.{site}").urlpatterns
    assert len(fork.url_patterns) > 15
    assert [route for route, words in fork._begun if words is None] == []
    assert all(isinstance(route, URLPattern | URLResolver) for route in fork.url_patterns)

"""The routes of a site, found by the first word of a path.

Django tries them one after the other: a hundred for a page of the last room. All may stand in one list as usual,
`urlpatterns = by_first_word(urlpatterns)` at its end.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from django.urls import ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

Routes = Sequence[URLPattern | URLResolver]


def by_first_word(routes: Routes) -> list[URLResolver]:
    return [_Fork(RoutePattern(""), list(routes))]


class _Fork(URLResolver):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._plain: dict[str, ResolverMatch] = {}  # of routes without arguments: a path each, and as many as they are

    def resolve(self, path: str) -> ResolverMatch:
        found = self._plain.get(path)
        if found is None:
            word = str(path).partition("/")[0]
            found = self._doors.get(word, self._otherwise).resolve(path)
            if found.route == path:
                self._plain[path] = found
        return found

    @cached_property
    def _doors(self) -> dict[str, URLResolver]:
        words = {word for _route, found in self._begun for word in found or ()}
        return {word: self._those(word) for word in words}

    @cached_property
    def _otherwise(self) -> URLResolver:
        return self._those(None)

    @cached_property
    def _begun(self) -> list[tuple[URLPattern | URLResolver, set[str] | None]]:
        return [(route, _words_of(route)) for route in self.url_patterns]

    def _those(self, word: str | None) -> URLResolver:
        """In their order: the first that matches wins."""
        routes = [route for route, found in self._begun if found is None or word in found]
        return URLResolver(RoutePattern(""), routes)


def _words_of(route: URLPattern | URLResolver) -> set[str] | None:
    """First words of the paths that it may match; None when these can't be listed."""
    words: set[str] = set()
    for found in _begins(route):
        if found is None:
            return None
        words.add(found)
    return words


def _begins(route: URLPattern | URLResolver) -> Iterator[str | None]:
    said = route.pattern
    if not isinstance(said, RoutePattern):
        yield None
        return
    word, slash, _rest = str(said).partition("/")
    if not str(said) and isinstance(route, URLResolver):
        for inner in route.url_patterns:
            yield from _begins(inner)
    elif "<" in word or not (slash or isinstance(route, URLPattern)):  # « plan » may begin « plans »
        yield None
    else:
        yield word

"""Every route of a URL configuration, found by walking its resolvers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    name: str
    view: Callable

    @property
    def is_public(self) -> bool:
        """`LoginRequiredMiddleware` asks everybody to sign in but on views that say so."""
        return not getattr(self.view, "login_required", True)


def routes(urlconf: str) -> list[Route]:
    return list(_walk(get_resolver(urlconf).url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{before}{pattern.namespace}:" if pattern.namespace else before
            yield from _walk(pattern.url_patterns, namespace)
        else:
            yield Route(f"{before}{pattern.name or pattern.pattern}", pattern.callback)

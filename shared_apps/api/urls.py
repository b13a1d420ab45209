"""`/api/v1/` of a host: its resources, the document, the page that reads it."""

from typing import Any

from django.urls import URLPattern, path
from rest_framework.routers import SimpleRouter

from shared_apps.api import document


def api_urls(resources: dict[str, Any], extra: dict[str, Any] | None = None) -> list[Any]:
    """`{"pupils": Pupils}`: one list and one object each, named `pupils-list` and `pupils-detail`."""
    router = SimpleRouter(use_regex_path=False)
    for name, view in resources.items():
        router.register(name, view, basename=name)
    alone: list[URLPattern] = [path(f"{name}/", view.as_view(), name=name) for name, view in (extra or {}).items()]
    return [
        path("", document.guide, name="guide"),
        path("openapi.json", document.Document.as_view(), name="document"),
        *alone,
        *router.urls,
    ]

"""The OpenAPI document, and the same as a page that loads nothing from elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.api.views import NotKept


class Document(NotKept, APIView):
    renderer_classes = [OpenApiJsonRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Any) -> Response:
        return Response(document_of(request))


def document_of(request: Any) -> dict[str, Any]:
    """Of the host that is asked: a commune's and the academy's differ."""
    return SchemaGenerator(
        urlconf=request._request.urlconf if hasattr(request, "_request") else request.urlconf
    ).get_schema(request=None, public=True)


def guide(request: HttpRequest) -> HttpResponse:
    document = document_of(request)
    operations = [
        _operation(path, method, facts)
        for path, methods in document["paths"].items()
        for method, facts in methods.items()
    ]
    context = {
        "operations": operations,
        "schemas": [_schema(*item) for item in document["components"]["schemas"].items()],
    }
    return render(request, "api/guide.html", context)


def _operation(path: str, method: str, facts: dict[str, Any]) -> dict[str, Any]:
    parameters = [one for one in facts.get("parameters", []) if one["in"] == "query"]
    return {
        "method": method.upper(),
        "path": path,
        "words": facts.get("description", ""),
        "filters": ", ".join(one["name"] for one in parameters),
    }


def _schema(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    fields = [
        {"name": field, "type": about.get("format") or about.get("type", ""), "words": about.get("description", "")}
        for field, about in facts.get("properties", {}).items()
    ]
    return {"name": name, "fields": fields}

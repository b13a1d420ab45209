"""What drf-spectacular can't guess: our two ways in, our filters, our refusals."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "shared_apps.api.authentication.TokenAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "Une clé de lecture personnelle, en lecture seule."}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "shared_apps.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class Schema(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        filters = getattr(self.view, "filters", {}) if getattr(self.view, "action", "") == "list" else {}
        return [
            OpenApiParameter(name, self._map_serializer_field(field, "request"), OpenApiParameter.QUERY)
            for name, (_lookup, field) in filters.items()
        ]

    def get_tags(self) -> list[str]:
        return [self.path.strip("/").split("/")[2]]

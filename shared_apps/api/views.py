"""The frame of every resource: pages of rows, declared filters, nothing kept by a browser or a proxy."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers, viewsets
from rest_framework.exceptions import PermissionDenied

from shared_apps.api.pages import Pages
from shared_apps.api.problems import UnknownFilter


class NotKept:
    """`Cache-Control: no-store` on every answer, refusals included."""

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        response.headers["Cache-Control"] = "no-store"
        return response


class Resource(NotKept, viewsets.ReadOnlyModelViewSet):
    """Rows from `visible_to`; `filters` maps a parameter to (lookup, the serializer field that reads it)."""

    permission = ""  # a declared right without which nothing is read here
    filters: Mapping[str, tuple[str, serializers.Field]] = {}
    pagination_class = Pages
    lookup_value_converter = "uuid"

    def check_permissions(self, request: Any) -> None:
        super().check_permissions(request)
        if self.permission and not request.user.has_perm(self.permission):
            raise PermissionDenied

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.all() if getattr(self, "swagger_fake_view", False) else rows.visible_to(self.request.user)

    def filter_queryset(self, rows: Any) -> Any:
        if self.action != "list":
            return rows
        asked = self.request.query_params
        unknown = sorted(set(asked) - set(self.filters) - Pages.names)
        if unknown:
            raise UnknownFilter({name: [self._known_filters()] for name in unknown})
        return rows.filter(**{self.filters[name][0]: self._value(name) for name in self.filters if name in asked})

    def _value(self, name: str) -> Any:
        try:
            return self.filters[name][1].run_validation(self.request.query_params[name])
        except serializers.ValidationError as error:
            raise serializers.ValidationError({name: error.detail}) from error

    def _known_filters(self) -> str:
        return _("Filtre inconnu. Filtres possibles : %(names)s.") % {"names": ", ".join(self.filters) or _("aucun")}

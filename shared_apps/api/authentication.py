"""Two ways in: the page's own session, as strict as the pages; a key in `Authorization: Bearer`, which only reads."""

from typing import Any

from rest_framework import authentication, exceptions, permissions

from shared_apps.accounts.middleware import SecondFactorMiddleware
from shared_apps.api.services import token_for


class TokenAuthentication(authentication.BaseAuthentication):
    keyword = "Bearer"

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        token = token_for(key.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise exceptions.AuthenticationFailed
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'


def _page(request: Any) -> None:
    """Stands for any page that asks to be signed in."""


class SessionAuthentication(authentication.SessionAuthentication):
    """Where the pages want a second factor, so does the API: its views are not behind the pages' middleware."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        gate = SecondFactorMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
        if found is not None and gate.process_view(request._request, _page, (), {}) is not None:
            raise exceptions.PermissionDenied
        return found


class KeysOnlyRead(permissions.BasePermission):
    def has_permission(self, request: Any, view: Any) -> bool:
        return request.auth is None or request.method in permissions.SAFE_METHODS

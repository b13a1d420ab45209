"""Django's tokens against forged forms, drawn at once instead of character by character: `{{ csrf_token }}` of every
page, and the secret that a sign-in changes.
"""

import os
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token
from django.utils.functional import SimpleLazyObject

_COUNT = len(CSRF_ALLOWED_CHARS)
_EVEN = 256 - 256 % _COUNT  # bytes from here on would favour the first characters
_CHARACTERS = (CSRF_ALLOWED_CHARS * (256 // _COUNT + 1))[:256].encode()
_UNEVEN = bytes(range(_EVEN, 256))
_SUM = {
    x + y: CSRF_ALLOWED_CHARS[(one + two) % _COUNT]
    for one, x in enumerate(CSRF_ALLOWED_CHARS)
    for two, y in enumerate(CSRF_ALLOWED_CHARS)
}


def token(request: HttpRequest) -> dict[str, Any]:
    """Context processor, in the place of Django's."""
    return {"csrf_token": SimpleLazyObject(lambda: _token(request))}


def _token(request: HttpRequest) -> str:
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        return get_token(request)  # gives the browser its secret
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    mask = drawn()
    return mask + "".join([_SUM[x + y] for x, y in zip(secret, mask, strict=True)])


def drawn() -> str:
    """As `django.middleware.csrf._get_new_csrf_string`, whose each character costs a call to the system."""
    found = b""
    while len(found) < CSRF_SECRET_LENGTH:
        found += os.urandom(2 * CSRF_SECRET_LENGTH).translate(_CHARACTERS, _UNEVEN)
    return found[:CSRF_SECRET_LENGTH].decode()

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from shared_apps.signing import keys


def seal_is_readable(**_kwargs: Any) -> list[CheckMessage]:
    """A seal that was configured must open: else the first mayor to sign would find out."""
    if not settings.ENT_SEAL_FILE:
        return []
    try:
        keys.seal()
    except keys.NoSeal as error:
        return [Error(str(error), id="signing.E001")]
    return [] if settings.ENT_TSA_URL else [Error("ENT_SEAL_FILE goes with ENT_TSA_URL.", id="signing.E002")]

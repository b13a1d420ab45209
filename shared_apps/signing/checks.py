from typing import Any

from django.conf import settings
from django.core import checks

from shared_apps.signing import keys


def seal_is_readable(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A seal that was configured must open: else the first mayor to sign would find out. Without one, it is said."""
    if not settings.ENT_SEAL_FILE:
        return [checks.Warning("No seal (ENT_SEAL_FILE): conventions are signed on paper only.", id="signing.W001")]
    try:
        keys.seal()
    except keys.NoSeal as error:
        return [checks.Error(str(error), id="signing.E001")]
    return [] if settings.ENT_TSA_URL else [checks.Error("ENT_SEAL_FILE goes with ENT_TSA_URL.", id="signing.E002")]

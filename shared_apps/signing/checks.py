from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils import timezone

from shared_apps.signing import keys

SOON = timedelta(days=60)


def seal_is_readable(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A seal that was configured must open: else the first mayor to sign would find out. Without one, it is said."""
    if not settings.ENT_SEAL_FILE:
        return [checks.Warning("No seal (ENT_SEAL_FILE): conventions are signed on paper only.", id="signing.W001")]
    try:
        ends = keys.seal().certificate.not_valid_after
    except keys.NoSeal as error:
        return [checks.Error(str(error), id="signing.E001")]
    if not settings.ENT_TSA_URL:
        return [checks.Error("ENT_SEAL_FILE goes with ENT_TSA_URL.", id="signing.E002")]
    if ends < timezone.now() + SOON:
        return [checks.Warning(f"The certificate of the seal ends on {ends:%Y-%m-%d}: renew it.", id="signing.W002")]
    return []

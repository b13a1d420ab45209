"""The host name of a commune: the slug of its name, with its département where two communes would share it."""

from django.conf import settings

from core.text import slug
from shared_apps.reference.models import RefCommune
from tenants.models import Domain
from tenants.names import RESERVED_LABELS

MAX_LABEL = 63  # RFC 1035, § 2.3.4


def choose(*, insee: str, name: str, department_code: str) -> str:
    """`narbonne.<domain>`, `bages-66.<domain>`: the same whoever opens first, since the reference data decides."""
    label = slug(name)[:MAX_LABEL].strip("-")
    if label in RESERVED_LABELS or _is_shared(label, insee) or _is_taken(label):
        label = f"{label[: MAX_LABEL - 4]}-{department_code.lower()}"
    if _is_taken(label):
        label = f"{label[: MAX_LABEL - 6]}-{insee.lower()}"
    return f"{label}.{settings.ENT_DOMAIN}"


def _is_shared(label: str, insee: str) -> bool:
    """Whether another commune of the académie, open or not, would claim it."""
    namesakes = RefCommune.objects.current().filter(sort_name=label.replace("-", " "))
    return namesakes.exclude(insee=insee).exists()


def _is_taken(label: str) -> bool:
    return Domain.objects.filter(domain=f"{label}.{settings.ENT_DOMAIN}").exists()

"""Addresses written in mails, sheets and links: from the commune's own domain, never from a header."""

from django.conf import settings

from core.tenancy import current_schema, in_public, is_public
from tenants.models import Domain


def base_url() -> str:
    """`https://narbonne.<domain>`, without the final slash. Raises `Domain.DoesNotExist` before the commune opens."""
    if is_public():
        return f"{settings.ENT_SCHEME}://{settings.ENT_ACADEMY_HOST}{settings.ENT_PORT_SUFFIX}"
    schema = current_schema()
    with in_public():
        domain = Domain.objects.get(tenant__schema_name=schema, is_primary=True)
    return domain.get_absolute_url().rstrip("/")


def files_url() -> str:
    """The host of user files, without the final slash."""
    return f"{settings.ENT_SCHEME}://{settings.ENT_FILES_HOST}{settings.ENT_PORT_SUFFIX}"

"""Signed links: `https://fichiers.<domain>/<schema>/<token>/`, good five minutes, for one account and one file."""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse

from core import signing
from core.tenancy import PUBLIC, current_schema, in_public
from shared_apps.accounts.models import User
from shared_apps.files import services
from shared_apps.files.models import StoredFile
from tenants.addresses import files_url
from tenants.models import Commune

LIFE = 5 * 60  # seconds
PURPOSE = "files.read"


def signed_url(file: StoredFile, user: Any) -> str:
    """For `user` alone; what they may read is asked again when the link is followed."""
    token = signing.dumps([str(file.pk), str(user.pk)], purpose=PURPOSE)
    return files_url() + reverse("read_file", args=[current_schema(), token], urlconf=_urlconf())


def file_of(token: str) -> StoredFile | None:
    """What the link opens now, in the current schema: None when forged, expired, revoked, or the account closed."""
    try:
        file_id, user_id = signing.loads(token, purpose=PURPOSE, max_age=LIFE)
    except (BadSignature, ValueError, TypeError):
        return None
    user = User.objects.active().filter(pk=user_id).first()
    file = StoredFile.objects.readable().filter(pk=file_id).first()
    if user is None or file is None or not services.may_read(user, file):
        return None
    return file


def is_served(schema: str) -> bool:
    """The academy, or a commune whose door is open."""
    with in_public():
        return schema == PUBLIC or Commune.objects.reachable().filter(schema_name=schema).exists()


def _urlconf() -> str:
    return settings.ENT_SPECIAL_HOSTS[settings.ENT_FILES_HOST]

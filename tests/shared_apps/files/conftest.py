from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import File

from core import registry
from core.tenancy import in_schema
from shared_apps.accounts.models import User
from shared_apps.files import services
from shared_apps.files.models import StoredFile
from tests.shared_apps.accounts.pages import NARBONNE, SCHEMAS, account
from tests.shared_apps.files.samples import PURPOSE


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def readers(monkeypatch) -> set[Any]:
    """The accounts that may read files of « essai »: a set to change during the test."""
    allowed: set[Any] = set()
    monkeypatch.setitem(registry.file_readers._items, PURPOSE, lambda user, file: user.pk in allowed)
    return allowed


@pytest.fixture
def sophie(narbonne, readers) -> User:
    user = account()
    readers.add(user.pk)
    return user


@pytest.fixture
def keep(sophie) -> Callable[..., StoredFile]:
    """`keep(upload)`: Sophie stores a file in Narbonne."""

    def store(upload: File, host: str = NARBONNE, **more: Any) -> StoredFile:
        with in_schema(SCHEMAS[host]):
            return services.store(**({"actor": sophie, "upload": upload, "purpose": PURPOSE} | more))

    return store

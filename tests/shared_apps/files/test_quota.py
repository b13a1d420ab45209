"""Deposits at the same instant, each committed by its own connection."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from core import registry
from core.errors import DomainError
from core.tenancy import in_schema
from shared_apps.files import services
from tests.shared_apps.files import samples
from tests.shared_apps.files.samples import PURPOSE, upload


def test_deposits_at_the_same_instant_do_not_pass_the_quota(own_database, media, settings, monkeypatch):
    settings.ENT_FILE_QUOTA = 2 * len(samples.PDF) + 1
    monkeypatch.setitem(registry.file_readers._items, PURPOSE, lambda user, file: True)

    def deposit(_turn: int) -> bool:
        try:
            with in_schema("c_11262"):
                services.store(actor=None, upload=upload(), purpose=PURPOSE)
        except DomainError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        accepted = list(threads.map(deposit, range(6)))
    assert sum(accepted) == 2
    assert len(list((media / "c_11262").iterdir())) == 2

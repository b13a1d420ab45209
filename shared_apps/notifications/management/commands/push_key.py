"""`manage.py push_key`: a key of our own for web push, to keep as the secret `ENT_PUSH_KEY`."""

from typing import Any

from django.core.management.base import BaseCommand
from py_vapid import Vapid
from py_vapid.utils import b64urlencode


class Command(BaseCommand):
    help = "Fabrique la clé des alertes sur téléphone (ENT_PUSH_KEY). La changer fait oublier tous les appareils."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        vapid = Vapid()
        vapid.generate_keys()
        number = vapid.private_key.private_numbers().private_value
        self.stdout.write(b64urlencode(number.to_bytes(32, "big")))

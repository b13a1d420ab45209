from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.tenant_apps.people.factories import Town, town


@pytest.fixture
def made(in_narbonne: Any) -> Town:
    return town()


@pytest.fixture
def browse(made: Town, browser_of: Callable[..., Client]) -> Callable[[str], Client]:
    """Somebody of Narbonne, signed in, by their first name."""
    return lambda name: browser_of("narbonne.localhost", made.user(name))

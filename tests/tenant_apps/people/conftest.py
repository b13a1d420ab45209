from typing import Any

import pytest

from tests.tenant_apps.people.factories import Town, town


@pytest.fixture
def made(in_narbonne: Any) -> Town:
    return town()

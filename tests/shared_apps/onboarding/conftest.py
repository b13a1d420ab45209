from typing import Any

import pytest
from django.utils import timezone

from shared_apps.accounts.sessions import SECOND_FACTOR_KEY, VERIFIED_KEY
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.online import somebody
from tests.support.sign_in import sign_in


@pytest.fixture
def signer(reference: None) -> Any:
    """Who signs for the académie, the second factor given just now."""
    user = factories.staff("Bruno", "Castel", role=factories.Role.CONVENTIONS)
    browser = somebody()
    now = {SECOND_FACTOR_KEY: True, VERIFIED_KEY: timezone.now().isoformat()}
    sign_in(browser, factories.HOST, user, **now)
    return browser

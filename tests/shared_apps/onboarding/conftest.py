import pytest

from shared_apps.reference import loading
from tests.shared_apps.onboarding import factories


@pytest.fixture
def reference(db):
    loading.load_all()


@pytest.fixture
def officer(reference):
    return factories.staff()


@pytest.fixture
def browser(officer, browser_of):
    return browser_of(factories.HOST, officer)

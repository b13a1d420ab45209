import pytest

from tests.tenant_apps.progress_notebook import factories


@pytest.fixture
def nursery(room):
    return factories.nursery(room)


@pytest.fixture
def period(nursery):
    return factories.period(nursery)


@pytest.fixture
def summary(nursery):
    return factories.period(nursery, "summary")

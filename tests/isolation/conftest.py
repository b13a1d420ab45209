from collections.abc import Iterator

import pytest

from core.compiled.loader import Compiled
from core.frozen import Frozen
from core.stencil import Stencil
from tests.shared_apps.conftest import few_communes, reference  # noqa: F401  (fixtures)


@pytest.fixture(autouse=True)
def _checked_once() -> Iterator[None]:
    """Sixteen thousand requests build the same queries: to tell each time that they are what they were is a third of
    the time. It is told where each page is asked at home (`test_access.differences`), and by the rooms' own tests.
    """
    check(False)
    yield
    check(True)
    Compiled.is_checked = False


def check(is_checked: bool) -> None:
    Frozen.is_checked = Stencil.is_checked = Compiled.is_checked = is_checked

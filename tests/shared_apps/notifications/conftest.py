import pytest

from core import registry


@pytest.fixture
def handled(monkeypatch):
    """Kinds of effects of the tests: « test.noted » keeps what it was given, « test.broken » fails."""
    noted = []

    def broken(_payload):
        raise ConnectionRefusedError("the mail server says s.ferrer@exemple.fr")

    for kind, handler in (("test.noted", noted.append), ("test.broken", broken)):
        monkeypatch.setitem(registry.outbox_handlers._items, kind, handler)
    return noted

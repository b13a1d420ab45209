"""« Prouver l’isolement »: the code of one commune, typed in another."""

import pytest

from core import registry
from core.tenancy import in_schema
from shared_apps.accounts import codes, services
from shared_apps.accounts.crossings import use_activation_code
from tenants.crossings import CrossedError


@pytest.fixture
def waiting(narbonne, lezignan):
    with in_schema("c_11262"):
        return services.create_account(first_name="Inès", last_name="Roux")


def test_it_is_tried_and_refused(waiting, narbonne, lezignan):
    assert use_activation_code in list(registry.crossings)
    assert use_activation_code(narbonne, lezignan).refusal.startswith("Ce code n’existe pas ici.")


def test_it_is_seen_when_codes_no_longer_name_their_commune(waiting, narbonne, lezignan, monkeypatch):
    monkeypatch.setattr(codes, "current_schema", lambda: "anywhere")
    with in_schema("c_11203"):
        twin = services.create_account(first_name="Inès", last_name="Roux")
        type(twin).objects.filter(pk=twin.pk).update(code_digest=codes.digest_of(codes.code_of(waiting)))
    with pytest.raises(CrossedError):
        use_activation_code(narbonne, lezignan)


def test_it_works_where_everybody_is_activated(narbonne, lezignan):
    assert use_activation_code(narbonne, lezignan).refusal

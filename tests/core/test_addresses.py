"""Addresses of the rows of a list."""

from uuid import UUID, uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from core import addresses
from core.addresses import address_of


def test_an_address_is_the_one_that_the_routes_give():
    for key in (uuid4(), UUID(int=0)):
        assert address_of("liaison:note", key) == reverse("liaison:note", args=[key])


def test_a_route_that_prints_its_key_otherwise_is_told(monkeypatch):
    monkeypatch.setitem(addresses._parts, ("liaison:note", None), ("/ailleurs/", "/"))
    with pytest.raises(AssertionError, match="liaison:note"):
        address_of("liaison:note", uuid4())


def test_a_route_that_is_none_is_refused():
    with pytest.raises(NoReverseMatch):
        address_of("liaison:nothing", uuid4())

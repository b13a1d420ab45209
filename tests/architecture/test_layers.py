"""Every app has its storey."""

import tomllib
from typing import Any

import pytest

from config.settings.apps import BOTH_APPS, INSTALLED_APPS, LIBRARIES, SHARED_APPS, TENANT_APPS
from tests.architecture.source import ROOMS, ROOT


@pytest.fixture(scope="module")
def contracts() -> dict[str, Any]:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["id"]: contract for contract in linter["contracts"]}


def storeys(contract: dict[str, Any]) -> set[str]:
    return {app.strip() for layer in contract["layers"] for app in layer.split("|")}


def ours(apps: list[str]) -> set[str]:
    return {app for app in apps if app.split(".")[0] in ROOMS}


def test_every_room_has_its_storey(contracts):
    assert storeys(contracts["rooms"]) == set(ROOMS)


@pytest.mark.parametrize("room", ["shared_apps", "tenant_apps"])
def test_every_app_has_its_storey(contracts, room):
    installed = {app.split(".")[1] for app in ours(INSTALLED_APPS) if app.startswith(f"{room}.")}
    folders = {path.parent.name for path in ROOMS[room].glob("*/__init__.py")}
    assert contracts[room]["exhaustive"] is True
    assert storeys(contracts[room]) == installed == folders


def test_an_app_lives_in_the_room_that_says_where_its_tables_are():
    assert {app for app in ours(TENANT_APPS) if not app.startswith("tenant_apps.")} == ours(BOTH_APPS)
    assert {app for app in ours(BOTH_APPS) if not app.startswith("shared_apps.")} == set()
    assert not any(app.startswith("tenant_apps.") for app in SHARED_APPS)
    assert set(BOTH_APPS) == set(SHARED_APPS) & set(TENANT_APPS)


def test_features_do_not_know_each_other(contracts):
    features, *foundations = contracts["tenant_apps"]["layers"]
    assert foundations == ["moderation", "rights", "people", "schools"]
    assert " : " not in features


def test_a_library_with_tables_is_listed_with_the_schemas_that_hold_them(django_apps_with_tables):
    assert {app for app in django_apps_with_tables if app in LIBRARIES} == set()


@pytest.fixture
def django_apps_with_tables() -> set[str]:
    from django.apps import apps

    return {config.name for config in apps.get_app_configs() if any(m._meta.managed for m in config.get_models())}

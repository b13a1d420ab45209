"""The OpenAPI document is valid, complete, and tells nothing of what is not offered."""

import json

import pytest
from drf_spectacular.validation import validate_schema

from tests.isolation.routes import routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(api):
    answer = api("Sophie").get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_the_document_is_valid(document):
    validate_schema(document)


def test_every_resource_is_described_in_words(document):
    lists = {path.split("/")[3] for path in document["paths"]}
    names = {route.name.split(":")[1] for route in routes("config.urls.tenant") if route.name.startswith("api:")}
    of = {name: [one for one in lists if name.startswith(f"{one}-")] for name in names - {"guide", "document"}}
    assert lists == {max(found, key=len, default=name) for name, found in of.items()}
    for path, methods in document["paths"].items():
        for method, facts in methods.items():
            assert facts.get("description"), (path, method)
            assert {"key": []} in facts["security"] and {"session": []} in facts["security"]


def test_filters_are_those_declared(document):
    parameters = {one["name"] for one in document["paths"]["/api/v1/enrollments/"]["get"]["parameters"]}
    assert parameters == {"cursor", "limit", "class", "pupil", "grade"}


@pytest.mark.parametrize("word", ["ine", "password", "identifier", "code_digest"])
def test_no_field_of_what_is_never_told(document, word):
    fields = {name for schema in document["components"]["schemas"].values() for name in schema.get("properties", {})}
    assert word not in fields


def test_the_page_shows_the_document_and_loads_nothing_from_elsewhere(api):
    page = api("Claire").get("/api/v1/").content.decode()
    assert "/api/v1/pupils/" in page
    assert "Les élèves que vous voyez." in page
    assert "https://" not in page

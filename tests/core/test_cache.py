"""What one commune keeps in the cache, no other reads."""

import pytest
from django.core.cache import cache, caches
from django.template import Context, Template

from core.tenancy import in_public, in_schema


def test_the_same_key_holds_another_value_in_each_commune():
    for schema in ("c_11262", "c_11203", "public"):
        with in_schema(schema):
            assert cache.get("menu") is None
            cache.set("menu", schema)
    for schema in ("c_11262", "c_11203", "public"):
        with in_schema(schema):
            assert cache.get("menu") == schema


def test_deleting_and_counting_stay_in_the_commune():
    for schema in ("c_11262", "c_11203"):
        with in_schema(schema):
            cache.set_many({"a": 1, "b": 1})
    with in_schema("c_11262"):
        cache.delete_many(["a"])
        cache.incr("b")
    with in_schema("c_11203"):
        assert cache.get_many(["a", "b"]) == {"a": 1, "b": 1}


def test_a_piece_of_page_kept_by_a_template_belongs_to_its_commune():
    page = Template("{% load cache %}{% cache 60 piece %}{{ name }}{% endcache %}")
    with in_schema("c_11262"):
        assert page.render(Context({"name": "Narbonne"})) == "Narbonne"
    with in_schema("c_11203"):
        assert page.render(Context({"name": "Lézignan"})) == "Lézignan"


def test_every_key_names_its_commune():
    with in_schema("c_11262"):
        assert caches["default"].make_key("menu") == ":c_11262:1:menu"
    with in_public():
        assert caches["default"].make_key("menu") == ":public:1:menu"


@pytest.mark.parametrize("key", ["c_11203:1:menu", "x:c_11203:1:menu"])
def test_no_key_written_by_one_commune_reaches_another(key):
    with in_schema("c_11203"):
        cache.set("menu", "secret")
    with in_schema("c_11262"):
        assert cache.get(key) is None

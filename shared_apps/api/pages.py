"""Rows a page at a time, from the oldest: a row added meanwhile neither hides nor repeats another."""

from typing import Any
from urllib.parse import urlsplit

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class Pages(CursorPagination):
    """`?limit=` rows and `?cursor=` to go on. Addresses are given without their host: it is the caller's."""

    ordering = "id"
    page_size = 100
    max_page_size = 500
    page_size_query_param = "limit"
    names = frozenset({"cursor", "limit"})

    def get_paginated_response(self, data: Any) -> Response:
        links = {"next": self.get_next_link(), "previous": self.get_previous_link()}
        return Response({name: _relative(link) for name, link in links.items()} | {"results": data})


def _relative(link: str | None) -> str | None:
    return urlsplit(link)._replace(scheme="", netloc="").geturl() if link else None

"""« Rechercher », in the header of every page of the staff."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from tenant_apps.people.search import AT_MOST, find, may_search

LONGEST = 100


def search(request: Any) -> HttpResponse:
    if not may_search(request.user):
        raise PermissionDenied
    query = request.GET.get("q", "").strip()[:LONGEST]
    context = {"query": query, "answer": find(request.user, query) if query else None, "at_most": AT_MOST}
    return render(request, "people/search.html", context)

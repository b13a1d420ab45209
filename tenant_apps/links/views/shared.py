"""What the pages of this app have in common: a refusal said in words, with the way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.neighbours import Neighbour


def refused(request: HttpRequest, words: str, there: Neighbour | None = None) -> HttpResponse:
    """410: the letter is gone. The page tells nothing of the account that the letter was for."""
    return render(request, "links/refused.html", {"words": words, "there": there}, status=410)

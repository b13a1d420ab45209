"""Addresses and words of the academy's pages."""

from typing import Any

from django.urls import reverse


def url(name: str, *args: Any) -> str:
    name = name if ":" in name else f"onboarding:{name}"
    return reverse(name, args=args, urlconf="config.urls.public")


def text(response: Any) -> str:
    """What the page says, with ordinary spaces."""
    return " ".join(response.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split())

"""One device that goes from host to host, with a session of its own on each."""

from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from tests.support.sign_in import sign_in


class Device:
    def __init__(self) -> None:
        self.clients: dict[str, Client] = {}
        self.url = ""

    def on(self, host: str) -> Client:
        return self.clients.setdefault(host, Client(headers={"host": host}))

    def sign_in(self, host: str, user: Any, **values: Any) -> None:
        sign_in(self.on(host), host, user, **values)

    def get(self, url: str) -> Any:
        """Follows redirections, to other hosts too."""
        return self._follow(self._ask("get", url))

    def post(self, url: str, data: Any = None) -> Any:
        return self._follow(self._ask("post", url, data))

    def _ask(self, method: str, url: str, data: Any = None) -> Any:
        self.url = url
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return getattr(self.on(parts.hostname), method)(path, data or None)

    def _follow(self, response: Any) -> Any:
        for _turn in range(8):
            if response.status_code not in (301, 302):
                return response
            here = urlsplit(self.url)
            target = response.headers["Location"]
            target = target if "//" in target else f"{here.scheme}://{here.netloc}{target}"
            response = self._ask("get", target)
        raise AssertionError(f"too many redirections, at {self.url}")

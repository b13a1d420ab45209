"""Counting what really goes to PostgreSQL: a relay that reads the messages it passes on."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import connection

# Before the first true message the client may ask for TLS or GSS: eight bytes each, answered by one.
NEGOTIATIONS = {80877103, 80877104}


class Relay:
    """Listens on a free port, passes everything on to PostgreSQL, and keeps the simple queries ('Q') it saw."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.queries: list[str] = []
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            self._open += [client, server]
            threading.Thread(target=self._pass_queries, args=(client, server), daemon=True).start()
            threading.Thread(target=self._pass_answers, args=(server, client), daemon=True).start()

    def _pass_queries(self, client: socket.socket, server: socket.socket) -> None:
        reader = client.makefile("rb")
        try:
            while True:
                start = reader.read(8)
                size, code = struct.unpack("!ii", start)
                server.sendall(start + reader.read(size - 8))
                if code not in NEGOTIATIONS:
                    break
            while kind := reader.read(1):
                size = reader.read(4)
                body = reader.read(struct.unpack("!i", size)[0] - 4)
                if kind == b"Q":
                    self.queries.append(body.rstrip(b"\0").decode())
                server.sendall(kind + size + body)
        except (OSError, struct.error):
            pass
        finally:
            _shut(server)

    def _pass_answers(self, server: socket.socket, client: socket.socket) -> None:
        try:
            while data := server.recv(65536):
                client.sendall(data)
        except OSError:
            pass
        finally:
            _shut(client)

    def close(self) -> None:
        # A thread that waits in accept() is woken by a visitor, not by the closing of its socket.
        _shut(self._door)
        self._door.close()
        for end in self._open:
            _shut(end)
            end.close()


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def messages_to(database: dict[str, Any]) -> Iterator[list[str]]:
    """The queries that this process sends to its database from now on."""
    relay = Relay(database["host"], int(database["port"]))
    before = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT=relay.port)
    try:
        yield relay.queries
    finally:
        connection.close()
        connection.settings_dict.update(HOST=before[0], PORT=before[1])
        relay.close()

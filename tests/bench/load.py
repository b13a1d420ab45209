"""A small load generator on keep-alive sockets: `python -m tests.bench.load PORT SECONDS HOSTS [PATH]`, prints JSON."""

import json
import socket
import sys
import threading
import time

CONNECTIONS = 4


def main(port: int, seconds: float, hosts: int, path: str) -> None:
    answered = [0] * CONNECTIONS
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_client, args=(n, port, until, _requests(hosts, path), answered))
        for n in range(CONNECTIONS)
    ]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = sum(answered)
    print(json.dumps({"requests": total, "per_second": total / (time.monotonic() - begun)}))  # noqa: T201


def _requests(hosts: int, path: str) -> list[bytes]:
    return [f"GET {path} HTTP/1.1\r\nHost: bench-{n:05}.localhost\r\n\r\n".encode() for n in range(hosts)]


def _client(number: int, port: int, until: float, requests: list[bytes], answered: list[int]) -> None:
    turn = number * len(requests) // CONNECTIONS
    with socket.create_connection(("127.0.0.1", port)) as session:
        stream = session.makefile("rb")
        while time.monotonic() < until:
            session.sendall(requests[turn % len(requests)])
            _read_answer(stream)
            answered[number] += 1
            turn += 1


def _read_answer(stream: object) -> None:
    status = stream.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"Unexpected answer: {status!r}")
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    stream.read(length)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), *(sys.argv[4:] or ["/"]))

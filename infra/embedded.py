"""The embedded servers: `embedded.py postgres|valkey --data DIR`, `embedded.py stop|remove --data DIR`, and
`embedded.py copy --data DIR --of OTHER`: a database that begins as another, which is stopped.

A server is ready when its one line of JSON is printed on stdout. In the foreground (default) it lives until
SIGTERM or Ctrl-C; with --detach, until `stop`. Killed in any way, it recovers at the next start.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from places import read_json, remove, write_private
from postgres_server import Postgres
from processes import InfraError, StopRequestedError, exclusive, ignore_signals, raise_on_signals, say
from valkey_server import Valkey

SERVERS = {"postgres": Postgres, "valkey": Valkey}


def main() -> int:
    options = _parse()
    data = options.data.resolve()
    try:
        return COMMANDS[options.command](data, options)
    except InfraError as error:
        say(str(error))
        return 1
    except PermissionError as error:
        say(f"Accès refusé à « {error.filename} » : ces données sont celles d’un autre utilisateur.")
        return 1
    except StopRequestedError:
        return 0


def run_server(data: Path, options: argparse.Namespace) -> int:
    raise_on_signals()
    data.mkdir(parents=True, exist_ok=True)
    with exclusive(data):
        server = SERVERS[options.command](data, unsafe_fast=options.unsafe_fast)
        if options.detach:
            return _start_detached(server, options.port)
        return _stay_in_foreground(server, options.port)


def stop_server(data: Path, _: argparse.Namespace) -> int:
    kind = read_json(data / "running.json").get("kind")
    if kind is None:
        return 0
    server = SERVERS[kind](data)
    pid = server.running_pid()
    if pid:
        server.stop(pid)
    return 0


def remove_server(data: Path, options: argparse.Namespace) -> int:
    """Stop it and delete its data, wherever they lie."""
    stop_server(data, options)
    remove(data)
    return 0


def copy_server(data: Path, options: argparse.Namespace) -> int:
    data.mkdir(parents=True, exist_ok=True)
    with exclusive(data):
        Postgres(data, unsafe_fast=options.unsafe_fast).begin_as(Postgres(options.of.resolve()))
    return 0


COMMANDS = {
    "postgres": run_server,
    "valkey": run_server,
    "stop": stop_server,
    "remove": remove_server,
    "copy": copy_server,
}


def _start_detached(server: Postgres | Valkey, port: int) -> int:
    pid = server.running_pid()
    if pid is None:
        pid = _start(server, port, detached=True).pid
    _announce(server, pid)
    return 0


def _stay_in_foreground(server: Postgres | Valkey, port: int) -> int:
    orphan = server.running_pid()
    if orphan and read_json(server.data / "running.json").get("detached"):
        raise InfraError(f'Un serveur détaché est déjà en marche : `embedded.py stop --data "{server.data}"`.')
    if orphan:  # its launcher was killed
        server.stop(orphan)
    process = _start(server, port, detached=False)
    try:
        _announce(server, process.pid)
        code = process.wait()
    except StopRequestedError:
        ignore_signals()
        server.stop(process.pid)
        return 0
    say(f"Le serveur {server.kind} s’est arrêté (code {code}).")
    return 1 if code else 0


def _start(server: Postgres | Valkey, port: int, *, detached: bool) -> subprocess.Popen:
    known = read_json(server.data / "running.json") | {"kind": server.kind, "pid": None, "detached": detached}
    write_private(server.data / "running.json", json.dumps(known))
    try:
        process = server.start(port, detached=detached)
    except BaseException:
        ignore_signals()
        pid = server.running_pid()
        if pid:
            server.stop(pid)
        raise
    known |= {"pid": process.pid, "port": server.description(process.pid)["port"]}
    write_private(server.data / "running.json", json.dumps(known))
    return process


def _announce(server: Postgres | Valkey, pid: int) -> None:
    print(json.dumps(server.description(pid)), flush=True)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--data", type=Path, required=True, help="dossier des données")
    parser.add_argument("--port", type=int, default=0, help="0 : un port libre")
    parser.add_argument("--unsafe-fast", action="store_true", help="sans fsync : pour les tests seulement")
    parser.add_argument("--detach", action="store_true", help="rendre la main dès que le serveur répond")
    parser.add_argument("--of", type=Path, help="copy : le dossier de données à copier")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

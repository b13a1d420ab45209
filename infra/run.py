"""One command for the whole platform on a laptop: `run.py demo|services|reset`.

demo      database, broker, mail catcher, set-up at the first run, then web, worker and beat, until Ctrl-C
services  database and broker only, for a developer who starts the rest: prints the environment to use
reset     deletes the demo's data

Everything listens on 127.0.0.1 and is kept in one folder (ENT_DATA_DIR, by default `var/`).
"""

import argparse
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable

from installation import INFRA, PYTHON, Installation, Progress
from processes import (
    HOST,
    InfraError,
    StopRequestedError,
    exclusive,
    ignore_signals,
    raise_on_signals,
    say,
)


def refuse_taken_port(port: str) -> None:
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise InfraError(f"PORT={port} n’est pas un numéro de port.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(port)))
        except OSError:
            raise InfraError(
                f"Le port {port} est déjà pris sur cette machine : choisissez-en un autre, "
                f"par exemple `make demo PORT={int(port) % 65000 + 80}`."
            ) from None


def demo(installation: Installation) -> None:
    refuse_taken_port(installation.port)
    print("ENT-école : démonstration", flush=True)
    settings = installation.fixed_settings() | installation.start_servers() | installation.start_mail_catcher()
    installation.write_settings(settings)
    installation.set_up(settings)
    step = Progress("Pages, tâches et agenda des tâches")
    installation.start_platform(settings)
    step.done()
    print(welcome(installation), flush=True)
    installation.supervisor.watch()


def welcome(installation: Installation) -> str:
    port = installation.port
    return f"""
La plateforme est prête.

  http://localhost:{port}             l’entrée de la démonstration
  http://academie.localhost:{port}    l’académie
  http://narbonne.localhost:{port}    la commune de Narbonne

{installation.accounts_file.read_text().rstrip()}

Données et journaux : {installation.data}
Ctrl-C arrête tout ; « make demo » reprend où vous en étiez ; « make reset » efface les données.
"""


def services(installation: Installation) -> None:
    settings = installation.fixed_settings() | installation.start_servers() | installation.start_mail_catcher()
    installation.write_settings(settings)
    print(installation.settings_file.read_text(), flush=True)
    installation.supervisor.watch()


def reset(installation: Installation) -> None:
    installation.stamp.unlink(missing_ok=True)
    for kind in ("postgres", "valkey"):
        command = [PYTHON, INFRA / "embedded.py", "remove", "--data", installation.data / kind]
        subprocess.run(command, check=True)
    for folder in ("mail", "media", "static", "beat", "log", "seal"):
        shutil.rmtree(installation.data / folder, ignore_errors=True)
    keys = (installation.data / f"{name}.json" for name in ("secret", "push"))
    for file in (installation.settings_file, installation.accounts_file, *keys):
        file.unlink(missing_ok=True)
    print("Les données de la démonstration sont effacées.")


COMMANDS = {"demo": demo, "services": services, "reset": reset}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=COMMANDS)
    command = COMMANDS[parser.parse_args().command]
    installation = Installation()
    raise_on_signals()
    try:
        with exclusive(installation.data, patience=2):
            installation.supervisor.end_leftovers()
            return run_and_clean(command, installation)
    except (InfraError, StopRequestedError) as error:
        say(str(error))
        return 1


def run_and_clean(command: Callable[[Installation], None], installation: Installation) -> int:
    try:
        command(installation)
        return 0
    except StopRequestedError as request:
        say(f"\nArrêt ({request})…")
        return 0
    except InfraError as error:
        say(f"\n{error}")
        return 1
    finally:
        ignore_signals()
        installation.supervisor.stop()


if __name__ == "__main__":
    sys.exit(main())

import os
import signal
import smtplib
import socket
import subprocess
from pathlib import Path

import psycopg2

from tests.infra.launchers import RUN, Supervised, ask, embedded, eventually, processes_of


def test_ctrl_c_ends_every_process(supervised: Supervised) -> None:
    assert ask(supervised.settings["ENT_DATABASE_URL"], "SELECT 1") == [(1,)]

    assert supervised.signal(signal.SIGINT) == 0

    assert processes_of(supervised.data) == []


def test_a_supervisor_killed_without_notice_takes_its_children_along(supervised: Supervised) -> None:
    supervised.signal(signal.SIGKILL)

    assert eventually(lambda: processes_of(supervised.data) == [])


def test_a_dead_database_is_started_again_at_the_same_address(supervised: Supervised) -> None:
    url = supervised.settings["ENT_OWNER_DATABASE_URL"]
    ask(url, "CREATE TABLE public.note (body text)")
    ask(url, "INSERT INTO public.note VALUES ('mot signé')")

    os.kill(supervised.running("postgres"), signal.SIGKILL)

    assert "La base de données : arrêt inattendu" in supervised.next_message()
    assert eventually(lambda: rows_or_nothing(url)) == [("mot signé",)]


def rows_or_nothing(url: str) -> list[tuple]:
    try:
        return ask(url, "SELECT body FROM public.note")
    except psycopg2.OperationalError:
        return []


def test_a_second_one_on_the_same_folder_is_refused(supervised: Supervised) -> None:
    environment = os.environ | {"ENT_DATA_DIR": str(supervised.data)}

    done = subprocess.run(
        [*RUN, "services"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
    )

    assert done.returncode == 1
    assert "Un autre processus se sert déjà de" in done.stderr


def test_a_taken_port_is_said_before_anything_starts(private_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = os.environ | {"ENT_DATA_DIR": str(private_folder), "PORT": port}

        done = subprocess.run([*RUN, "demo"], capture_output=True, text=True, check=False, env=environment)

    assert done.returncode == 1
    assert f"Le port {port} est déjà pris" in done.stderr
    assert not (private_folder / "postgres").exists()


def test_mail_is_kept_as_a_file_for_its_reader_only(supervised: Supervised) -> None:
    settings = supervised.settings
    message = "From: mairie@localhost\r\nTo: lea@localhost\r\nSubject: Sortie\r\n\r\nÀ signer.\r\n"
    with smtplib.SMTP(settings["ENT_SMTP_HOST"], int(settings["ENT_SMTP_PORT"])) as smtp:
        smtp.sendmail("mairie@localhost", ["lea@localhost"], message.encode())

    (kept,) = (supervised.data / "mail").glob("*.eml")
    assert "Subject: Sortie" in kept.read_text()
    assert "X-Envelope-To: lea@localhost" in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0


def test_the_next_start_keeps_the_data_and_the_keys(supervised: Supervised) -> None:
    ask(supervised.settings["ENT_OWNER_DATABASE_URL"], "CREATE TABLE public.note (body text)")
    supervised.signal(signal.SIGTERM)

    again = Supervised(supervised.data)
    try:
        assert ask(again.settings["ENT_OWNER_DATABASE_URL"], "SELECT count(*) FROM public.note") == [(0,)]
        for name in ("ENT_SECRET_KEY", "ENT_PUSH_KEY"):
            assert again.settings[name] == supervised.settings[name]
    finally:
        again.signal(signal.SIGTERM)


def test_the_settings_file_is_private(supervised: Supervised) -> None:
    assert (supervised.data / "demo.env").stat().st_mode & 0o077 == 0


def test_reset_deletes_the_data(supervised: Supervised) -> None:
    supervised.signal(signal.SIGTERM)
    environment = os.environ | {"ENT_DATA_DIR": str(supervised.data)}

    subprocess.run([*RUN, "reset"], check=True, env=environment, stdout=subprocess.DEVNULL)

    left = {path.name for path in supervised.data.iterdir()}
    assert left <= {"lock", "log"}
    assert embedded("stop", supervised.data / "postgres") == {}

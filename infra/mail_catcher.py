"""Mail catcher of the demo: an SMTP server on 127.0.0.1 that keeps each message as a file and sends nothing.

Prints one line of JSON when ready, then lives until SIGTERM. Files are named so that their order is that of
arrival.
"""

import argparse
import json
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from processes import HOST, free_port

KEPT = 2000


class Keeper:
    """The aiosmtpd handler: one `.eml` per message, readable by the owner only, written in one step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{next(self.numbers):04}"
        draft = self.folder / f"{name}.part"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n".encode())
            file.write(envelope.original_content or b"")
        draft.replace(self.folder / f"{name}.eml")
        self._forget_oldest()
        return "250 OK"

    def _forget_oldest(self) -> None:
        for path in sorted(self.folder.glob("*.eml"))[:-KEPT]:
            path.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = options.port or free_port(0)
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    controller = Controller(Keeper(options.folder), hostname=HOST, port=port, enable_SMTPUTF8=True)
    controller.start()
    print(json.dumps({"host": HOST, "port": port}), flush=True)
    stop.wait()
    controller.stop()


if __name__ == "__main__":
    sys.exit(main())

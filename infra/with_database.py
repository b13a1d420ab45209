"""`with_database.py COMMAND…`: runs a command with a throw-away database and broker, for the checks."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

EMBEDDED = Path(__file__).with_name("embedded.py")


def launch(kind: str, folder: Path) -> dict:
    options = ["--data", folder / kind, "--unsafe-fast", "--detach"]
    printed = subprocess.run([sys.executable, EMBEDDED, kind, *options], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(printed)


def remove(kind: str, folder: Path) -> None:
    subprocess.run([sys.executable, EMBEDDED, "remove", "--data", folder / kind], check=True)


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        try:
            postgres, valkey = launch("postgres", folder), launch("valkey", folder)
            settings = {
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "ENT_DATABASE_URL": postgres["app_url"],
                "ENT_OWNER_DATABASE_URL": postgres["owner_url"],
                "ENT_BROKER_URL": f"{valkey['url']}/0",
                "ENT_CACHE_URL": f"{valkey['url']}/1",
                "ENT_DATA_DIR": str(folder),
            }
            return subprocess.run(sys.argv[1:], env=os.environ | settings, check=False).returncode
        finally:
            remove("postgres", folder)
            remove("valkey", folder)


if __name__ == "__main__":
    sys.exit(main())

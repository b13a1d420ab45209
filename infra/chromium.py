"""Prints the path of a Chromium for the browser journeys, installing one when there is none.

PATH first, then Debian's package (root only), then Playwright's own. Prints nothing when there is none: the
journeys are then reported as not run; with CI=true that is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
APT = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]


def on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = [*APT, "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"]
    print("Installation de Chromium (paquet de Debian)…", file=sys.stderr)
    for command in (install, [*APT, "update"], install):
        done = subprocess.run(command, env=environment, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)
        if command is install and done.returncode == 0:
            break
    return on_path()


def from_playwright() -> str | None:
    """Asked of Playwright's driver, which knows where it keeps its browsers."""
    found = _playwright_path()
    if found is None:
        print("Installation de Chromium (Playwright)…", file=sys.stderr)
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, stdout=sys.stderr, check=False)
    return found or _playwright_path()


def _playwright_path() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    path = on_path() or from_debian() or from_playwright()
    if path:
        print(path)
        return 0
    print("Chromium est introuvable : les parcours dans un navigateur ne sont PAS joués.", file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())

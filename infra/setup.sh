#!/bin/sh
# Makes the environment (.venv) and what is built from the sources. Does nothing, and needs no network, when nothing
# has changed since the last time. Works as root or not, from any path, with no tool but Python (venv or pip).
set -eu
cd "$(dirname "$0")/.."
stamp=var/setup.stamp
mkdir -p var

# The machine's own store of certificates where there is one: the proxy of a school's or a town's network is known there.
if [ -z "${SSL_CERT_FILE:-}" ] && [ -r /etc/ssl/certs/ca-certificates.crt ]; then
    export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
fi

say() { printf '%s\n' "$*" >&2; }

# The system's first: a distribution builds it from its profile, and pages cost a tenth to a fifth less than under one
# compiled on the spot, which often comes first in PATH. Imports: a minimal Python lacks some of these.
find_python() {
    for candidate in "${ENT_PYTHON:-/usr/bin/python3}" python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sqlite3, ssl, sys, zoneinfo; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
            2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    say "Python 3.11, 3.12 ou 3.13 est nécessaire (python3 introuvable ou d’une autre version)."
    exit 1
}

find_uv() {
    if command -v uv; then
        return
    fi
    if [ ! -x var/uv/bin/uv ]; then
        say "Installation de uv dans var/uv…"
        rm -rf var/uv
        # Debian ships Python with venv or pip in packages of their own: either will do, of any Python that is there.
        for any in "$1" python3; do
            if "$any" -m venv var/uv >/dev/null 2>&1; then
                var/uv/bin/python -m pip install --quiet --disable-pip-version-check uv >&2
            else
                rm -rf var/uv
                "$any" -m pip install --quiet --disable-pip-version-check --target var/uv uv >&2 || continue
            fi
            break
        done
    fi
    printf '%s\n' "$PWD/var/uv/bin/uv"
}

# The folder counts: an environment does not survive a move.
wanted=$({ pwd; printf '%s\n' "${ENT_PYTHON:-}"; cat uv.lock pyproject.toml infra/setup.sh; } | cksum)
if [ ! -x .venv/bin/python ] || [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
    python=$(find_python)
    uv=$(find_uv "$python")
    # A user without a home of their own (a service account) keeps the cache here.
    [ -w "${HOME:-/nonexistent}" ] || export UV_CACHE_DIR="$PWD/var/uv-cache"
    say "Installation de l’environnement (une à deux minutes la première fois)…"
    # Compiled now rather than at each start: some machines forbid Python to write its bytecode as it goes.
    "$uv" sync --frozen --quiet --compile-bytecode --python "$python"
    printf '%s\n' "$wanted" >"$stamp"
fi

if [ -f infra/frontend.py ]; then
    .venv/bin/python infra/frontend.py
fi
.venv/bin/python infra/catalogue.py compile

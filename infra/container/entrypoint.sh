#!/bin/sh
# What a container of the image does: web | worker | beat | migrate | manage <command…> | ready | alive
set -eu
cd "$(dirname "$0")/../.."
scratch=${TMPDIR:-/tmp}

# Refuses to start what must never run: the demo in production, a pooler in transaction mode, a cache that mixes communes.
start_up_check() {
    python manage.py check --deploy --database default >&2
}

case "${1:-web}" in
web)
    start_up_check
    # Each process writes its figures here, and /metrics adds them up; those of an earlier life must not count.
    export PROMETHEUS_MULTIPROC_DIR="$scratch/prometheus"
    rm -rf "$PROMETHEUS_MULTIPROC_DIR"
    mkdir -p "$PROMETHEUS_MULTIPROC_DIR"
    exec python -m config.web
    ;;
worker)
    start_up_check
    exec celery --quiet -A config.celery worker --pool=prefork --without-mingle \
        --concurrency="${ENT_WORKER_CONCURRENCY:-4}"
    ;;
beat)
    start_up_check
    exec celery --quiet -A config.celery beat --schedule "$scratch/beat-schedule" --pidfile=
    ;;
migrate)
    start_up_check
    python manage.py fleet bootstrap
    exec python manage.py fleet migrate --release
    ;;
manage)
    shift
    exec python manage.py "$@"
    ;;
ready)
    exec python -c 'import urllib.request; urllib.request.urlopen("http://127.0.0.1:8000/readyz", timeout=5)'
    ;;
alive)
    # The worker touches the file at each heartbeat: one that is five minutes old means a loop that is stuck.
    test -n "$(find "${ENT_HEARTBEAT_FILE:?}" -mmin -5)"
    ;;
*)
    echo "web | worker | beat | migrate | manage <command…> | ready | alive" >&2
    exit 64
    ;;
esac

#!/bin/sh
# Everything a machine can say about the code without running the suite. Goes on after a failure, to say it all.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
rooms="tenants shared_apps tenant_apps provisioning"
failed=""

step() {
    label=$1
    shift
    printf '\n— %s\n' "$label"
    "$@" || failed="$failed
  $label"
}

typed() {
    # shellcheck disable=SC2046,SC2086
    $bin/python -m mypy platform/core $(find $rooms \
        \( -name services.py -o -name querysets.py -o -path '*/services/*.py' -o -path '*/querysets/*.py' \) \
        -not -path '*/__pycache__/*' | sort)
}

step "Style du code" $bin/ruff check .
step "Mise en forme" $bin/ruff format --check .
step "Étages" $bin/lint-imports
step "Types" typed
# shellcheck disable=SC2086
step "Gabarits" $bin/djlint --lint --quiet platform $rooms
step "Catalogue" $bin/python infra/catalogue.py check
step "Migrations" $bin/python infra/with_database.py $bin/python infra/check_migrations.py

if [ -n "$failed" ]; then
    printf '\nÉchec :%s\n' "$failed"
    exit 1
fi
printf '\nTout est en ordre.\n'

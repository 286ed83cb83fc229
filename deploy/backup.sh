#!/usr/bin/env bash
# Backs up documents, results, database, configuration and logs. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: deploy/backup.sh [FOLDER]

Writes FOLDER/<date>_<time>/ with generated.tar.gz (originals and results), database.sqlite3,
logs.tar.gz, env and SHA256SUMS. FOLDER is /backup/invoice-agent unless given. The service may
run meanwhile. The backup holds invoices and keys: only its owner can read it.
TEXT
}

case ${1-} in
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
esac

destination=${1:-/backup/invoice-agent}
case $destination in /*) ;; *) destination=$PWD/$destination ;; esac
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/environment.sh
. deploy/environment.sh
# shellcheck source=deploy/data_folders.sh
. deploy/data_folders.sh
umask 077

target=$destination/$(date +%Y%m%d_%H%M%S)
# Under another name until it is whole, so that nobody restores half a backup.
work=$target.unfinished
mkdir -p -- "$destination"
mkdir -- "$work"
trap 'rm -rf -- "$work"' EXIT

# The database first: files are written before their rows, so what a row speaks of is in the
# archive that follows. SQLite's own backup is consistent while the service writes.
if [ -f "$DATABASE" ]; then
    venv/bin/python - "$DATABASE" "$work/database.sqlite3" <<'PYTHON'
import sqlite3, sys
from contextlib import closing

with closing(sqlite3.connect(sys.argv[1])) as source, closing(sqlite3.connect(sys.argv[2])) as copy:
    source.backup(copy)
PYTHON
fi

# Files that come or go while tar reads are no failure (status 1); all else is.
archive() {
    local status=0
    # The live database and its write-ahead log would not fit together; the copy above does.
    # Half-arrived files in .staging are nobody's yet.
    tar -czf "$1" --exclude="./$(basename -- "$DATABASE")*" --exclude=./.staging -C "$2" . ||
        status=$?
    [ "$status" -le 1 ] || fail "$2 could not be archived."
}
archive "$work/generated.tar.gz" "$GENERATED"
archive "$work/logs.tar.gz" "$LOGS"
if [ -f .env ]; then cp -- .env "$work/env"; fi

checksums "$work" >"$work/SHA256SUMS.new"
mv -- "$work/SHA256SUMS.new" "$work/SHA256SUMS"
sync
mv -- "$work" "$target"
say "$target"

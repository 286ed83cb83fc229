#!/usr/bin/env bash
# Puts a backup back. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: deploy/restore.sh BACKUP [--with-env]

Puts back what deploy/backup.sh wrote to the folder BACKUP: documents, results and database. Stop
the service first. The backup is checked before anything changes; what is there now is kept
beside it as <folder>.before-<date>_<time>. Logs stay as they are.

  --with-env   also put back .env, for a new machine
TEXT
}

with_env=false
backup=
for argument in "$@"; do
    case $argument in
        --with-env) with_env=true ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; exit 2 ;;
        *) backup=$argument ;;
    esac
done
[ -n "$backup" ] || { usage >&2; exit 2; }
case $backup in /*) ;; *) backup=$PWD/$backup ;; esac

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/environment.sh
. deploy/environment.sh
stamp=$(date +%Y%m%d_%H%M%S)
umask 077

[ -f "$backup/SHA256SUMS" ] || fail "$backup is no whole backup: SHA256SUMS is missing."
# First, because it says where the folders are.
if $with_env; then
    [ -f "$backup/env" ] || fail "$backup holds no .env."
    if [ -e .env ]; then mv -- .env ".env.before-$stamp"; fi
    cp -- "$backup/env" .env
fi
# shellcheck source=deploy/data_folders.sh
. deploy/data_folders.sh

[ "$(checksums "$backup")" = "$(cat "$backup/SHA256SUMS")" ] ||
    fail "$backup is damaged: its files don't match SHA256SUMS. Nothing was changed."
if is_in_use; then
    fail "A process works on $DATABASE. Stop it first:" \
        "sudo systemctl stop invoice-agent-api   (or Ctrl-C where it was started)"
fi

# Beside the folder, so that the last step is a rename.
fresh=$GENERATED.restoring
rm -rf -- "$fresh"
mkdir -p -- "$fresh"
tar -xzf "$backup/generated.tar.gz" -C "$fresh"
if [ -e "$GENERATED" ]; then mv -- "$GENERATED" "$GENERATED.before-$stamp"; fi
mv -- "$fresh" "$GENERATED"

if [ -f "$backup/database.sqlite3" ]; then
    # With its write-ahead log: the two belong together.
    for file in "$DATABASE" "$DATABASE-wal" "$DATABASE-shm"; do
        if [ -e "$file" ]; then mv -- "$file" "$file.before-$stamp"; fi
    done
    mkdir -p -- "$(dirname -- "$DATABASE")"
    cp -- "$backup/database.sqlite3" "$DATABASE"
fi

say "Restored $backup. Before the service starts, give the files to its account, such as:"
say "  sudo chown -R invoice-agent:invoice-agent '$GENERATED' .env"

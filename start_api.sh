#!/usr/bin/env bash
# Sets up what is missing and starts the API. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: ./start_api.sh [--check] [--samples]

Makes venv/, installs requirements.txt, copies .env.template to .env, makes the folders, checks
the configuration and serves the API on HOST and PORT (http://127.0.0.1:8000 unless .env or the
environment says otherwise). What is already there is left alone: a second start takes seconds.

  --check     do all that but don't serve; exit status 0 if it could, 1 if not
  --samples   also put the project's sample invoices into the incoming folder
  --help      show this text

With DEBUG=true the server restarts itself when the code changes.
TEXT
}

check_only=false
with_samples=false
for argument in "$@"; do
    case $argument in
        --check) check_only=true ;;
        --samples) with_samples=true ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; printf '\nerror: unknown option %s\n' "$argument" >&2; exit 2 ;;
    esac
done

cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
# shellcheck source=deploy/environment.sh
. deploy/environment.sh

find_python
# First of all, so that a start beside a running service leaves no trace. A check may well be
# made beside it.
$check_only || STARTED_AS=./start_api.sh "$PYTHON" deploy/port_check.py "" "" PORT

prepare requirements.txt
[ -e .env ] || deploy/init_env.sh --local
venv/bin/python -m src.cli check || exit 1

# Not mapfile: bash 3.2 has none.
{ read -r host && read -r port && read -r debug && read -r incoming; } < <(
    venv/bin/python -c '
from config.settings import settings
print(settings.host, settings.port, settings.debug, settings.incoming_folder, sep="\n")'
)

if $with_samples; then
    # A hidden name is not taken by the folder watch, so no half-copied file is either.
    for sample in samples/files/*; do
        [ -f "$sample" ] || fail "samples/files is empty: the sample invoices are missing."
        name=$(basename -- "$sample")
        cp -- "$sample" "$incoming/.$name.copying"
        mv -- "$incoming/.$name.copying" "$incoming/$name"
    done
    say "Sample invoices are in $incoming/"
fi

if $check_only; then
    say "Ready: ./start_api.sh would serve http://$host:$port"
    exit 0
fi

say "Serving http://$host:$port (documentation at /docs); Ctrl-C stops it"
reload=()
# Only the code is watched; venv/ and the data folders change without meaning anything.
if [ "$debug" = True ]; then reload=(--reload --reload-dir src --reload-dir config); fi
# exec: the server takes this process over, so signals and `pgrep -f uvicorn` reach it alone.
exec venv/bin/python -m uvicorn src.api.main:app --host "$host" --port "$port" \
    ${reload[@]+"${reload[@]}"}

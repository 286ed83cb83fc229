#!/usr/bin/env bash
# Sets up what is missing and starts the dashboard. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: ./start_dashboard.sh [--check]

Makes venv/, installs requirements.txt, copies .env.template to .env if there is none and serves
the dashboard on http://127.0.0.1:8501. It asks the API at API_BASE_URL; start that with
./start_api.sh in another terminal. A second start takes seconds.

  --check     do all that but don't serve; exit status 0 if it could, 1 if not
  --help      show this text

STREAMLIT_SERVER_ADDRESS and STREAMLIT_SERVER_PORT change where it listens. Before you open it to
other machines, read "Access" in docs/operating.md.
TEXT
}

check_only=false
for argument in "$@"; do
    case $argument in
        --check) check_only=true ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; printf '\nerror: unknown option %s\n' "$argument" >&2; exit 2 ;;
    esac
done

cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
# shellcheck source=deploy/environment.sh
. deploy/environment.sh

address=${STREAMLIT_SERVER_ADDRESS:-127.0.0.1}
port=${STREAMLIT_SERVER_PORT:-8501}

find_python
$check_only || STARTED_AS=./start_dashboard.sh \
    "$PYTHON" deploy/port_check.py "$address" "$port" STREAMLIT_SERVER_PORT

prepare requirements.txt
[ -e .env ] || deploy/init_env.sh --local
venv/bin/python -m config.dashboard_settings

if $check_only; then
    say "Ready: ./start_dashboard.sh would serve http://$address:$port"
    exit 0
fi

# exec: the server takes this process over, so signals reach it.
exec venv/bin/python -m streamlit run dashboard/app.py \
    --server.address "$address" --server.port "$port"

#!/usr/bin/env bash
# Sets up what is missing and runs every check. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: ./run_tests.sh [--fast | --extended]

Makes venv/, installs requirements-dev.txt and, as root or with sudo that asks no password, the
Debian packages the tests use, then checks: format, lint, types, rooms (import rules), shell
scripts and the tests with their coverage. The tests also ask systemd-analyze, nginx and docker
compose about the files in deploy/. Exit status 0 if all is well.

  --fast      leave out tests marked slow, and coverage
  --extended  also the tests marked extended (long runs, big fuzzing, a real model server:
              130 MB are fetched for it the first time)
  --help      show this text
TEXT
}

mode=default
case ${1-} in
    '') ;;
    --fast) mode=fast ;;
    --extended) mode=extended ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
# shellcheck source=deploy/environment.sh
. deploy/environment.sh

# command:package pairs; what is missing is installed where that needs no question.
DEBIAN_PACKAGES="pdftoppm:poppler-utils nginx:nginx systemd-analyze:systemd openssl:openssl
    docker-compose:docker-compose chromium:chromium"

install_system_packages() {
    local pair missing=()
    for pair in $DEBIAN_PACKAGES; do
        PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
    done
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    local as_root=()
    if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
    if command -v apt-get >/dev/null && ${as_root[@]+"${as_root[@]}"} true 2>/dev/null; then
        say "Installing Debian packages: ${missing[*]}"
        ${as_root[@]+"${as_root[@]}"} apt-get update -qq
        # RUNLEVEL=1 keeps nginx from being started by its installation.
        ${as_root[@]+"${as_root[@]}"} env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    else
        say "Missing, so their tests are left out (see the end): ${missing[*]}"
    fi
}

# Packages of single tests, apart from those of the product; without them those tests are left out.
install_extended() {
    local list=requirements-extended.txt
    if is_installed "$list"; then return; fi
    say "Installing the packages of $list into venv/extended"
    if venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --no-deps \
        --target venv/extended -r "$list"; then
        remember_installed "$list"
    else
        say "They could not be installed, so their tests are left out (see the end)"
    fi
}

failed=()

# part NAME SECONDS COMMAND…: runs it within its time budget and prints how long it took.
part() {
    local name=$1 budget=$2 begin=$SECONDS status=0 limit=()
    shift 2
    if command -v timeout >/dev/null; then limit=(timeout --kill-after=20 "$budget"); fi
    say "== $name"
    ${limit[@]+"${limit[@]}"} "$@" || status=$?
    say "   $((SECONDS - begin)) s"
    if [ "$status" -eq 124 ]; then say "   stopped: more than its $budget s"; fi
    if [ "$status" -ne 0 ]; then failed+=("$name"); fi
}

# What still runs in a session. What has ended and was never asked how, because the process that
# inherits orphans here does not ask, does not count.
running_in() {
    ps -o stat=,pid=,args= --sid "$1" 2>/dev/null |
        awk '$1 !~ /^Z/ { print; found = 1 } END { exit !found }'
}

# The tests run in a session of their own, which tells afterwards what they left running.
tests() {
    local budget=$1 session status=0 limit=() apart=()
    shift
    if command -v timeout >/dev/null; then limit=(timeout --kill-after=20 "$budget"); fi
    if command -v setsid >/dev/null; then apart=(setsid --wait); fi
    say "== tests"
    ${apart[@]+"${apart[@]}"} ${limit[@]+"${limit[@]}"} venv/bin/python -m pytest "$@" &
    session=$!
    trap 'kill -TERM "$session" 2>/dev/null' INT TERM
    wait "$session" || status=$?
    trap - INT TERM
    if [ "$status" -ne 0 ]; then failed+=(tests); fi
    # Helpers of a process that just ended may need a moment to notice.
    local wait_more=30
    while [ ${#apart[@]} -gt 0 ] && [ $wait_more -gt 0 ] && running_in "$session" >/dev/null; do
        sleep 1
        wait_more=$((wait_more - 1))
    done
    if [ ${#apart[@]} -gt 0 ] && running_in "$session"; then
        say "The tests left these processes running; ending them"
        pkill -KILL -s "$session" || true
        failed+=("processes left running")
    fi
}

install_system_packages
prepare requirements-dev.txt
# They are all in the list just installed, so start_api.sh need not look again.
remember_installed requirements.txt
if [ "$mode" = extended ]; then install_extended; fi

bin=venv/bin
part "format" 60 $bin/ruff format --check .
part "lint" 60 $bin/ruff check .
part "types" 300 $bin/mypy
part "rooms" 60 $bin/lint-imports
part "shell scripts" 60 $bin/shellcheck --external-sources \
    start_api.sh start_dashboard.sh run_tests.sh .ci/run deploy/*.sh

case $mode in
    fast) tests 300 -m "not slow and not extended" -rsfE ;;
    default) tests 1080 -m "not extended" -rsfE --tb=short --cov --cov-report= ;;
    extended) tests 7200 -rsfE --tb=short --cov --cov-report= ;;
esac

# On success the last line is that of the tests.
if [ ${#failed[@]} -gt 0 ]; then
    printf 'failed: %s\n' "${failed[@]}" >&2
    exit 1
fi

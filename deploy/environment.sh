# shellcheck shell=bash
# What start_api.sh, start_dashboard.sh and run_tests.sh share: a Python, a venv, the pinned
# packages. Sourced, with the working directory at the top of the project; runs nothing itself.
# Written for bash 3.2, the one macOS has.

say() { printf '%s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

# True when $1 runs and is new enough. A pyenv shim of a version that is not selected exists
# as a command but fails, so running it is the only test that counts.
is_usable_python() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Sets PYTHON to the first usable interpreter; versions the tests ran with come first.
find_python() {
    local candidate
    for candidate in python3.11 python3.12 python3.13 python3 python; do
        if is_usable_python "$candidate"; then
            PYTHON=$(command -v "$candidate")
            return
        fi
    done
    fail "Python 3.11 or newer was not found." \
        "Debian, Ubuntu:  sudo apt install python3 python3-venv" \
        "macOS:           brew install python@3.12" \
        "Or download it from https://www.python.org/downloads/ and run this again."
}

have_uv() { uv --version >/dev/null 2>&1; }

make_venv() {
    if is_usable_python venv/bin/python; then return; fi
    if [ -e venv ]; then
        say "venv/ does not work any more (its Python moved or is too old): making it anew"
    else
        say "Making venv/ with $PYTHON"
    fi
    # --seed puts pip in, so that the pip lines of the documentation work as well.
    if have_uv && uv venv --quiet --clear --seed --python "$PYTHON" venv; then return; fi
    if "$PYTHON" -m venv --clear venv; then return; fi
    # A venv without pip would pass for a good one at the next start.
    rm -rf venv
    fail "Python's venv module is missing or broken." \
        "Debian, Ubuntu:  sudo apt install python3-venv" \
        "Then run this again."
}

# The identity of an installation: the pinned list and the interpreter it was installed for.
fingerprint() {
    cksum <"$1"
    venv/bin/python -c 'import sys; print(sys.version)'
}

stamp_of() { printf 'venv/.installed-%s' "$1"; }

is_installed() { [ "$(fingerprint "$1")" = "$(cat "$(stamp_of "$1")" 2>/dev/null)" ]; }

# Remembers that the pinned list $1 is installed. Called only after it succeeded: a broken-off
# installation is repeated at the next start.
remember_installed() { fingerprint "$1" >"$(stamp_of "$1")"; }

install_packages() {
    local list=$1
    if is_installed "$list"; then return; fi
    say "Installing the packages of $list (a minute or more the first time)"
    if ! { have_uv && uv pip install --quiet --python venv/bin/python -r "$list"; }; then
        venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$list" ||
            fail "The packages of $list could not be installed; the lines above say why." \
                "Without internet access, point pip at your package mirror (PIP_INDEX_URL)" \
                "or at a folder of wheels (PIP_NO_INDEX=1 PIP_FIND_LINKS=/path/to/wheels)."
    fi
    remember_installed "$list"
}

# Makes venv/ and installs the pinned lists named as arguments. The API and the dashboard are
# often started at the same moment in two terminals; the lock lets one of them install. It is
# on a file that is there anyway and is given up when descriptor 9 closes.
prepare() {
    find_python
    exec 9<requirements.txt
    if command -v flock >/dev/null; then
        flock --nonblock 9 || { say "Waiting for another start to finish installing"; flock 9; }
    fi
    make_venv
    local list
    for list in "$@"; do install_packages "$list"; done
    exec 9<&-
}

# shellcheck shell=bash
# Where the service keeps its data, as its configuration says. Sourced by backup.sh and
# restore.sh from the top of the project, after environment.sh.

[ -x venv/bin/python ] || fail "venv/ is missing: run ./start_api.sh --check first."
{ read -r GENERATED && read -r LOGS && read -r DATABASE; } < <(
    venv/bin/python -c '
from config.settings import settings as s
print(s.generated_folder.resolve(), s.log_folder.resolve(), sep="\n")
print(s.resolved_database_url.removeprefix("sqlite:///"))'
) || fail "The configuration cannot be read; the lines above say why."
export GENERATED LOGS DATABASE

# SHA-256 of the files in folder $1, as `sha256sum` prints them.
checksums() {
    venv/bin/python - "$1" <<'PYTHON'
import hashlib, sys
from pathlib import Path

for path in sorted(Path(sys.argv[1]).iterdir()):
    if not path.name.startswith("SHA256SUMS"):
        with path.open("rb") as file:
            print(hashlib.file_digest(file, "sha256").hexdigest(), "", path.name)
PYTHON
}

# True while a process works on the database: the service holds this lock as long as it lives.
is_in_use() {
    [ -e "$DATABASE.lock" ] || return 1
    ! venv/bin/python - "$DATABASE.lock" <<'PYTHON'
import sys
from filelock import FileLock, Timeout

try:
    FileLock(sys.argv[1], timeout=0).acquire()
except Timeout:
    sys.exit(1)
PYTHON
}

# shellcheck shell=bash
# Where the service keeps its data, as its configuration says. Sourced by backup.sh and
# restore.sh from the top of the project, after environment.sh.

[ -x venv/bin/python ] || fail "venv/ is missing: run ./start_api.sh --check first."
{ read -r GENERATED && read -r LOGS && read -r DATABASE && read -r API_PORT; } < <(
    venv/bin/python -c '
from config.settings import settings as s
print(s.generated_folder.resolve(), s.log_folder.resolve(), sep="\n")
print(s.resolved_database_url.removeprefix("sqlite:///"), s.port, sep="\n")'
) || fail "The configuration cannot be read; the lines above say why."
export GENERATED LOGS DATABASE API_PORT

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

"""The command line. Imports nothing heavy: `--help` answers at once, also without settings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from src.cli.exit_codes import MEANINGS

_EXIT_CODES = "exit codes:\n" + "\n".join(
    f"  {code.value:>3}  {meaning}" for code, meaning in MEANINGS.items()
)

_PROCESS = """Process files as the service does: read, extract, check, decide, keep.
The files stay where they are; originals and results go to GENERATED_FOLDER, or to DIR.

The service must not be running on the same folder. If it is, give --out DIR, or upload:
  curl -F file=@invoice.pdf http://localhost:8000/upload"""

_EXAMPLES = """examples:
  python -m src.cli process invoice.pdf
  python -m src.cli process --json --out /tmp/results scans/*.jpg | jq '.[].result.review_status'
  python -m src.cli engines"""


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="python -m src.cli",
        description="AI Invoice Agent without its server.",
        epilog=f"{_EXAMPLES}\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    process = commands.add_parser(
        "process",
        help="process files and show the results",
        description=_PROCESS,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    process.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="PDF, image or e-invoice XML"
    )
    process.add_argument(
        "--engine", metavar="E", help="instead of EXTRACTION_ENGINE; see the command engines"
    )
    process.add_argument(
        "--json", action="store_true", help="whole results as a JSON array instead of a table"
    )
    process.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for results, database and logs of this run"
    )
    process.add_argument(
        "--force", action="store_true", help="process a file even if its bytes are known"
    )

    for name, told, described in (
        ("engines", "what can extract now, and why not", "Exit code 4: none can work now."),
        ("schema", "JSON Schema of a result", "Of invoice.json and of GET /results/{file_id}."),
        (
            "check",
            "check the configuration",
            "Settings, folders, disk, port and access; exit code 5: the service cannot start.",
        ),
    ):
        commands.add_parser(name, help=told, description=f"{told.capitalize()}. {described}")
    return root


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Ends the program with code 2 when the line is wrong, 0 after `--help`."""
    return parser().parse_args(arguments)

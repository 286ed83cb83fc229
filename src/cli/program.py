"""From the command line to an exit code: the only place where errors become text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from src.cli.arguments import parse
from src.cli.exit_codes import ExitCode, of_error
from src.domain.errors import Conflict, InvoiceAgentError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. A known error is one message, never a traceback."""
    parsed = parse(arguments)
    try:
        return _run(parsed)
    except InvoiceAgentError as error:
        _tell(error.message)
        if isinstance(error, Conflict):
            _tell("Give --out DIR to use a folder of its own, or upload the file to the service.")
        return of_error(type(error))
    except ValueError as problem:
        # The class cannot be imported from a module that fails to import.
        if type(problem).__name__ != "ConfigurationProblem":
            raise
        _tell(str(problem))
        return ExitCode.CONFIGURATION
    except KeyboardInterrupt:
        _tell("Interrupted.")
        return ExitCode.INTERRUPTED


def _run(parsed: argparse.Namespace) -> ExitCode:
    # Imported here: reading the settings may fail, and `--help` must not.
    from src.cli import about, checking, processing  # noqa: PLC0415

    if parsed.command == "schema":
        return about.schema()
    if parsed.command == "check":
        return checking.check()
    if parsed.command == "engines":
        return about.engines()
    order = processing.Order(
        files=tuple(parsed.files),
        engine=parsed.engine,
        as_json=parsed.json,
        out=parsed.out,
        force=parsed.force,
    )
    return processing.process(order)


def _tell(message: str) -> None:
    sys.stderr.write(message + "\n")

"""Results on a terminal: a progress bar on stderr, a table or JSON on stdout."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from src.cli.processing import Outcome

# What could steer a terminal or turn the direction of text; documents are hostile.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

_PIPE_WIDTH = 240
# Heading -> characters at most.
_COLUMNS = {
    "File": 40,
    "State": 22,
    "Vendor": 30,
    "Number": 24,
    "Date": 10,
    "Total": 18,
    "Engine": 10,
    "Seconds": 8,
}


def plain(text: object) -> Text:
    """Text from a document, without markup and control characters."""
    return Text("" if text is None else _UNSAFE.sub("�", str(text)))


@contextmanager
def progress_of(count: int) -> Iterator[Callable[[float], None]]:
    """A bar over `count` files, called with how many are done; only for several, on a terminal."""
    console = Console(stderr=True)
    if count < 2 or not console.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("processing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("processing", total=count)
        yield lambda done: bar.update(task, completed=int(done * 100) / 100)


def terminal() -> Console:
    """stdout; wide when it is a file or a pipe, so that nothing is cut off there."""
    console = Console()
    return console if console.is_terminal else Console(width=_PIPE_WIDTH)


def show_table(outcomes: Sequence[Outcome]) -> None:
    """One row a file; below it the reasons of those that failed or need a person."""
    table = Table(box=None, pad_edge=False)
    for heading, longest in _COLUMNS.items():
        right = heading in {"Total", "Seconds"}
        table.add_column(
            heading,
            justify="right" if right else "left",
            no_wrap=True,
            overflow="ellipsis",
            max_width=longest,
        )
    for outcome in outcomes:
        table.add_row(*(plain(cell) for cell in _cells(outcome)))
    console = terminal()
    console.print(table)
    for outcome in outcomes:
        for reason in _reasons(outcome):
            console.print(plain(f"{outcome.path.name}: {reason}"), soft_wrap=True)


def _cells(outcome: Outcome) -> tuple[object, ...]:
    record = outcome.record
    state = outcome.code.name.lower().replace("_", " ")
    if outcome.duplicate_of:
        state += " (known)"
    if record is None:
        return (outcome.path.name, state, "", "", "", "", "", "")
    total = "" if record.total is None else f"{record.total} {record.currency or ''}".strip()
    return (
        outcome.path.name,
        state,
        record.vendor_name,
        record.invoice_number,
        record.invoice_date,
        total,
        record.engine,
        "" if record.seconds is None else f"{record.seconds:.1f}",
    )


def _reasons(outcome: Outcome) -> list[str]:
    if outcome.failure is not None:
        return [outcome.failure.message]
    if outcome.result is None:
        return []
    findings = [f"{each.message} {each.remedy}" for each in outcome.result.findings]
    told = {each.code for each in outcome.result.findings}
    return findings + [each for each in outcome.result.review_reasons if each not in told]


def show_json(outcomes: Sequence[Outcome]) -> None:
    write_json([_as_json(outcome) for outcome in outcomes])


def _as_json(outcome: Outcome) -> dict[str, Any]:
    record, failure = outcome.record, outcome.failure
    return {
        "file": str(outcome.path),
        "outcome": outcome.code.name.lower(),
        "file_id": record.document.id if record else None,
        "duplicate_of": outcome.duplicate_of,
        "result": outcome.result.model_dump(mode="json") if outcome.result else None,
        "error": failure and {"code": failure.code, "message": failure.message},
    }


def write_json(value: Any) -> None:
    """Indented UTF-8 to stdout, whatever the terminal's encoding."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
    sys.stdout.flush()

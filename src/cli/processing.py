"""`process`: take files, wait for their results, show them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.settings import Settings, load_settings
from src.bootstrap import Application, build
from src.cli.exit_codes import ExitCode, of_error, worst
from src.cli.showing import progress_of, show_json, show_table
from src.domain.document import JobState, Origin, SourceFile
from src.domain.errors import InvoiceAgentError, NotFound, SourceRejected
from src.domain.results import Failure, IntakeReceipt, ProcessedInvoice, ResultRecord
from src.domain.review import ReviewStatus

_POLL_SECONDS = 0.1
_ENDED = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the command line asks for."""

    files: tuple[Path, ...]
    engine: str | None
    as_json: bool
    # A folder of its own for results, database and logs; None: the service's.
    out: Path | None
    force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file."""

    path: Path
    code: ExitCode
    # None when the file was not taken at all.
    record: ResultRecord | None = None
    result: ProcessedInvoice | None = None
    failure: Failure | None = None
    duplicate_of: str | None = None


def process(order: Order) -> ExitCode:
    """Raises what starting raises; a file that cannot be done is an outcome, not an error."""
    outcomes = asyncio.run(_run(build(settings_for(order)), order))
    if order.as_json:
        show_json(outcomes)
    else:
        show_table(outcomes)
    return worst(outcome.code for outcome in outcomes)


async def _run(application: Application, order: Order) -> list[Outcome]:
    await application.start(watch=False, console=False)
    try:
        with progress_of(len(order.files)) as advance:
            return await _outcomes(application, order, advance)
    finally:
        await application.stop()


def settings_for(order: Order) -> Settings:
    """The settings with what the command line changes. Raises `ConfigurationProblem`."""
    changes: dict[str, Any] = {}
    if order.engine is not None:
        changes["extraction_engine"] = order.engine
    if order.out is not None:
        # Nothing is shared with a service that may be running.
        changes |= {
            "generated_folder": order.out,
            "log_folder": order.out / "logs",
            "database_url": "",
        }
    return load_settings(**changes)


async def _outcomes(
    application: Application, order: Order, advance: Callable[[float], None]
) -> list[Outcome]:
    taken: dict[Path, IntakeReceipt | InvoiceAgentError] = {}
    for path in order.files:
        taken[path] = await _take(application, path, force=order.force)
    ids = {
        receipt.duplicate_of or receipt.file_id
        for receipt in taken.values()
        if isinstance(receipt, IntakeReceipt)
    }
    await _ended(application, ids, not_taken=len(taken) - len(ids), advance=advance)
    return [await _outcome(application, path, receipt) for path, receipt in taken.items()]


async def _take(
    application: Application, path: Path, *, force: bool
) -> IntakeReceipt | InvoiceAgentError:
    if not await asyncio.to_thread(path.is_file):
        return NotFound(f"{path} is not a file.")
    source = SourceFile(
        name=path.name,
        origin=Origin.CLI,
        received_at=datetime.now(UTC),
        path=await asyncio.to_thread(path.resolve),
        force=force,
    )
    try:
        return await application.intake.take(source)
    except InvoiceAgentError as error:
        return error


async def _ended(
    application: Application, ids: set[str], *, not_taken: int, advance: Callable[[float], None]
) -> None:
    """Wait until every document has ended; tells how many, with fractions for running ones."""
    while True:
        records = [await application.results.get(document_id) for document_id in ids]
        running = [record for record in records if record.state not in _ENDED]
        ended = len(records) - len(running) + not_taken
        advance(ended + sum(record.progress for record in running))
        if not running:
            return
        await asyncio.sleep(_POLL_SECONDS)


async def _outcome(
    application: Application, path: Path, taken: IntakeReceipt | InvoiceAgentError
) -> Outcome:
    if isinstance(taken, InvoiceAgentError):
        failure = Failure(code=taken.code, message=taken.message, retryable=taken.retryable)
        return Outcome(path=path, code=of_error(type(taken)), failure=failure)
    document_id = taken.duplicate_of or taken.file_id
    record = await application.results.get(document_id)
    result = await application.results.invoice(document_id)
    return Outcome(
        path=path,
        code=_code(record, result),
        record=record,
        result=result,
        failure=record.failure if result is None else None,
        duplicate_of=taken.duplicate_of,
    )


def _code(record: ResultRecord, result: ProcessedInvoice | None) -> ExitCode:
    if record.state is JobState.SUCCEEDED and result is not None:
        accepted = result.review_status is ReviewStatus.ACCEPTED
        return ExitCode.ACCEPTED if accepted else ExitCode.NEEDS_REVIEW
    refused = {SourceRejected.code, *(kind.code for kind in SourceRejected.__subclasses__())}
    if record.failure is not None and record.failure.code in refused:
        return ExitCode.REJECTED
    return ExitCode.FAILED

"""`engines` and `schema`: what the program can do."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.table import Table

from config.settings import load_settings
from src.bootstrap import Application, build
from src.cli.exit_codes import ExitCode
from src.cli.showing import plain, terminal, write_json
from src.domain.results import ProcessedInvoice
from src.services.status import ServiceState, SystemStatus


def schema() -> ExitCode:
    """JSON Schema of a result to stdout."""
    write_json(ProcessedInvoice.model_json_schema(mode="serialization"))
    return ExitCode.ACCEPTED


def engines() -> ExitCode:
    """Readiness of every engine; FAILED when the configured one cannot work now."""
    status = _status_now()
    table = Table(box=None, pad_edge=False)
    for heading in ("Engine", "State", "Why", "What to do"):
        table.add_column(heading, overflow="fold")
    for name, readiness in status.engines.items():
        cells = (name, readiness.state.value, readiness.detail, readiness.remedy)
        table.add_row(*(plain(cell) for cell in cells))
    console = terminal()
    console.print(table)
    configured = status.health.services["ai_model"]
    console.print(plain(f"Now: {configured.state.value}. {configured.detail}"), soft_wrap=True)
    if configured.state is ServiceState.UNAVAILABLE:
        return ExitCode.FAILED
    return ExitCode.ACCEPTED


def _status_now() -> SystemStatus:
    """Of an application in a folder of its own: it must answer beside a running service."""
    with TemporaryDirectory(prefix="invoice-agent-") as name:
        folder = Path(name)
        settings = load_settings(
            incoming_folder=folder / "incoming",
            generated_folder=folder / "generated",
            log_folder=folder / "logs",
            database_url="",
        )
        return asyncio.run(_status_of(build(settings)))


async def _status_of(application: Application) -> SystemStatus:
    await application.start(watch=False, console=False)
    try:
        return await application.status.details()
    finally:
        await application.stop()

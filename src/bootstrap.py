"""Puts the rooms together: `build(settings)` gives the application, opened by `start()`."""

from __future__ import annotations

import asyncio
import gc
import os
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from loguru import logger

from config.settings import MEGABYTE, Engine, ModelOutage, Settings
from src.domain.checks import Rules, load_rules
from src.domain.document import DuplicatePolicy
from src.domain.errors import InvoiceAgentError, StorageFailed
from src.engines.einvoice.engine import EInvoiceEngine
from src.engines.layout.engine import LayoutEngine
from src.engines.null import NullEngine
from src.engines.selection import Selector
from src.engines.vision.engine import VisionEngine, VisionOptions
from src.engines.vision.server import ModelServer, Provider
from src.exporting.csv import CsvFormat, CsvLinesFormat
from src.exporting.jsonl import JsonLinesFormat
from src.exporting.xlsx import XlsxFormat
from src.notifying.log_files import close_logs, open_logs
from src.notifying.log_tail import LogTail
from src.ports import (
    EngineSelector,
    ExtractionEngine,
    FolderWatch,
    LogReader,
    PageRenderer,
    WorkQueue,
)
from src.queueing.cpu_pool import WorkerPool
from src.queueing.local import LocalQueue
from src.reading.completeness import looks_complete
from src.reading.inspection import Inspector
from src.reading.reader import Reader
from src.reading.rendering import Renderer
from src.services.document_reading import DocumentReading
from src.services.exports import ExportService
from src.services.figures import FiguresService
from src.services.intake import IntakeService
from src.services.invoice_processor import InvoiceProcessor
from src.services.job_runner import DocumentJobRunner
from src.services.judge import Judge
from src.services.orders import OrderService
from src.services.results import ResultsService
from src.services.review import ReviewService
from src.services.status import StatusService
from src.services.suppliers import SupplierMemoryService
from src.storage.database import Database
from src.storage.files import LocalFileStore
from src.storage.lock import ProcessLock
from src.storage.order_file import OrderFile
from src.storage.unit_of_work import SqlUnitOfWork
from src.watching.folder import IncomingFolder

MOST_WORKERS = 4
EXTRACTION_SECONDS = 60.0


def utc_now() -> datetime:
    return datetime.now(UTC)


def worker_count(setting: int) -> int:
    """Processes for reading. OCR keeps two cores busy, so one process serves two of them."""
    return setting or max(1, min(MOST_WORKERS, (os.cpu_count() or 2) // 2))


class Application:
    """All use cases over opened adapters. `async with` starts and stops it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        url = settings.resolved_database_url
        self._opened = AsyncExitStack()
        self._lock = ProcessLock(url)
        self._database = Database(url)
        self._files = LocalFileStore(settings.generated_folder)
        self._pool = WorkerPool(worker_count(settings.cpu_workers))
        self._orders = _order_file(settings)
        self.orders = OrderService(orders=self._orders)
        self._uow = SqlUnitOfWork(self._database, utc_now)
        layout = LayoutEngine(self._pool, EXTRACTION_SECONDS)
        self._vision = _vision_engine(settings, layout)
        selector = _selector(settings, self._vision, layout)
        renderer = Renderer(self._pool, page_seconds=settings.reading_timeout_seconds)
        reading = DocumentReading(
            reader=Reader(self._pool, page_seconds=settings.reading_timeout_seconds),
            files=self._files,
        )
        memory = SupplierMemoryService(orders=self._orders, clock=utc_now)
        self._judge = Judge(
            uow=self._uow,
            memory=memory,
            clock=utc_now,
            accept_confidence=settings.accept_confidence,
        )
        self.queue: WorkQueue = self._local_queue(reading, renderer, selector)
        self.intake = self._intake_service()
        self.watch: FolderWatch = IncomingFolder(
            settings.incoming_folder,
            self.intake,
            clock=utc_now,
            looks_complete=looks_complete,
            mode=settings.watch_mode.value,
            interval_seconds=settings.processing_interval_seconds,
            stability_seconds=settings.stability_seconds,
        )
        self.results = ResultsService(
            uow=self._uow,
            files=self._files,
            renderer=renderer,
            selector=selector,
            wake=self.queue.wake,
            forget=self._vision.forget,
        )
        self.review = ReviewService(
            uow=self._uow,
            files=self._files,
            reading=reading,
            judge=self._judge,
            listener=memory,
            clock=utc_now,
        )
        self.figures = FiguresService(uow=self._uow, clock=utc_now)
        self.exports = ExportService(
            uow=self._uow,
            formats=(CsvFormat(), CsvLinesFormat(), XlsxFormat(), JsonLinesFormat()),
            clock=utc_now,
        )
        self.logs: LogReader = LogTail(settings.log_folder)
        self.status = StatusService(
            uow=self._uow,
            queue=self.queue,
            watch=self.watch,
            selector=selector,
            generated_folder=settings.generated_folder,
            clock=utc_now,
        )

    def _local_queue(
        self, reading: DocumentReading, renderer: PageRenderer, selector: EngineSelector
    ) -> LocalQueue:
        processor = InvoiceProcessor(
            reading=reading,
            renderer=renderer,
            selector=selector,
            judge=self._judge,
            files=self._files,
            uow=self._uow,
            clock=utc_now,
        )
        runner = DocumentJobRunner(
            processor=processor,
            files=self._files,
            uow=self._uow,
            clock=utc_now,
            max_retries=self.settings.max_retry_attempts,
        )
        return LocalQueue(
            uow=self._uow,
            runner=runner,
            clock=utc_now,
            batch_size=self.settings.batch_size,
            max_attempts=self.settings.max_retry_attempts + 1,
            shutdown_seconds=self.settings.shutdown_seconds,
            on_abandoned=self._files.write_error,
        )

    def _intake_service(self) -> IntakeService:
        return IntakeService(
            files=self._files,
            inspector=Inspector(
                self._pool,
                supported_formats=self.settings.supported_formats,
                max_pages=self.settings.max_pages,
                max_megapixels=self.settings.max_megapixels,
            ),
            uow=self._uow,
            clock=utc_now,
            wake=self.queue.wake,
            max_bytes=self.settings.max_file_bytes,
            policy=DuplicatePolicy(self.settings.duplicate_policy.value),
        )

    async def start(self, *, watch: bool = True, console: bool = True) -> None:
        """Open everything in order; what was opened is closed again if a later step fails.

        Without `console` the log goes to its files only.

        Raises `ConfigurationError`, `StorageFailed`, and `Conflict` when another process works
        on the same database.
        """
        async with AsyncExitStack() as opening:
            await asyncio.to_thread(self._open_logs, console)
            opening.push_async_callback(asyncio.to_thread, close_logs)
            opening.push(_tell_failed_start)
            await asyncio.to_thread(self._make_folders)
            self._judge.use(await asyncio.to_thread(_load_rules, self.settings))
            await self._orders.open()
            gc.set_threshold(*self.settings.gc_thresholds)
            await self._lock.acquire()
            opening.push_async_callback(self._lock.release)
            await self._database.open()
            opening.push_async_callback(self._database.close)
            await self._files.open()
            opening.push_async_callback(self._pool.close)
            if self.settings.extraction_engine in {Engine.AUTO, Engine.VISION}:
                await self._vision.start()
            opening.push_async_callback(self._vision.stop)
            await self.queue.start()
            opening.push_async_callback(self.queue.stop)
            if watch:
                await self.watch.start()
                opening.push_async_callback(self.watch.stop)
            self._opened = opening.pop_all()
        logger.info(
            "{} {} is ready; watching {}",
            self.settings.app_name,
            self.settings.app_version,
            self.settings.incoming_folder,
        )

    async def stop(self) -> None:
        """Close everything in reverse order. Safe to call twice."""
        await self._opened.aclose()

    async def __aenter__(self) -> Application:
        await self.start(watch=False)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def _open_logs(self, console: bool) -> None:
        settings = self.settings
        try:
            open_logs(
                settings.log_folder,
                level="DEBUG" if settings.debug else settings.log_level.value,
                max_bytes=settings.log_max_size_mb * 1024 * 1024,
                backups=settings.log_backup_count,
                console=console,
                secrets=[
                    key.get_secret_value()
                    for key in (*settings.api_keys, settings.vision_api_key)
                    if key.get_secret_value()
                ],
            )
        except OSError as error:
            raise StorageFailed(
                f"The log files in {settings.log_folder} cannot be written ({error.strerror}). "
                "Give the folder to the service's user or set LOG_FOLDER."
            ) from error

    def _make_folders(self) -> None:
        for variable in ("incoming_folder", "generated_folder"):
            folder = getattr(self.settings, variable)
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageFailed(
                    f"{variable.upper()}={folder} cannot be made ({error.strerror}). "
                    "Make it and give it to the service's user, or choose another folder."
                ) from error


def _vision_engine(settings: Settings, embedded: ExtractionEngine) -> VisionEngine:
    return VisionEngine(
        ModelServer(
            provider=Provider(settings.vision_provider.value),
            base_url=settings.model_url,
            model=settings.model_name,
            api_key=settings.vision_api_key.get_secret_value(),
            timeout_seconds=settings.vision_timeout_seconds,
        ),
        embedded,
        settings.generated_folder / ".cache" / "vision",
        VisionOptions(
            parallel=settings.vision_parallel,
            cache_bytes=settings.vision_cache_mb * MEGABYTE,
        ),
    )


def _selector(settings: Settings, vision: VisionEngine, layout: LayoutEngine) -> Selector:
    return Selector(
        {
            "einvoice": EInvoiceEngine(layout),
            "vision": vision,
            "layout": layout,
            "null": NullEngine(),
        },
        settings.extraction_engine.value,
        wait_for_model=settings.on_model_outage is ModelOutage.WAIT,
    )


def _tell_failed_start(
    kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
) -> None:
    """Into errors.log while it is open; the server says it again on stderr."""
    if isinstance(error, InvoiceAgentError):
        logger.error("The service cannot start: {}", error.message)
    elif error is not None:
        logger.opt(exception=error).error("The service cannot start")


def _order_file(settings: Settings) -> OrderFile:
    """The customer's own, else one that only the API fills; backups of the folder hold it."""
    file = settings.purchase_orders_file
    if file:
        return OrderFile(Path(file), required=True)
    return OrderFile(settings.generated_folder / "purchase_orders.csv", required=False)


def _load_rules(settings: Settings) -> Rules:
    folder = settings.custom_checks_folder
    return load_rules(
        disabled=settings.checks_disabled,
        tolerances=settings.check_tolerances,
        own_companies=settings.own_companies,
        folder=Path(folder) if folder else None,
    )


def build(settings: Settings) -> Application:
    """The application for these settings; nothing is opened before `start()`."""
    return Application(settings)

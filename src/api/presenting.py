"""Domain types -> wire types."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from config.settings import Settings
from src.api.errors import error_type_of_code
from src.api.schemas import (
    ConfigurationOut,
    EngineOut,
    FailureOut,
    ItemOut,
    ProgressOut,
    ReceiptOut,
    RefusalOut,
    ResultDetailOut,
    ResultFilters,
    ResultOut,
    ResultSelection,
    ServiceOut,
    StatsOut,
    WatchOut,
)
from src.domain.candidate import Readiness
from src.domain.results import (
    Failure,
    IntakeReceipt,
    ProcessedInvoice,
    ResultQuery,
    ResultRecord,
    Statistics,
)
from src.ports import WatchState
from src.services.status import ServiceHealth


def uptime_text(seconds: float) -> str:
    """`2 days, 14:30:25`, whole seconds."""
    return str(timedelta(seconds=int(seconds)))


def stats_out(statistics: Statistics, uptime_seconds: float) -> StatsOut:
    return StatsOut(
        total_processed=statistics.total_processed,
        successful=statistics.successful,
        failed=statistics.failed,
        pending=statistics.pending,
        processing=statistics.processing,
        average_processing_time=round(statistics.average_processing_time, 3),
        uptime=uptime_text(uptime_seconds),
    )


def service_out(service: ServiceHealth) -> ServiceOut:
    return ServiceOut(state=service.state.value, detail=service.detail, remedy=service.remedy)


def engine_out(readiness: Readiness) -> EngineOut:
    return EngineOut(state=readiness.state, detail=readiness.detail, remedy=readiness.remedy)


def watch_out(state: WatchState) -> WatchOut:
    return WatchOut(
        running=state.running,
        mode=state.mode,
        detail=state.detail,
        last_scan_at=state.last_scan_at,
    )


def configuration_out(settings: Settings) -> ConfigurationOut:
    access: Literal["keys", "loopback", "anonymous"] = "loopback"
    if settings.allow_anonymous:
        access = "anonymous"
    elif settings.api_keys:
        access = "keys"
    return ConfigurationOut(
        incoming_folder=str(settings.incoming_folder),
        generated_folder=str(settings.generated_folder),
        log_folder=str(settings.log_folder),
        log_level=settings.log_level.value,
        supported_formats=settings.supported_formats,
        max_file_size_mb=settings.max_file_size_mb,
        max_pages=settings.max_pages,
        duplicate_policy=settings.duplicate_policy.value,
        extraction_engine=settings.extraction_engine.value,
        ollama_model=settings.ollama_model,
        batch_size=settings.batch_size,
        processing_interval_seconds=settings.processing_interval_seconds,
        max_retry_attempts=settings.max_retry_attempts,
        queue=settings.queue.value,
        access=access,
    )


def receipt_out(receipt: IntakeReceipt) -> ReceiptOut:
    return ReceiptOut(
        file_id=receipt.file_id, state=receipt.state, duplicate_of=receipt.duplicate_of
    )


def item_out(receipt: IntakeReceipt, file_name: str | None = None) -> ItemOut:
    failure = receipt.failure
    return ItemOut(
        file_name=file_name,
        file_id=receipt.file_id,
        state=receipt.state,
        duplicate_of=receipt.duplicate_of,
        error=failure
        and RefusalOut(detail=failure.message, error_type=error_type_of_code(failure.code)),
    )


def failure_out(failure: Failure | None) -> FailureOut | None:
    if failure is None:
        return None
    return FailureOut(
        error_type=error_type_of_code(failure.code),
        detail=failure.message,
        retryable=failure.retryable,
    )


def result_out(record: ResultRecord) -> ResultOut:
    document = record.document
    return ResultOut(
        file_id=document.id,
        file_name=document.name,
        origin=document.origin,
        media_type=document.media_type,
        size=document.size,
        page_count=document.page_count,
        duplicate_of=document.duplicate_of,
        state=record.state,
        step=record.step,
        progress=record.progress,
        attempt=record.attempt,
        priority=record.priority,
        review_status=record.review_status,
        engine=record.engine,
        finding_codes=record.finding_codes,
        document_type=record.document_type,
        vendor_name=record.vendor_name,
        customer_name=record.customer_name,
        invoice_number=record.invoice_number,
        invoice_date=record.invoice_date,
        due_date=record.due_date,
        currency=record.currency,
        total=record.total,
        received_at=document.received_at,
        queued_at=record.queued_at,
        started_at=record.started_at,
        finished_at=record.finished_at,
        next_attempt_at=record.next_attempt_at,
        seconds=record.seconds,
        error=failure_out(record.failure),
    )


def result_detail_out(record: ResultRecord, result: ProcessedInvoice | None) -> ResultDetailOut:
    row = {**dict(result_out(record)), "version": record.version}
    if result is None:
        return ResultDetailOut(**row, invoice=None)
    return ResultDetailOut(
        **row,
        invoice=result.invoice,
        findings=result.findings,
        review_reasons=result.review_reasons,
        approved_by=result.approved_by,
        provenance=result.provenance,
        alternatives=result.alternatives,
        pages=result.pages,
        notes=result.notes,
        timings=result.timings,
        processed_at=result.processed_at,
    )


def progress_out(record: ResultRecord) -> ProgressOut:
    return ProgressOut(
        file_id=record.document.id,
        state=record.state,
        step=record.step,
        progress=record.progress,
        attempt=record.attempt,
        review_status=record.review_status,
        error=failure_out(record.failure),
    )


def result_query(filters: ResultFilters) -> ResultQuery:
    return replace(selection_query(filters), limit=filters.limit, cursor=filters.cursor)


def selection_query(filters: ResultSelection) -> ResultQuery:
    return ResultQuery(
        sort=filters.sort,
        descending=filters.order == "desc",
        state=filters.state,
        review_status=filters.review_status,
        engine=filters.engine,
        currency=filters.currency.upper() if filters.currency else None,
        finding=filters.finding,
        vendor=filters.vendor,
        invoice_number=filters.invoice_number,
        date_from=filters.date_from,
        date_to=filters.date_to,
        total_min=filters.total_min,
        total_max=filters.total_max,
        include_duplicates=filters.include_duplicates,
    )

"""The Protocols between use cases and adapters. Nothing here does anything.

Services are written against these; `src/bootstrap.py` decides what stands behind each one.
"""

from src.ports.engines import EngineSelector, ExtractionEngine, ExtractionHints
from src.ports.exporting import Export, ExportedResult, ExportFormat, LogEntry, LogReader
from src.ports.files import FileStore
from src.ports.reading import CpuPool, DocumentInspector, DocumentReader, PageRenderer
from src.ports.records import (
    DocumentRepository,
    KnowledgeRepository,
    OrderSource,
    OrderStore,
    RestartOutcome,
    ReviewListener,
    UnitOfWork,
)
from src.ports.running import Clock, FolderWatch, Intake, JobRunner, WatchState, WorkQueue

__all__ = [
    "Clock",
    "CpuPool",
    "DocumentInspector",
    "DocumentReader",
    "DocumentRepository",
    "EngineSelector",
    "Export",
    "ExportFormat",
    "ExportedResult",
    "ExtractionEngine",
    "ExtractionHints",
    "FileStore",
    "FolderWatch",
    "Intake",
    "JobRunner",
    "KnowledgeRepository",
    "LogEntry",
    "LogReader",
    "OrderSource",
    "OrderStore",
    "PageRenderer",
    "RestartOutcome",
    "ReviewListener",
    "UnitOfWork",
    "WatchState",
    "WorkQueue",
]

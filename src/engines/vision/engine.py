"""The `vision` engine: pictures and words of pages to a model, its answer checked on the page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from src.domain.candidate import EngineState, InvoiceCandidate, Provenance, Readiness
from src.domain.errors import (
    EngineTimeout,
    EngineUnavailable,
    ExtractionFailed,
    UnusableAnswer,
)
from src.domain.page import Page
from src.domain.paths import iter_readings
from src.engines.vision.asking import Asker, Request
from src.engines.vision.breaker import CircuitBreaker
from src.engines.vision.cache import AnswerCache
from src.engines.vision.claims import ENGINE
from src.engines.vision.client import ChatClient, KeptFailing
from src.engines.vision.composing import compose
from src.engines.vision.editing import with_readings
from src.engines.vision.gate import Gate
from src.engines.vision.injection import SUSPICIOUS, is_addressed_to_machines
from src.engines.vision.langchain_client import LangChainClient
from src.engines.vision.merging import Claims, merge
from src.engines.vision.monitor import INTERVAL_SECONDS, UNKNOWN, ReadinessMonitor
from src.engines.vision.pictures import View, views_of
from src.engines.vision.profiles import Profile, as_seen, profile_of
from src.engines.vision.prompting import PromptSet
from src.engines.vision.readiness import Seen, ServerProbe
from src.engines.vision.server import ModelServer
from src.engines.vision.together import all_of
from src.ports import ExtractionEngine, ExtractionHints

VERSION = "1"

# Pages of one document that a model is asked about; invoices longer than this are tables of
# calls or deliveries, which the embedded engine reads in a fraction of the time.
MOST_PAGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionOptions:
    """How the engine works, apart from its server."""

    # Requests at a time; 0: as the profile of the model says.
    parallel: int = 0
    # Space for kept answers; 0: none are kept.
    cache_bytes: int = 0
    readiness_seconds: float = INTERVAL_SECONDS


class VisionEngine:
    """Asks a model about each page and holds its answer against the words of the page and
    against what the embedded engine reads there."""

    def __init__(
        self,
        server: ModelServer,
        embedded: ExtractionEngine,
        cache_folder: Path,
        options: VisionOptions | None = None,
        client: ChatClient | None = None,
    ) -> None:
        """`client` asks the server; LangChain unless another one is given."""
        options = options or VisionOptions()
        self._server = server
        self._embedded = embedded
        self._profile = profile_of(server.model)
        self._cache = AnswerCache(cache_folder, options.cache_bytes)
        self._client = client or LangChainClient(server, self._profile)
        self._gate = Gate(
            self._client, options.parallel or self._profile.parallel, CircuitBreaker(time.monotonic)
        )
        self._monitor = ReadinessMonitor(
            ServerProbe(server, self._profile),
            is_proved=self._gate.answered_within,
            on_found=self._server_found,
            interval_seconds=options.readiness_seconds,
        )
        self._prompts: PromptSet | None = None
        # At most one: for the model as it was seen last.
        self._askers: dict[tuple[str, Profile], Asker] = {}

    @property
    def name(self) -> str:
        return ENGINE

    @property
    def is_ready(self) -> bool:
        return self._monitor.seen.readiness.state is EngineState.READY

    async def start(self) -> None:
        """Look at the server in the background until `stop`. Idempotent."""
        await self._monitor.start()

    async def stop(self) -> None:
        await self._monitor.stop()
        await self._client.close()

    async def forget(self, document_id: str) -> None:
        """Erase the kept answers of a document. Raises `StorageFailed` when the disk refuses."""
        await self._cache.forget(document_id)

    async def readiness(self) -> Readiness:
        """Without `start` nobody keeps it fresh: an old refusal must not stand for ever."""
        known = self._monitor.seen.readiness
        if known.state is EngineState.READY or self._monitor.running:
            return known
        return UNKNOWN.readiness

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        """Raises `EngineUnavailable` while the server is down, `EngineTimeout`,
        `UnusableAnswer`, and what the embedded engine raises."""
        if not pages:
            raise UnusableAnswer("There are no pages a model could look at.")
        seen = await self._ready()
        profile = as_seen(self._profile, vision=seen.vision, thinking=seen.thinking)
        asker = await self._asker(profile, seen)
        # The pictures first: the model is what everybody waits for. The embedded engine reads
        # while the model does.
        views = await all_of(views_of(page, hints, profile) for page in pages[:MOST_PAGES])
        reading = asyncio.create_task(self._embedded.extract(pages, hints))
        try:
            claims = await self._claims(pages, views, hints, asker)
            embedded = await reading
        except ExtractionFailed:
            # It takes a moment to end by itself; ending it would cost its worker process.
            await asyncio.wait([reading])
            raise
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        provenance = self._provenance(seen, len(pages))
        candidate = await asyncio.to_thread(compose, pages, claims, embedded, provenance)
        return _with_suspicion(candidate, pages)

    async def _claims(
        self,
        pages: Sequence[Page],
        views: Sequence[Sequence[View]],
        hints: ExtractionHints,
        asker: Asker,
    ) -> Claims:
        requests = [
            Request(view=view, page=page.number, pages=len(pages), document_id=hints.document_id)
            for page, of_page in zip(pages, views, strict=False)
            for view in of_page
        ]
        try:
            answers = await all_of(asker.answer(request) for request in requests)
        except EngineUnavailable as error:
            if self._gate.breaker.is_open:
                self._monitor.doubt(_stopped(error))
            raise
        except (EngineTimeout, KeptFailing) as error:
            await self._blame(error)
            raise
        return merge([(r.page, answer) for r, answer in zip(requests, answers, strict=True)])

    async def _blame(self, error: EngineTimeout | KeptFailing) -> None:
        """Raises `EngineUnavailable` if the server fails whatever it is asked: a machine that was
        switched off does not say so, and a broken one fails on every page alike. A document waits
        for such a server, and uses up no attempt."""
        # One late answer may be the page; after more the model must show that it still loads.
        proof = isinstance(error, KeptFailing) or self._gate.breaker.is_open
        found = (await self._monitor.look(load=proof)).readiness
        if found.state is not EngineState.READY:
            raise EngineUnavailable(f"{error.message} {_told(found)}") from error

    async def _ready(self) -> Seen:
        """What is known of the server; without a monitor at work it is looked at now."""
        seen = self._monitor.seen
        if seen.readiness.state is not EngineState.READY and not self._monitor.running:
            seen = await self._monitor.look()
        if seen.readiness.state is not EngineState.READY:
            raise EngineUnavailable(_told(seen.readiness))
        return seen

    async def _asker(self, profile: Profile, seen: Seen) -> Asker:
        if self._prompts is None:
            self._prompts = await asyncio.to_thread(PromptSet.load)
        model_id = self._model_id(seen)
        key = (model_id, profile)
        if self._askers.get(key) is None:
            self._askers = {
                key: Asker(
                    gate=self._gate,
                    cache=self._cache,
                    prompts=self._prompts,
                    model_id=model_id,
                    profile=profile,
                )
            }
        return self._askers[key]

    def _model_id(self, seen: Seen) -> str:
        return f"{self._server.model}@{seen.digest[:12]}" if seen.digest else self._server.model

    def _provenance(self, seen: Seen, pages: int) -> Provenance:
        notes = []
        if pages > MOST_PAGES:
            notes.append(
                f"The model was asked about the first {MOST_PAGES} of {pages} pages; the embedded "
                "engine read all."
            )
        return Provenance(
            engine=ENGINE,
            engine_version=VERSION,
            model=self._model_id(seen),
            prompt_version=self._prompts.version if self._prompts else None,
            notes=tuple(notes),
        )

    def _server_found(self, seen: Seen) -> None:
        """A server that loads the model may be asked again, whatever went wrong before."""
        if seen.readiness.state is EngineState.READY and seen.loaded:
            self._gate.breaker.succeeded()


def _told(readiness: Readiness) -> str:
    return " ".join(part for part in (readiness.detail, readiness.remedy) if part)


def _stopped(error: EngineUnavailable) -> Readiness:
    return Readiness(
        state=EngineState.UNAVAILABLE,
        detail=error.message,
        remedy="Look at the log of the model's server; it is asked again every few seconds.",
    )


def _with_suspicion(candidate: InvoiceCandidate, pages: Sequence[Page]) -> InvoiceCandidate:
    """No value is believed on a page that gives orders to machines.

    (Text that nobody sees is left out by reading, and told by the checks.)
    """
    if not is_addressed_to_machines(word for page in pages for word in page.words):
        return candidate
    doubted = {
        path: reading.model_copy(update={"confidence": min(reading.confidence, SUSPICIOUS)})
        for path, reading in iter_readings(candidate.invoice)
    }
    return candidate.model_copy(
        update={"invoice": with_readings(candidate.invoice, doubted)}
    ).noting("The page holds text that gives orders to a machine; no value of it is believed.")

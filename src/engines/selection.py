"""Which engine takes a document: the rules behind `EXTRACTION_ENGINE`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from src.domain.candidate import EngineState, InvoiceCandidate, Readiness
from src.domain.errors import ConfigurationError, EngineUnavailable, InvalidInput
from src.domain.page import Page, ReadDocument
from src.ports import ExtractionEngine, ExtractionHints

AUTO = "auto"
EINVOICE = "einvoice"
VISION = "vision"
LAYOUT = "layout"
NULL = "null"


class Selector:
    """Offers the registered engines that may take a document, best first.

    `auto`: einvoice if the document carries XML, then vision if it is registered and ready,
    then layout, whose result then says why vision did not read it. With `wait_for_model` vision
    is offered also while it is not ready: it refuses for the time being, and the document waits.
    Any other mode is the name of the one engine used for everything, except that
    a document of XML without pages goes to einvoice: no other engine could see anything of it
    (null sees nothing on purpose and keeps it).
    """

    def __init__(
        self, engines: Mapping[str, ExtractionEngine], mode: str, *, wait_for_model: bool = False
    ) -> None:
        """Raises `ConfigurationError` for a mode that names no registered engine."""
        misnamed = [name for name, engine in engines.items() if name != engine.name]
        if misnamed:
            raise ConfigurationError(f"Engines registered under a wrong name: {misnamed}.")
        self._engines = dict(engines)
        if mode not in self._modes():
            raise ConfigurationError(
                f"EXTRACTION_ENGINE={mode!r} is not known; choose from {', '.join(self._modes())}."
            )
        self._mode = mode
        self._wait_for_model = wait_for_model

    async def candidates(
        self, document: ReadDocument, override: str | None
    ) -> tuple[ExtractionEngine, ...]:
        """See `EngineSelector.candidates`; `override` is a mode for this document alone."""
        mode = self._mode if override is None else override
        self.known(mode)
        names = self._names(document, mode)
        refusals: list[str] = []
        usable: list[ExtractionEngine] = []
        for engine in (self._engines[name] for name in names if name in self._engines):
            readiness = await engine.readiness()
            is_model = mode == AUTO and engine.name == VISION
            if is_model and (self._wait_for_model or readiness.state is EngineState.READY):
                usable.append(engine)
            elif is_model or readiness.state is EngineState.UNAVAILABLE:
                refusals.append(_told(engine.name, readiness))
            else:
                usable.append(engine)
        if not usable:
            why = " ".join(refusals) or f"None of {', '.join(names)} is registered."
            raise EngineUnavailable(f"No engine can take the document now. {why}")
        if mode == AUTO and refusals:
            return tuple(_marked(engine, refusals) for engine in usable)
        return tuple(usable)

    def known(self, name: str) -> None:
        """Raises `InvalidInput`, listing the known engines, when there is none of that name."""
        if name not in self._modes():
            raise InvalidInput(
                f"There is no engine {name!r}; choose from {', '.join(self._modes())}."
            )

    async def readiness(self) -> Readiness:
        """Of the engine that would take the next ordinary document, one of pages without XML."""
        if self._mode != AUTO:
            return await self._engines[self._mode].readiness()
        layout = self._engines.get(LAYOUT)
        vision = self._engines.get(VISION)
        if vision is None:
            return await layout.readiness() if layout is not None else _NO_PAGE_ENGINE
        model = await vision.readiness()
        if model.state is EngineState.READY or layout is None:
            return model
        fallback = await layout.readiness()
        if fallback.state is EngineState.UNAVAILABLE:
            return fallback
        return Readiness(
            state=EngineState.DEGRADED,
            detail=f"{model.detail} Until then the embedded layout engine reads documents.",
            remedy=model.remedy,
        )

    async def all_readiness(self) -> dict[str, Readiness]:
        return {name: await engine.readiness() for name, engine in self._engines.items()}

    def _modes(self) -> tuple[str, ...]:
        return (AUTO, *sorted(self._engines))

    def _names(self, document: ReadDocument, mode: str) -> tuple[str, ...]:
        has_xml = document.embedded_xml is not None
        if has_xml and not document.pages and mode != NULL:
            return (EINVOICE,)
        if mode != AUTO:
            return (mode,)
        return (EINVOICE, VISION, LAYOUT) if has_xml else (VISION, LAYOUT)


@dataclass(frozen=True, slots=True)
class StandIn:
    """An engine in the place of one that cannot work now; its results say so."""

    engine: ExtractionEngine
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.engine.name

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        return (await self.engine.extract(pages, hints)).noting(*self.notes)

    async def readiness(self) -> Readiness:
        return await self.engine.readiness()


def _marked(engine: ExtractionEngine, refusals: Sequence[str]) -> ExtractionEngine:
    """An e-invoice is exact: nothing stood in for a model there."""
    return engine if engine.name == EINVOICE else StandIn(engine, tuple(refusals))


_NO_PAGE_ENGINE = Readiness(
    state=EngineState.UNAVAILABLE,
    detail="No engine that reads pages is registered.",
    remedy="Install the product with its layout engine.",
)


def _told(name: str, readiness: Readiness) -> str:
    return " ".join(part for part in (f"{name}: {readiness.detail}", readiness.remedy) if part)

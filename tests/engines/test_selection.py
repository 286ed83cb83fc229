from __future__ import annotations

from collections.abc import Sequence

import pytest

from src.domain.candidate import EngineState, InvoiceCandidate, Readiness
from src.domain.errors import ConfigurationError, EngineUnavailable, InvalidInput
from src.domain.page import Page, ReadDocument, TextSource
from src.engines.null import NullEngine
from src.engines.selection import Selector
from src.ports import EngineSelector, ExtractionEngine, ExtractionHints

PAGE = Page(1, 595.0, 842.0, 0, TextSource.TEXT_LAYER, ())
PLAIN = ReadDocument((PAGE,))
HYBRID = ReadDocument((PAGE,), embedded_xml=b"<Invoice/>")
PURE_XML = ReadDocument((), embedded_xml=b"<Invoice/>")


class StatedEngine(NullEngine):
    """An engine that is called and is as ready as it is told."""

    def __init__(self, name: str, state: EngineState = EngineState.READY) -> None:
        self._name = name
        self.state = state

    @property
    def name(self) -> str:
        return self._name

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        raise AssertionError("a selector never asks an engine to extract")

    async def readiness(self) -> Readiness:
        return Readiness(
            state=self.state, detail=f"{self._name} is {self.state}.", remedy=f"See {self._name}."
        )


def engines(**states: EngineState) -> dict[str, ExtractionEngine]:
    ready = dict.fromkeys(("einvoice", "layout", "null"), EngineState.READY)
    return {name: StatedEngine(name, state) for name, state in (ready | states).items()}


async def names(
    selector: EngineSelector, document: ReadDocument, override: str | None = None
) -> tuple[str, ...]:
    return tuple(engine.name for engine in await selector.candidates(document, override))


READY, DEGRADED, UNAVAILABLE = EngineState.READY, EngineState.DEGRADED, EngineState.UNAVAILABLE


async def test_auto_takes_the_xml_first_and_falls_back_to_the_pages() -> None:
    selector = Selector(engines(), "auto")

    assert await names(selector, HYBRID) == ("einvoice", "layout")
    assert await names(selector, PLAIN) == ("layout",)
    assert await names(selector, PURE_XML) == ("einvoice",)


async def test_auto_prefers_vision_only_while_it_is_ready() -> None:
    ready = Selector(engines(vision=READY), "auto")
    loading = Selector(engines(vision=DEGRADED), "auto")
    gone = Selector(engines(vision=UNAVAILABLE), "auto")

    assert await names(ready, PLAIN) == ("vision", "layout")
    assert await names(ready, HYBRID) == ("einvoice", "vision", "layout")
    assert await names(loading, PLAIN) == ("layout",)
    assert await names(gone, PLAIN) == ("layout",)


@pytest.mark.parametrize("mode", ["layout", "vision"])
async def test_a_fixed_mode_takes_everything_but_pure_xml(mode: str) -> None:
    selector = Selector(engines(vision=DEGRADED), mode)

    assert await names(selector, PLAIN) == (mode,)
    assert await names(selector, HYBRID) == (mode,)
    assert await names(selector, PURE_XML) == ("einvoice",)


async def test_null_takes_even_pure_xml() -> None:
    selector = Selector(engines(null=DEGRADED), "null")

    assert await names(selector, PURE_XML) == ("null",)
    assert await names(selector, HYBRID) == ("null",)


async def test_a_person_may_choose_for_one_document() -> None:
    selector = Selector(engines(), "null")

    assert await names(selector, HYBRID, "layout") == ("layout",)
    assert await names(selector, HYBRID, "einvoice") == ("einvoice",)
    assert await names(selector, HYBRID, "auto") == ("einvoice", "layout")
    assert await names(selector, HYBRID) == ("null",)


@pytest.mark.parametrize("override", ["vision", "gpt", ""])
async def test_an_unknown_choice_is_refused_with_the_known_ones(override: str) -> None:
    with pytest.raises(InvalidInput, match="auto, einvoice, layout, null"):
        await Selector(engines(), "auto").candidates(PLAIN, override)


async def test_an_engine_that_cannot_work_is_told_with_its_remedy() -> None:
    selector = Selector(engines(vision=UNAVAILABLE), "vision")

    with pytest.raises(EngineUnavailable, match=r"vision is unavailable\. See vision\."):
        await selector.candidates(PLAIN, None)


async def test_no_engine_for_pages_is_told() -> None:
    selector = Selector({"einvoice": StatedEngine("einvoice")}, "auto")

    with pytest.raises(EngineUnavailable, match="None of vision, layout is registered"):
        await selector.candidates(PLAIN, None)
    assert (await selector.readiness()).state is UNAVAILABLE


@pytest.mark.parametrize("mode", ["vision", "LAYOUT", ""])
def test_an_unknown_mode_is_a_configuration_error(mode: str) -> None:
    with pytest.raises(ConfigurationError, match="auto, einvoice, layout, null"):
        Selector(engines(), mode)


def test_an_engine_is_registered_under_its_own_name() -> None:
    with pytest.raises(ConfigurationError, match="other"):
        Selector({"other": StatedEngine("layout")}, "auto")


async def test_readiness_is_that_of_the_engine_that_would_work() -> None:
    with_vision = engines(vision=READY)

    assert (await Selector(engines(), "auto").readiness()).detail == "layout is ready."
    assert (await Selector(with_vision, "auto").readiness()).detail == "vision is ready."
    assert (await Selector(engines(null=DEGRADED), "null").readiness()).state is DEGRADED


async def test_a_fallback_is_shown_as_degraded_with_the_remedy() -> None:
    selector = Selector(engines(vision=UNAVAILABLE), "auto")

    readiness = await selector.readiness()

    assert readiness.state is DEGRADED
    assert readiness.detail.startswith("vision is unavailable. Until then")
    assert readiness.remedy == "See vision."


async def test_nothing_to_fall_back_to_is_not_hidden() -> None:
    both_gone = Selector(engines(vision=UNAVAILABLE, layout=UNAVAILABLE), "auto")
    vision_alone = Selector({"vision": StatedEngine("vision", UNAVAILABLE)}, "auto")

    assert (await both_gone.readiness()).detail == "layout is unavailable."
    assert (await vision_alone.readiness()).detail == "vision is unavailable."


async def test_all_readiness_lists_every_registered_engine() -> None:
    readiness = await Selector(engines(layout=UNAVAILABLE), "auto").all_readiness()

    assert {name: r.state for name, r in readiness.items()} == {
        "einvoice": READY,
        "layout": UNAVAILABLE,
        "null": READY,
    }


async def test_a_stand_in_says_for_whom_it_stands() -> None:
    class Reading(StatedEngine):
        extract = NullEngine.extract

    registered = engines(vision=UNAVAILABLE) | {"layout": Reading("layout")}
    selector = Selector(registered, "auto")
    (stand_in,) = await selector.candidates(PLAIN, None)
    assert (await stand_in.readiness()).state is EngineState.READY
    candidate = await stand_in.extract((), ExtractionHints())
    assert candidate.provenance.notes[-1] == "vision: vision is unavailable. See vision."
    # Chosen by a person it stands for nobody.
    (chosen,) = await selector.candidates(PLAIN, "layout")
    notes = (await chosen.extract((), ExtractionHints())).provenance.notes
    assert not any("vision" in note for note in notes)


async def test_documents_can_wait_for_their_model() -> None:
    selector = Selector(engines(vision=UNAVAILABLE), "auto", wait_for_model=True)
    assert await names(selector, PLAIN) == ("vision", "layout")
    # An e-invoice needs no model and does not wait.
    assert await names(selector, HYBRID) == ("einvoice", "vision", "layout")

"""Servers that go, break or hang: what a document that meets them is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from src.domain.candidate import EngineState, InvoiceCandidate, Readiness
from src.domain.errors import EngineTimeout, EngineUnavailable, UnusableAnswer
from src.domain.page import Page
from src.engines.layout.engine import extract_candidate
from src.engines.vision.client import Question, ServerDown
from src.engines.vision.reply import Flaw, FlawedAnswer, Reply
from src.ports import ExtractionHints
from tests.engines.vision.conftest import Make, until
from tests.fakes.ollama import FakeOllama

Pages = tuple[Page, ...]
BARE = ExtractionHints()
LATE = EngineTimeout("It did not answer in time.")
BROKE = FlawedAnswer(Flaw.SERVER_ERROR, "The server failed on it: it stopped.")


@dataclass
class Failing:
    """A client whose questions end with `error`, after something `happens` to the server."""

    error: Exception
    happens: Callable[[], None]
    asked: int = 0

    async def ask(self, question: Question) -> Reply:
        self.asked += 1
        await asyncio.to_thread(self.happens)
        raise self.error

    async def close(self) -> None: ...


@dataclass
class Slow:
    """An embedded engine that is still at work when the model has failed."""

    go_on: asyncio.Event
    ended: bool = False
    name: str = "layout"

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        await self.go_on.wait()
        self.ended = True
        return extract_candidate(tuple(pages))

    async def readiness(self) -> Readiness:
        return Readiness(state=EngineState.READY, detail="ready")


async def test_a_server_that_goes_and_comes_back(make: Make, pages: Pages) -> None:
    with FakeOllama() as ollama:
        engine = make(ollama, readiness_seconds=0.05)
        await engine.start()
        await until(lambda: engine.is_ready)
        await engine.extract(pages, BARE)
        with ollama.outage():
            with pytest.raises(EngineUnavailable, match="cannot be reached"):
                await engine.extract(pages, BARE)
            readiness = await engine.readiness()
            assert readiness.state is EngineState.UNAVAILABLE
            assert readiness.remedy
            with pytest.raises(EngineUnavailable):
                await engine.extract(pages, BARE)
        await until(lambda: engine.is_ready)
        assert (await engine.extract(pages, BARE)).invoice.totals.total is not None
        await engine.stop()


async def test_a_page_that_kills_the_server_does_not_do_so_for_ever(
    make: Make, pages: Pages
) -> None:
    with FakeOllama() as ollama:
        engine = make(ollama)

        async def dies() -> None:
            """The server breaks off the question and is gone when it is asked again."""
            ollama.scenario = "silent"
            before = len(ollama.asked)
            work = asyncio.create_task(engine.extract(pages, BARE))
            await until(lambda: len(ollama.asked) > before)
            with ollama.outage():
                await work

        with pytest.raises(EngineUnavailable):
            await dies()
        await engine.readiness()
        with pytest.raises(UnusableAnswer, match="broke 2 times"):
            await dies()


async def test_a_late_answer_of_a_machine_that_is_gone_is_an_outage(
    make: Make, pages: Pages
) -> None:
    """One that is switched off closes no connection: all that is seen is silence."""
    with FakeOllama() as ollama:
        client = Failing(LATE, happens=ollama.server.stop)
        engine = make(ollama, client=client)
        with pytest.raises(EngineUnavailable, match=r"did not answer in time.*cannot be reached"):
            await engine.extract(pages, BARE)
    assert client.asked == 1


async def test_a_late_answer_of_a_server_that_works_is_about_the_page(
    make: Make, pages: Pages
) -> None:
    with FakeOllama() as ollama:
        engine = make(ollama, client=Failing(LATE, happens=lambda: None))
        for _ in range(2):
            with pytest.raises(EngineTimeout):
                await engine.extract(pages, BARE)
        assert len(ollama.loads) == 1
        # After three in a row the model must show again that it loads.
        with pytest.raises(EngineTimeout):
            await engine.extract(pages, BARE)
        assert len(ollama.loads) == 2


@pytest.mark.parametrize("error", [LATE, BROKE], ids=["late", "breaks"])
async def test_a_server_that_cannot_load_the_model_any_more_is_an_outage(
    make: Make, pages: Pages, error: Exception
) -> None:
    """A graphics card that is lost makes every page fail alike: no document is at fault."""
    with FakeOllama() as ollama:

        def loses_its_memory() -> None:
            ollama.scenario = "no_memory"

        engine = make(ollama, client=Failing(error, happens=loses_its_memory))
        late = 2 if error is LATE else 0
        for _ in range(late):
            with pytest.raises(EngineTimeout):
                await engine.extract(pages, BARE)
        with pytest.raises(EngineUnavailable, match="does not fit into the memory"):
            await engine.extract(pages, BARE)


async def test_a_page_on_which_a_sound_server_keeps_failing_is_given_up(
    make: Make, pages: Pages
) -> None:
    with FakeOllama() as ollama:
        client = Failing(BROKE, happens=lambda: None)
        with pytest.raises(UnusableAnswer, match=r"in 3 tries.*it stopped"):
            await make(ollama, client=client).extract(pages, BARE)
        # It was asked to load the model before it was believed to be sound.
        assert len(ollama.loads) == 2
    assert client.asked == 3


async def test_the_embedded_engine_is_let_finish_when_the_model_fails(
    make: Make, pages: Pages
) -> None:
    """Ending it would kill its worker process, and another would have to start."""
    embedded = Slow(go_on=asyncio.Event())
    with FakeOllama() as ollama:
        client = Failing(ServerDown("It is gone."), happens=lambda: None)
        engine = make(ollama, client=client, embedded=embedded)
        work = asyncio.create_task(engine.extract(pages, BARE))
        await until(lambda: client.asked == 1)
        await asyncio.sleep(0.05)
        assert not work.done()
        embedded.go_on.set()
        with pytest.raises(EngineUnavailable, match="gone"):
            await work
    assert embedded.ended

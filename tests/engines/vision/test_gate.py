"""The breaker, the gate, the cache and the monitor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from src.domain.candidate import EngineState, Readiness
from src.domain.errors import EngineTimeout, EngineUnavailable, StorageFailed, UnusableAnswer
from src.engines.vision.breaker import CircuitBreaker
from src.engines.vision.cache import AnswerCache, cache_key
from src.engines.vision.client import Question, ServerDown
from src.engines.vision.gate import Gate
from src.engines.vision.monitor import ReadinessMonitor
from src.engines.vision.readiness import Seen
from src.engines.vision.reply import Flaw, FlawedAnswer, Reply
from tests.engines.vision.conftest import until

QUESTION = Question(system="", text="", images=(), temperature=0.0, repeat_penalty=1.0, seed=1)
REPLY = Reply(text="{}", ended_by="stop")


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Script:
    """A client that plays what it was given; None hangs."""

    outcomes: list[Exception | Reply | None]
    running: int = 0
    most: int = 0
    asked: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, question: Question) -> Reply:
        self.asked += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0)
            outcome = self.outcomes.pop(0) if self.outcomes else REPLY
            if outcome is None:
                await self.released.wait()
                return REPLY
            if isinstance(outcome, Exception):
                raise outcome
            return outcome
        finally:
            self.running -= 1

    async def close(self) -> None: ...


def gate_over(
    outcomes: Sequence[Exception | Reply | None], parallel: int = 1
) -> tuple[Gate, Script, Clock]:
    clock, script = Clock(), Script(list(outcomes))
    return Gate(script, parallel, CircuitBreaker(clock, 3, 10.0)), script, clock


async def test_no_more_ask_than_the_server_takes() -> None:
    gate, script, _ = gate_over([], parallel=2)
    await asyncio.gather(*(gate.ask(QUESTION) for _ in range(10)))
    assert (script.asked, script.most) == (10, 2)
    assert gate.answered_within(60)


@pytest.mark.parametrize(
    "failure",
    [EngineTimeout("late."), FlawedAnswer(Flaw.SERVER_ERROR, "It broke.")],
    ids=["timeouts", "errors"],
)
async def test_three_failures_in_a_row_stop_the_asking(failure: Exception) -> None:
    gate, script, clock = gate_over([failure] * 3)
    for _ in range(3):
        with pytest.raises(type(failure)):
            await gate.ask(QUESTION)
    with pytest.raises(EngineUnavailable, match="not asked again yet"):
        await gate.ask(QUESTION)
    assert script.asked == 3

    clock.now = 10.0
    assert await gate.ask(QUESTION) == REPLY
    assert await gate.ask(QUESTION) == REPLY
    assert script.asked == 5


async def test_a_server_that_is_down_needs_no_three_failures() -> None:
    gate, script, clock = gate_over([ServerDown("gone."), ServerDown("still gone.")])
    with pytest.raises(ServerDown):
        await gate.ask(QUESTION)
    with pytest.raises(EngineUnavailable, match="not asked"):
        await gate.ask(QUESTION)
    clock.now = 10.0
    with pytest.raises(ServerDown, match="still"):
        await gate.ask(QUESTION)
    with pytest.raises(EngineUnavailable, match="not asked"):
        await gate.ask(QUESTION)
    assert script.asked == 2


async def test_one_try_decides_and_the_others_wait() -> None:
    gate, script, clock = gate_over([ServerDown("gone."), None], parallel=5)
    with pytest.raises(ServerDown):
        await gate.ask(QUESTION)
    clock.now = 10.0
    attempt = asyncio.create_task(gate.ask(QUESTION))
    await until(lambda: script.asked == 2)
    with pytest.raises(EngineUnavailable):
        await gate.ask(QUESTION)
    script.released.set()
    assert await attempt == REPLY
    assert await gate.ask(QUESTION) == REPLY


async def test_a_cancelled_try_leaves_room_for_the_next() -> None:
    gate, script, clock = gate_over([ServerDown("gone."), None])
    with pytest.raises(ServerDown):
        await gate.ask(QUESTION)
    clock.now = 10.0
    attempt = asyncio.create_task(gate.ask(QUESTION))
    await until(lambda: script.asked == 2)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    assert await gate.ask(QUESTION) == REPLY


@pytest.mark.parametrize(
    "answer", [UnusableAnswer("refused."), FlawedAnswer(Flaw.TRUNCATED, "It was cut off.")]
)
async def test_a_bad_answer_is_no_fault_of_the_server(answer: Exception) -> None:
    gate, script, _ = gate_over([answer] * 6)
    for _ in range(6):
        with pytest.raises(type(answer)):
            await gate.ask(QUESTION)
    assert script.asked == 6


async def test_answers_are_kept_by_everything_that_decides_them(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, 1024 * 1024)
    key = cache_key(["model", "prompt", b"page"])
    assert await cache.get(key, "doc1") is None
    await cache.put(key, "answer", "doc1")
    assert await cache.get(key, "doc2") == "answer"
    assert await AnswerCache(tmp_path, 1024 * 1024).get(key, None) == "answer"
    assert cache_key(["ab", "c"]) != cache_key(["a", "bc"])


async def test_what_a_document_used_is_erased_with_it(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, 1024 * 1024)
    await cache.put("a" * 64, "one", "doc1")
    await cache.put("b" * 64, "two", "doc2")
    await cache.forget("doc1")
    await cache.forget("unknown")
    await cache.forget("../..")
    assert await cache.get("a" * 64, None) is None
    assert await cache.get("b" * 64, None) == "two"


async def test_a_disk_that_refuses_to_erase_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    cache = AnswerCache(tmp_path, 1024 * 1024)
    await cache.put("a" * 64, "one", "doc1")
    monkeypatch.setattr("src.engines.vision.cache.shutil.rmtree", refuse)
    with pytest.raises(StorageFailed, match="doc1 cannot be erased"):
        await cache.forget("doc1")


async def test_the_cache_is_bounded_and_keeps_what_is_used(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, 10 * 4096)
    for number in range(30):
        key = f"{number:064d}"
        await cache.put(key, "x", f"doc{number}")
        # Older than anything, unless it is used.
        os.utime(tmp_path / "answers" / f"{key}.json", (number + 1, number + 1))
        await cache.get("0" * 64, None)
    kept = sorted(path.stem for path in (tmp_path / "answers").glob("*.json"))
    assert len(kept) <= 10
    assert "0" * 64 in kept
    assert f"{29:064d}" in kept
    # Marks of answers that went are gone as well.
    assert len(list((tmp_path / "documents").iterdir())) <= 12


async def test_no_space_means_no_cache(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "cache", 0)
    await cache.put("a" * 64, "one", "doc1")
    assert await cache.get("a" * 64, "doc1") is None
    assert not (tmp_path / "cache").exists()


async def test_a_disk_that_refuses_costs_a_call_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file where a folder should be")
    cache = AnswerCache(tmp_path, 1024 * 1024)
    await cache.put("a" * 64, "one", "doc1")
    assert await cache.get("a" * 64, "doc1") is None


async def test_kept_answers_are_for_the_service_alone(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "cache", 1024 * 1024)
    await cache.put("a" * 64, "one", None)
    folder = tmp_path / "cache" / "answers"
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / f"{'a' * 64}.json").stat().st_mode & 0o077 == 0


READY = Seen(readiness=Readiness(state=EngineState.READY, detail="It answers."), reached=True)
GONE = Seen(
    readiness=Readiness(state=EngineState.UNAVAILABLE, detail="It is gone.", remedy="Start it.")
)


@dataclass
class Looks:
    """A probe that sees what it was given; the last for ever."""

    sights: list[Seen]
    loads: list[bool] = field(default_factory=list)

    async def look(self, *, load: bool = True) -> Seen:
        self.loads.append(load)
        await asyncio.sleep(0)
        return self.sights.pop(0) if len(self.sights) > 1 else self.sights[0]


@dataclass
class Proofs:
    """A server that has just answered a question, whenever it is asked for that."""

    asked: int = 0

    def __call__(self, seconds: float) -> bool:
        self.asked += 1
        return True


def monitor_over(
    looks: Looks,
    *,
    is_proved: Callable[[float], bool] = lambda seconds: False,
    interval: float = 0.02,
) -> tuple[ReadinessMonitor, list[Seen]]:
    heard: list[Seen] = []
    monitor = ReadinessMonitor(
        looks,  # type: ignore[arg-type]
        is_proved=is_proved,
        on_found=heard.append,
        interval_seconds=interval,
    )
    return monitor, heard


def _state(monitor: ReadinessMonitor) -> EngineState:
    return monitor.seen.readiness.state


async def test_a_model_that_comes_back_is_noticed() -> None:
    monitor, heard = monitor_over(Looks([GONE, GONE, READY]))
    assert _state(monitor) is EngineState.DEGRADED
    await monitor.start()
    await monitor.start()
    await until(lambda: _state(monitor) is EngineState.READY)
    assert (heard[0], heard[-1]) == (GONE, READY)
    await monitor.stop()
    await monitor.stop()


async def test_a_doubt_stands_until_the_next_look_which_comes_at_once() -> None:
    monitor, heard = monitor_over(Looks([READY]), interval=3600.0)
    await monitor.start()
    await until(lambda: _state(monitor) is EngineState.READY)
    monitor.doubt(GONE.readiness)
    assert _state(monitor) is EngineState.UNAVAILABLE
    await until(lambda: _state(monitor) is EngineState.READY)
    assert heard == [READY, READY]
    await monitor.stop()


async def test_a_server_that_answers_questions_is_not_bothered() -> None:
    looks, proofs = Looks([READY]), Proofs()
    monitor, _ = monitor_over(looks, is_proved=proofs)
    await monitor.start()
    await until(lambda: proofs.asked >= 3)
    await monitor.stop()
    # The first impression, and the look that loads the model.
    assert sorted(looks.loads) == [False, True]


async def test_those_who_look_at_the_same_time_share_one_look() -> None:
    looks = Looks([READY])
    monitor, _ = monitor_over(looks)
    seen = await asyncio.gather(*(monitor.look() for _ in range(5)))
    assert seen == [READY] * 5
    assert len(looks.loads) == 1

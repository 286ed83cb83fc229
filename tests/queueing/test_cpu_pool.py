"""The worker pool: results, faults, time limits, cancellation, death of either side."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from pebble.pool.process import PoolManager

from src.domain.errors import CorruptDocument, WorkerCrashed
from src.queueing.cpu_pool import WorkerPool

# Seconds; no call below takes a fraction of that on the slowest machine.
MINUTE = 60

# The functions below run in worker processes, so they stand at module level.


def add(first: int, second: int = 0) -> int:
    return first + second


def refuse(message: str) -> None:
    raise CorruptDocument(message)


def time_out_itself() -> None:
    raise TimeoutError("the call's own")


def meet(own: str, other: str) -> int:
    """Returns once a call elsewhere does the same with the two files the other way round."""
    Path(own).touch()
    while not Path(other).exists():
        time.sleep(0.01)
    return os.getpid()


def sleep(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def busy_forever() -> None:
    while True:
        pass


def die() -> None:
    os._exit(7)


def own_pid() -> int:
    return os.getpid()


def interrupt_myself() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def allocate(size: int) -> int:
    return len(bytearray(size))


def leave_mark() -> None:
    os.environ["POOL_WAS_PREPARED"] = "yes"


def mark() -> str | None:
    return os.environ.get("POOL_WAS_PREPARED")


def has_ended(process: psutil.Process) -> bool:
    """Ended, although whoever inherited an orphan may never ask how."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(1, initializer=leave_mark)
    yield pool
    await pool.close()


async def test_returns_what_the_function_returns(pool: WorkerPool) -> None:
    assert await pool.run(MINUTE, add, 2, second=3) == 5


async def test_work_happens_in_a_prepared_process_that_is_kept(pool: WorkerPool) -> None:
    first = await pool.run(MINUTE, own_pid)
    assert first != os.getpid()
    assert await pool.run(MINUTE, own_pid) == first
    assert await pool.run(MINUTE, mark) == "yes"


async def test_errors_of_the_function_come_home(pool: WorkerPool) -> None:
    with pytest.raises(CorruptDocument, match="cut off") as caught:
        await pool.run(MINUTE, refuse, "cut off")
    assert caught.value.message == "cut off"
    with pytest.raises(TimeoutError, match="the call's own"):
        await pool.run(MINUTE, time_out_itself)


async def test_a_dead_worker_fails_its_call_alone(pool: WorkerPool) -> None:
    with pytest.raises(WorkerCrashed, match="exit code 7"):
        await pool.run(MINUTE, die)
    assert await pool.run(MINUTE, add, 1) == 1


async def test_a_call_that_overruns_is_killed(pool: WorkerPool) -> None:
    worker = await pool.run(MINUTE, own_pid)
    with pytest.raises(WorkerCrashed, match=r"longer than 0\.3 s"):
        await pool.run(0.3, busy_forever)
    assert not psutil.pid_exists(worker)
    assert await pool.run(MINUTE, add, 1) == 1


async def test_waiting_for_a_place_does_not_count(pool: WorkerPool) -> None:
    slow = asyncio.create_task(pool.run(MINUTE, sleep, 3))
    await asyncio.sleep(0)
    assert await pool.run(2, add, 4) == 4
    await slow


async def test_cancelling_frees_the_worker(pool: WorkerPool) -> None:
    await pool.run(MINUTE, own_pid)
    task = asyncio.create_task(pool.run(MINUTE, busy_forever))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await pool.run(MINUTE, add, 1) == 1


async def test_the_call_after_a_cancelled_one_is_not_lost_with_its_worker(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The worker ends the cancelled call by itself, and pebble hears of it late: it kills a worker
    that would have the next call by then."""
    hear, late = PoolManager.process_next_message, threading.Event()

    def hear_late(manager: PoolManager, timeout: float) -> None:
        if late.is_set():
            time.sleep(0.5)
        hear(manager, timeout)

    monkeypatch.setattr(PoolManager, "process_next_message", hear_late)
    here, there = tmp_path / "here", tmp_path / "there"
    cancelled = asyncio.create_task(pool.run(MINUTE, meet, str(here), str(there)))
    while not here.exists():  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    # Pebble has heard of its start, and then hears nothing for a while.
    await asyncio.sleep(0.2)
    late.set()
    await asyncio.sleep(0.3)
    there.touch()
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    assert await pool.run(MINUTE, sleep, 1) != os.getpid()


async def test_cancelling_a_waiting_call_leaves_the_line(pool: WorkerPool) -> None:
    running = asyncio.create_task(pool.run(MINUTE, sleep, 0.5))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(pool.run(MINUTE, busy_forever))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await running
    assert await pool.run(MINUTE, add, 1) == 1


async def test_an_idle_worker_killed_from_outside_is_replaced(pool: WorkerPool) -> None:
    worker = await pool.run(MINUTE, own_pid)
    os.kill(worker, signal.SIGKILL)
    # The call that meets the dead process fails; it is tried again like any that crashed.
    with suppress(WorkerCrashed):
        assert await pool.run(MINUTE, own_pid) != worker
    assert await pool.run(MINUTE, own_pid) != worker


async def test_workers_ignore_the_interrupt_of_the_terminal(pool: WorkerPool) -> None:
    assert await pool.run(MINUTE, interrupt_myself) == "still here"


@pytest.mark.skipif(sys.platform != "linux", reason="the limit exists on Linux only")
async def test_memory_is_bounded() -> None:
    pool = WorkerPool(1, memory_bytes=512 * 1024**2)
    try:
        with pytest.raises(MemoryError):
            await pool.run(MINUTE, allocate, 1024**3)
        assert await pool.run(MINUTE, allocate, 1024) == 1024
    finally:
        await pool.close()


async def test_workers_are_renewed_after_a_number_of_calls() -> None:
    pool = WorkerPool(1, calls_per_worker=2)
    try:
        workers = [await pool.run(MINUTE, own_pid) for _ in range(4)]
    finally:
        await pool.close()
    assert len(set(workers)) == 2


async def test_two_workers_work_side_by_side(tmp_path: Path) -> None:
    pool = WorkerPool(2)
    try:
        here, there = str(tmp_path / "here"), str(tmp_path / "there")
        workers = await asyncio.gather(
            pool.run(MINUTE, meet, here, there), pool.run(MINUTE, meet, there, here)
        )
    finally:
        await pool.close()
    assert len(set(workers)) == 2


async def test_nothing_starts_before_the_first_call_or_after_closing() -> None:
    before = set(psutil.Process().children())
    pool = WorkerPool(2)
    assert set(psutil.Process().children()) == before
    await pool.close()
    await pool.close()
    with pytest.raises(RuntimeError, match="closed"):
        await pool.run(1, add, 1)


async def test_closing_ends_running_calls_and_their_processes(pool: WorkerPool) -> None:
    worker = await pool.run(MINUTE, own_pid)
    task = asyncio.create_task(pool.run(MINUTE, busy_forever))
    await asyncio.sleep(0.3)
    await asyncio.wait_for(pool.close(), MINUTE)
    with pytest.raises((asyncio.CancelledError, WorkerCrashed)):
        await asyncio.wait_for(task, MINUTE)
    assert not psutil.pid_exists(worker)


async def test_the_event_loop_keeps_running(pool: WorkerPool, tmp_path: Path) -> None:
    """The call ends only because the loop does something meanwhile."""
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    task = asyncio.create_task(pool.run(MINUTE, meet, here, there))
    for _ in range(20):
        await asyncio.sleep(0)
    await asyncio.to_thread(Path(there).touch)
    await task


def test_a_pool_without_workers_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        WorkerPool(0)


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        "import asyncio, sys, time\n"
        "from src.queueing.cpu_pool import WorkerPool\n"
        "from tests.queueing.test_cpu_pool import own_pid\n"
        "async def main():\n"
        "    pool = WorkerPool(1)\n"
        "    print(await pool.run(60, own_pid), flush=True)\n"
        "    time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(root)},
        text=True,
    ) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        end = time.monotonic() + MINUTE
        while not has_ended(worker):
            assert time.monotonic() < end, "the worker outlives its parent"
            time.sleep(0.05)

"""`CpuPool` on worker processes that can be killed one by one."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures import wait as wait_for_futures
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from typing import Any, ParamSpec, TypeVar

from loguru import logger
from pebble import ProcessExpired, ProcessPool

from src.domain.errors import WorkerCrashed

P = ParamSpec("P")
R = TypeVar("R")

GIGABYTE = 1024**3
# Pebble looks at cancelled calls every 0.1 s.
_LEAVING_SECONDS = 0.02
_MOST_LEAVING_SECONDS = 30.0


class WorkerPool:
    """Runs functions in spawned processes; each call has its own time limit.

    Workers start with the first call. A call that overruns or kills its worker fails alone:
    the worker is replaced. No more calls than workers are handed over at once, so waiting
    calls cost nothing and leave the line when they are cancelled.
    """

    def __init__(
        self,
        workers: int,
        *,
        initializer: Callable[[], None] | None = None,
        calls_per_worker: int = 1000,
        memory_bytes: int | None = 4 * GIGABYTE,
    ) -> None:
        """`initializer` runs once in each new worker and must be a module-level function.

        A worker is replaced after `calls_per_worker` calls, which bounds what native
        libraries leak, and may not allocate more than `memory_bytes` (Linux only).
        """
        if workers < 1:
            raise ValueError("a pool needs at least one worker")
        self.workers = workers
        self._initializer = initializer
        self._calls_per_worker = calls_per_worker
        self._memory_bytes = memory_bytes
        self._places = asyncio.Semaphore(workers)
        self._changing = asyncio.Lock()
        self._calls: set[asyncio.Future[Any]] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._pool: ProcessPool | None = None
        self._closed = False

    async def run(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Call a picklable module-level function in a worker process.

        `seconds` counts from the start of the call in the worker, not from the wait for a
        free one. Raises what the function raises, `WorkerCrashed` when the worker died or
        the time ran out, `RuntimeError` after `close`.
        """
        await self._places.acquire()
        call: asyncio.Future[R] | None = None
        try:
            pool = await self._running_pool()
            future = pool.schedule(function, args=args, kwargs=kwargs, timeout=seconds)
            # Cancelling the wrapper cancels the call, and pebble kills its worker.
            call = asyncio.wrap_future(future)
            self._calls.add(call)
            return await call
        except ProcessExpired as error:
            raise WorkerCrashed(
                f"The process working on this document died (exit code {error.exitcode}). "
                "Trying again may help; if not, the file is damaged or too demanding."
            ) from error
        except BrokenProcessPool as error:
            raise WorkerCrashed(
                "The worker processes stopped unexpectedly and are started again."
            ) from error
        except FutureTimeout as error:
            if _was_raised_by_the_call(future.exception()):
                raise
            raise WorkerCrashed(
                f"The work took longer than {seconds:g} s and was stopped. Raise "
                "READING_TIMEOUT_SECONDS if such documents are expected."
            ) from error
        finally:
            if call is not None:
                self._calls.discard(call)
            if call is not None and call.cancelled():
                self._give_back_later(pool, future)
            else:
                self._places.release()

    def _give_back_later(self, pool: ProcessPool, future: Future[Any]) -> None:
        """The place of a cancelled call is free when pebble is done with its worker: a call handed
        over before may be taken by that worker, and would be lost with it."""
        task = asyncio.create_task(self._give_back(pool, future))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _give_back(self, pool: ProcessPool, future: Future[Any]) -> None:
        try:
            async with asyncio.timeout(_MOST_LEAVING_SECONDS):
                while not self._closed and _is_known(pool, future):  # noqa: ASYNC110
                    await asyncio.sleep(_LEAVING_SECONDS)
        except TimeoutError:
            logger.warning("A worker process was not seen to end its cancelled call.")
        finally:
            self._places.release()

    async def _running_pool(self) -> ProcessPool:
        async with self._changing:
            if self._closed:
                raise RuntimeError("the worker pool is closed")
            # A pool breaks for good when an idle worker is killed from outside.
            if self._pool is not None and not self._pool.active:
                await asyncio.to_thread(_stop, self._pool)
                self._pool = None
            if self._pool is None:
                self._pool = await asyncio.to_thread(self._started_pool)
            return self._pool

    def _started_pool(self) -> ProcessPool:
        pool = ProcessPool(
            max_workers=self.workers,
            max_tasks=self._calls_per_worker,
            initializer=_prepare_worker,
            initargs=(self._initializer, self._memory_bytes),
            context=multiprocessing.get_context("spawn"),
        )
        # Asking for the state starts the processes, which is too slow for the event loop.
        if not pool.active:
            raise WorkerCrashed("The worker processes could not be started.")
        return pool

    async def close(self) -> None:
        """Kill the workers; calls still running raise `CancelledError`. Idempotent."""
        self._closed = True
        # Pebble forgets the calls of a stopped pool; nobody may wait for them for ever.
        for call in tuple(self._calls):
            call.cancel()
        async with self._changing:
            pool, self._pool = self._pool, None
            if pool is not None:
                await asyncio.to_thread(_stop, pool)
        await asyncio.gather(*self._leaving)


def _is_known(pool: ProcessPool, future: Future[Any]) -> bool:
    """Whether pebble still has the call, as waiting or as running.

    It offers no way to ask: the future says no more than that it was told of the cancellation.
    """
    if not wait_for_futures([future], timeout=0).done:
        return True
    tasks = pool._pool_manager.task_manager.tasks
    return any(task.future is future for task in list(tasks.values()))


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _was_raised_by_the_call(error: BaseException | None) -> bool:
    # Pebble attaches the remote traceback to what a function raised, not to its own timeout.
    return hasattr(error, "traceback")


def _prepare_worker(initializer: Callable[[], None] | None, memory_bytes: int | None) -> None:
    """Runs first in each worker."""
    # Ctrl-C reaches the whole process group; only the parent decides when workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Die at once when told to: a Python handler would wait for native code to return.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()
    if memory_bytes is not None and sys.platform == "linux":
        _limit_memory(memory_bytes)
    if initializer is not None:
        initializer()


def _end_with_parent() -> None:
    """A parent that is killed cannot stop its workers, so each watches for its end."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel

    def watch() -> None:
        wait_for([sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _limit_memory(memory_bytes: int) -> None:
    import resource  # noqa: PLC0415  (not on Windows)

    # Data rather than address space: models are mapped files and threads reserve
    # address space that they never touch.
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))

"""Starts and ends the application with the server."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from types import FrameType
from typing import cast

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from src.api.dependencies import RunningService
from src.domain.errors import InvoiceAgentError


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Everything the service needs is set up here, not in a start script: folders, logs,
    database, workers. What `start` raises ends the server (see `ReadableStart`)."""
    if app.state.service is None:
        # In a thread: it imports engines and readers, which read files of their own.
        app.state.service = await asyncio.to_thread(app.state.build)
    service = cast("RunningService", app.state.service)
    app.state.stopping = asyncio.Event()
    await service.start()
    try:
        with _on_stop_signal(app.state.stopping.set):
            yield
    finally:
        app.state.stopping.set()
        await service.stop()


@contextlib.contextmanager
def _on_stop_signal(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` in the loop when the process is asked to end, then the server's own handler.

    The server waits for open answers before it ends the lifespan; an event stream would keep
    it waiting for as long as its document runs.
    """
    if threading.current_thread() is not threading.main_thread():
        # Signals belong to the main thread; in a test the server runs in another.
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(tell)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    replaced = [number for number, handler in before.items() if callable(handler)]
    for number in replaced:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number in replaced:
            signal.signal(number, before[number])


class ReadableStart:
    """A start that fails for a known reason tells the reason, not a traceback.

    The server logs the message it is given and exits with a status other than 0.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        failed: Message | None = None

        async def held(message: Message) -> None:
            nonlocal failed
            if message["type"] == "lifespan.startup.failed":
                failed = message
            else:
                await send(message)

        try:
            await self._app(scope, receive, held)
        except InvoiceAgentError as error:
            if failed is None:
                raise
            failed["message"] = f"The service cannot start: {error.message}"
            await send(failed)
        except BaseException:
            if failed is not None:
                await send(failed)
            raise

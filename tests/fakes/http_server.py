"""A small HTTP server in a thread of its own, that can also misbehave as real ones do."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from benchmarks.ports import free_port


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Exchange:
    """One request's connection: what is sent through it is what the client gets."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    streaming: bool = False

    async def answer(self, body: Any, status: int = 200, content_type: str = "") -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = content_type or ("application/json" if not isinstance(body, bytes) else "text/html")
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(raw)}\r\nConnection: keep-alive\r\n\r\n"
        )
        self.writer.write(head.encode() + raw)
        await self.writer.drain()

    async def start_stream(self, content_type: str) -> None:
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        self.writer.write(head.encode())
        await self.writer.drain()

    async def chunk(self, data: bytes) -> None:
        self.writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await self.writer.drain()

    async def end_stream(self) -> None:
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    def drop(self) -> None:
        """Close in the middle, as a server that was killed."""
        self.writer.transport.abort()

    def reset(self) -> None:
        """A TCP reset, as from a crashed host."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Handler = Callable[[Request, Exchange], Awaitable[None]]


@dataclass
class HttpServer:
    """`with HttpServer(handler) as server:` serves at `server.url`; can be stopped and started
    again on the same port."""

    handler: Handler
    port: int = 0
    _thread: threading.Thread | None = field(default=None, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _stopped: asyncio.Event | None = field(default=None, init=False)
    _connections: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(60)

    def stop(self) -> None:
        """Connections end at once; new ones are refused."""
        if self._loop is not None and self._stopped is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join(60)
            self._loop = None

    def __enter__(self) -> HttpServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self, ready: threading.Event) -> None:
        asyncio.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        # Kept over a stop: clients go on knocking there.
        self.port = self.port or free_port()
        server = await asyncio.start_server(
            self._connected, "127.0.0.1", self.port, limit=64 * 1024 * 1024
        )
        ready.set()
        await self._stopped.wait()
        server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while (request := await _request(reader)) is not None:
                await self._handled(request, Exchange(reader, writer))
                if writer.transport.is_closing():
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._connections.discard(task)
            writer.close()

    async def _handled(self, request: Request, exchange: Exchange) -> None:
        """The handler ends early when the client goes away, as real servers do."""
        work = asyncio.ensure_future(self.handler(request, exchange))
        gone = asyncio.ensure_future(_gone(exchange.reader))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            work.cancel()
            gone.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)


async def _gone(reader: asyncio.StreamReader) -> None:
    """Ends when the client closes; reads nothing of a next request."""
    while not reader.at_eof():  # noqa: ASYNC110 - a stream tells nobody that it ended
        await asyncio.sleep(0.02)


async def _request(reader: asyncio.StreamReader) -> Request | None:
    line = await reader.readline()
    if not line.strip():
        return None
    method, path, _ = line.decode().split(" ", 2)
    headers: dict[str, str] = {}
    while (line := await reader.readline()).strip():
        name, _, value = line.decode().partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body)

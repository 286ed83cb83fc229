"""The HTTP application over a service in memory, called without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI

from config.settings import Settings, load_settings
from src.api.app import create_app
from src.api.dependencies import RunningService
from src.notifying.log_files import close_logs, open_logs
from tests.api.fake_service import FakeService

Client = httpx.AsyncClient
Connect = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture(autouse=True)
def errors_log(tmp_path: Path) -> Iterator[Path]:
    """The product's own logs, in a folder of the test."""
    open_logs(
        tmp_path / "logs", level="INFO", max_bytes=10**6, backups=1, console=False, secrets=()
    )
    yield tmp_path / "logs" / "errors.log"
    close_logs()


@pytest.fixture
def service(tmp_path: Path) -> FakeService:
    return FakeService(tmp_path)


def settings_of(**changes: Any) -> Settings:
    return load_settings(_env_file=None, **changes)


def app_over(service: FakeService, **changes: Any) -> FastAPI:
    return create_app(settings_of(**changes), cast("RunningService", service))


@pytest.fixture
def connect(service: FakeService) -> Connect:
    """`async with connect(peer=…, headers=…, **settings) as client`"""

    @asynccontextmanager
    async def connected(
        *,
        peer: str = "127.0.0.1",
        headers: dict[str, str] | None = None,
        base_url: str = "http://localhost:8000",
        **changes: Any,
    ) -> AsyncIterator[Client]:
        app = app_over(service, **changes)
        transport = httpx.ASGITransport(app=app, client=(peer, 50000))
        async with (
            app.router.lifespan_context(app),
            Client(transport=transport, base_url=base_url, headers=headers) as client,
        ):
            yield client

    return connected


@pytest.fixture
async def client(connect: Connect) -> AsyncIterator[Client]:
    async with connect() as connected:
        yield connected

"""Short ways to ask a vision engine about pages of words."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from src.domain.page import Page
from src.engines.layout.engine import LayoutEngine
from src.engines.vision.engine import VisionEngine, VisionOptions
from src.engines.vision.server import ModelServer, Provider
from src.ports import ExtractionHints
from tests.engines.pages import INVOICE_TEXT, ThreadPool, page_of
from tests.fakes.ollama import FakeOllama
from tests.fakes.openai import FakeOpenAI

Make = Callable[..., VisionEngine]


def server_of(fake: FakeOllama | FakeOpenAI, **changes: Any) -> ModelServer:
    ollama = isinstance(fake, FakeOllama)
    given: dict[str, Any] = {
        "provider": Provider.OLLAMA if ollama else Provider.OPENAI,
        "base_url": fake.url,
        "model": fake.model if isinstance(fake, FakeOllama) else fake.models[0],
        "timeout_seconds": 60.0,
    }
    return ModelServer(**(given | changes))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """`make(fake, cache_bytes=…, parallel=…, timeout_seconds=…, client=…)`"""

    def made(fake: FakeOllama | FakeOpenAI, **changes: Any) -> VisionEngine:
        named = {"cache_bytes", "parallel", "readiness_seconds"}
        options = {name: changes.pop(name) for name in tuple(changes) if name in named}
        client = changes.pop("client", None)
        layout = changes.pop("embedded", None) or LayoutEngine(ThreadPool(), 60)
        server = server_of(fake, **changes)
        return VisionEngine(server, layout, tmp_path / "cache", VisionOptions(**options), client)

    return made


@pytest.fixture
def pages() -> tuple[Page, ...]:
    return (page_of(INVOICE_TEXT),)


async def until(happened: Callable[[], bool]) -> None:
    """Waits for what nobody tells of, as long as a busy machine may take."""
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def drawn(page: Page, long_side: int) -> bytes:
    """A picture with a dark bar where each word stands."""
    height = long_side
    width = round(long_side * page.width / page.height)
    image = Image.new("RGB", (width, height), "white")
    for word in page.words:
        box = word.box
        corner = (int(box.x0 * width), int(box.y0 * height))
        end = (max(corner[0] + 1, int(box.x1 * width)), max(corner[1] + 1, int(box.y1 * height)))
        middle = (corner[1] + end[1]) // 2
        image.paste("black", (corner[0], corner[1], end[0], max(corner[1] + 1, middle)))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def hints_for(*pages: Page) -> ExtractionHints:
    """Hints with pictures of these pages."""
    shown = {page.number: page for page in pages}

    async def page_image(number: int, long_side: int) -> bytes:
        return drawn(shown[number], long_side)

    return ExtractionHints(page_image=page_image, document_id="doc1")

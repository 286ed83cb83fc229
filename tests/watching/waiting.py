"""Waiting for what the folder does in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.watching.conftest import World


async def eventually(ask: Callable[[], Awaitable[bool]], what: str) -> None:
    for _ in range(3000):
        if await ask():
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"in a minute not seen: {what}")


async def all_taken(world: World, count: int) -> None:
    async def arrived() -> bool:
        return len(await world.records()) >= count

    await eventually(arrived, f"{count} documents")

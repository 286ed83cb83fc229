"""`PageRenderer`: one page as a picture."""

from __future__ import annotations

from pathlib import Path

from src.domain.document import MediaType
from src.ports import CpuPool
from src.reading import units


class Renderer:
    """Draws pages in the worker processes of a pool."""

    def __init__(self, pool: CpuPool, *, page_seconds: float) -> None:
        """`page_seconds` is the longest time one page may take."""
        self._pool = pool
        self._seconds = page_seconds

    async def render(
        self, path: Path, media_type: MediaType, page: int, rotation: int, long_side: int
    ) -> bytes:
        """PNG of the 1-based `page` as viewers show it, turned clockwise by `rotation`
        (`Page.rotation`), RGB, at most `long_side` pixels.

        Raises `NotFound` when there is no such page, `ReadingFailed` when it cannot be drawn.
        """
        return await self._pool.run(
            self._seconds, units.render_png, path, media_type, page, rotation, long_side
        )

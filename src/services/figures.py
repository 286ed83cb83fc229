"""Figures for operators and managers, over the last days."""

from __future__ import annotations

from datetime import datetime

from src.domain.errors import InvalidInput
from src.domain.figures import AmountFigures, Bucket, FailureDay, FailureFigures, Width
from src.ports import Clock, UnitOfWork

# A picture of more buckets shows nothing.
MOST_BUCKETS = 1000


class FiguresService:
    """Days are those of UTC; the last one is today, and not over."""

    def __init__(self, *, uow: UnitOfWork, clock: Clock) -> None:
        self._uow = uow
        self._clock = clock

    async def series(self, days: int, width: Width) -> tuple[Bucket, ...]:
        """Every bucket of the last `days` days, oldest first, empty ones included.

        Raises `InvalidInput` when that were more than a picture can show.
        """
        starts = self._starts(days, width)
        async with self._uow() as documents:
            found = await documents.series(starts[0], width)
        return tuple(found.get(start, Bucket(start=start)) for start in starts)

    async def failures(self, days: int) -> FailureFigures:
        """Documents that failed in the last days and are still failed; every day is there."""
        starts = self._starts(days, Width.DAY)
        async with self._uow() as documents:
            found = await documents.failures(starts[0])
        counts = {day.start: day.counts for day in found.by_day}
        days_told = tuple(FailureDay(start=start, counts=counts.get(start, {})) for start in starts)
        return FailureFigures(kinds=found.kinds, by_day=days_told)

    async def amounts(self, days: int) -> AmountFigures:
        """Of invoices processed in the last days."""
        async with self._uow() as documents:
            return await documents.amounts(self._starts(days, Width.DAY)[0])

    def _starts(self, days: int, width: Width) -> list[datetime]:
        count = days * (24 if width is Width.HOUR else 1)
        if count > MOST_BUCKETS:
            raise InvalidInput(
                f"days: {days} days by the {width.value} are {count} figures; "
                f"ask for {MOST_BUCKETS} at most"
            )
        last = width.start_of(self._clock())
        return [last - width.step * back for back in range(count - 1, -1, -1)]

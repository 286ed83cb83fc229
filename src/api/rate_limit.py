"""How many uploads a caller may send a minute."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

# Callers remembered at the same time; the one that was quiet longest is forgotten first.
MAX_CALLERS = 10_000


class RateLimit:
    """A bucket of tokens for each caller: full at first, refilled evenly over a minute.

    In memory and for one process; `per_minute` 0 means no limit.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        # caller -> (tokens left, seconds of the clock at that time)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_for(self, caller: str, count: int = 1) -> int:
        """Spend `count` tokens: 0 if there were enough, else the seconds until there are.

        More than a minute's worth at once costs a full bucket, so that it can ever pass.
        """
        if not self._per_minute:
            return 0
        cost = min(count, self._per_minute)
        now = self._clock()
        tokens, before = self._buckets.pop(caller, (float(self._per_minute), now))
        per_second = self._per_minute / 60
        tokens = min(float(self._per_minute), tokens + (now - before) * per_second)
        missing = cost - tokens
        self._buckets[caller] = (tokens if missing > 0 else tokens - cost, now)
        if len(self._buckets) > MAX_CALLERS:
            self._buckets.popitem(last=False)
        return math.ceil(missing / per_second) if missing > 0 else 0

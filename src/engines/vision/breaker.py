"""Stops asking a server that is down, and finds out when it is back."""

from __future__ import annotations

from collections.abc import Callable

# One request may fail by itself; three in a row are the server.
FAILURES = 3
# Seconds between two tries of a server that is down.
COOLDOWN_SECONDS = 10.0


class CircuitBreaker:
    """Closed: everybody may ask. Open: nobody. Half-open: one tries, its outcome decides.

    A try that neither succeeds nor fails (it was cancelled) must be `abandoned`.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        failures: int = FAILURES,
        cooldown_seconds: float = COOLDOWN_SECONDS,
    ) -> None:
        """`clock` tells monotonic seconds."""
        self._clock = clock
        self._limit = failures
        self._cooldown = cooldown_seconds
        self._failures = 0
        self._opened_at: float | None = None
        self._trying = False

    @property
    def is_open(self) -> bool:
        """Whether asking is stopped now; a try may still be under way or due."""
        return self._opened_at is not None

    def may_ask(self) -> bool:
        """Whether a request may go out; in the half-open state only the first may."""
        if self._opened_at is None:
            return True
        if self._trying or self._clock() - self._opened_at < self._cooldown:
            return False
        self._trying = True
        return True

    def succeeded(self) -> None:
        self._failures, self._opened_at, self._trying = 0, None, False

    def failed(self, *, down: bool = False) -> None:
        """`down`: the server is known to be down; there is no need to fail more often."""
        self._failures += 1
        self._trying = False
        if down or self._failures >= self._limit or self._opened_at is not None:
            self._opened_at = self._clock()

    def abandoned(self) -> None:
        self._trying = False

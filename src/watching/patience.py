"""When a file of the folder may be taken: not before it rests, and later after each failure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from src.watching.snapshot import Entry

# Seconds; the wait between two tries doubles up to this.
_LONGEST_BACKOFF = 300.0
# After this many tries, half a minute, somebody should know.
_TRIES_UNTOLD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watched:
    entry: Entry
    # Monotonic seconds before which it is left alone.
    not_before: float
    tries: int = 0
    # Why it could not be taken the last time.
    trouble: str | None = None


class Patience:
    """Remembers each file between looks. Times are monotonic seconds."""

    def __init__(self, stability_seconds: float, backoff_seconds: float) -> None:
        """`backoff_seconds` is the wait after the first failed try."""
        self._stability = stability_seconds
        self._backoff = backoff_seconds
        self._watched: dict[str, _Watched] = {}

    def see(self, entry: Entry, now: float, *, rests: bool = False) -> float:
        """Seconds until the file may be taken, 0 when it may be now; for a file seen for the
        first time exactly the stability time.

        It must be unchanged for the stability time, unless it is known that it `rests`.
        """
        known = self._watched.get(entry.name)
        if known is None or known.entry != entry:
            wait = 0.0 if rests else self._stability
            self._watched[entry.name] = _Watched(entry=entry, not_before=now + wait)
            # Not the difference to `now`, which is rounded up at some times of a machine's life.
            return wait
        return max(0.0, known.not_before - now)

    def failed(self, entry: Entry, now: float, trouble: str) -> float:
        """Note a failed try; returns the seconds until the next one."""
        known = self._watched.get(entry.name) or _Watched(entry=entry, not_before=now)
        wait = min(_LONGEST_BACKOFF, self._backoff * 2.0 ** min(known.tries, 16))
        self._watched[entry.name] = replace(
            known, tries=known.tries + 1, not_before=now + wait, trouble=trouble
        )
        return wait

    def tries(self, name: str) -> int:
        known = self._watched.get(name)
        return known.tries if known else 0

    def forget(self, name: str) -> None:
        self._watched.pop(name, None)

    def keep_only(self, names: set[str]) -> None:
        """Forget files that are gone."""
        for name in self._watched.keys() - names:
            del self._watched[name]

    def troubles(self) -> dict[str, str]:
        """Name -> reason of the files that could not be taken so far."""
        return {name: known.trouble for name, known in self._watched.items() if known.trouble}

    @property
    def is_tried(self) -> bool:
        """Whether a file could not be taken for a while."""
        return any(known.tries > _TRIES_UNTOLD for known in self._watched.values())

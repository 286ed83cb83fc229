"""Asked and answered line by line; stands alone, so that every environment can run it."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any


def answer_lines(work: Callable[[str], dict[str, Any]]) -> None:
    """Answer each path on standard input with what `work` makes of it, plus CPU and memory."""
    # Packages print what they like; only answers may reach the asker.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        before = cpu_seconds()
        answer = {**work(json.loads(line)["path"])}
        answer.setdefault("cpu", cpu_seconds() - before)
        answer.setdefault("peak_mb", peak_megabytes())
        answers.write(f"{json.dumps(answer)}\n")
        answers.flush()


def cpu_seconds() -> float:
    """User and system time of this process and of those it started that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def peak_megabytes() -> float:
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit

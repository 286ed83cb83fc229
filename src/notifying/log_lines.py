"""One log record as text that cannot be forged and tells no secret."""

from __future__ import annotations

import re
import traceback
from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loguru import Record

# Control characters, line separators and marks that turn the direction of text: with them a
# file name could draw a line that the service never wrote.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Every further line of an entry starts with this, so none can pass for an entry of its own.
_CONTINUED = "    | "

# Under this key of `extra` an entry carries its exception.
EXCEPTION = "exception_info"
_OWN = frozenset({"channel", EXCEPTION})


def escape(text: str) -> str:
    """The text on one line, with unsafe characters written as escapes."""
    return _UNSAFE.sub(lambda found: _escaped(found.group()), text)


def _escaped(character: str) -> str:
    if character == "\n":
        return "\\n"
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def channel_of(record: Record) -> str:
    """`processing`, `performance`, or `general` for what is not bound to a channel."""
    return str(record["extra"].get("channel", "general"))


def render(record: Record, secrets: Sequence[str] = ()) -> str:
    """`time | level | channel | origin | message | key=value`, then a traceback if any.

    The time is UTC in RFC 3339. Variables are never shown: they hold invoices and keys.
    """
    moment = record["time"].astimezone(UTC).isoformat(timespec="milliseconds")
    parts = [
        moment.replace("+00:00", "Z"),
        record["level"].name,
        channel_of(record),
        f"{record['name']}:{record['line']}",
        escape(record["message"]),
    ]
    bound = [f"{key}={value}" for key, value in record["extra"].items() if key not in _OWN]
    if bound:
        parts.append(escape(" ".join(bound)))
    lines = [" | ".join(parts), *_traceback_lines(record)]
    text = "\n".join(lines)
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def _traceback_lines(record: Record) -> list[str]:
    exception = record["extra"].get(EXCEPTION)
    if exception is None or exception.type is None:
        return []
    chunks = traceback.format_exception(exception.type, exception.value, exception.traceback)
    lines = "".join(chunks).rstrip("\n").split("\n")
    return [_CONTINUED + escape(line) for line in lines]

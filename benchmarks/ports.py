"""Ports for servers that a test or a measurement starts."""

from __future__ import annotations

import random
import socket

# Below the ports that systems give to outgoing connections (from 32768 on Linux, 49152
# elsewhere): there, a client that knocks before its server listens can be connected to itself.
_RANGE = (10_000, 32_000)


def free_port() -> int:
    """A port of this machine that nobody listens on. Raises `OSError` when none was found."""
    for _ in range(100):
        port = random.randint(*_RANGE)  # noqa: S311 - no secret
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port was found")

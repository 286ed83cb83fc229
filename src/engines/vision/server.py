"""Which model on which server, as the settings say it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

# The model stays loaded between documents that trickle in.
KEEP_ALIVE = "30m"


class Provider(StrEnum):
    OLLAMA = "ollama"
    OPENAI = "openai"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    provider: Provider
    # Without a slash at the end; of an OpenAI-compatible server with its /v1.
    base_url: str
    model: str
    # Empty where the server asks for none.
    api_key: str = field(default="", repr=False)
    # Seconds for one answer, from the request to its last byte.
    timeout_seconds: float = 300.0

    @property
    def stall_seconds(self) -> float:
        """Longest silence between two pieces of an answer.

        The first piece comes after the whole prompt was read, which on a CPU takes most of the
        time, so silence of half the time is still no stall.
        """
        return max(1.0, self.timeout_seconds / 2)

    @property
    def is_near(self) -> bool:
        """On this machine or in its own network, where a web proxy has no business."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            # A name without a dot is a neighbour, such as a container.
            return "." not in host
        return address.is_loopback or address.is_private

    def __str__(self) -> str:
        """For messages: without a password that may stand in the address."""
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"

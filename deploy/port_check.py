"""Tell in plain words whether a server can listen, before anything is made for it.

Runs with any Python 3.11 and nothing installed: `port_check.py ADDRESS PORT VARIABLE`, where an
empty ADDRESS or PORT means: look up HOST and PORT as the service will. VARIABLE is the name to
use in the remedy. Exit status 1 and a message on stderr when the port cannot be had.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

DEFAULTS = {"HOST": "127.0.0.1", "PORT": "8000"}


def setting(name: str, env_file: Path) -> str:
    """The environment's value, else the one in `.env`, else the default; as the service does."""
    found = os.environ.get(name, "")
    if not found and env_file.is_file():
        for line in env_file.read_text(encoding="utf-8", errors="replace").splitlines():
            key, separator, value = line.removeprefix("export ").partition("=")
            if separator and key.strip().upper() == name:
                found = value.split(" #")[0].strip().strip("'\"")
    return found or DEFAULTS[name]


def refusal(address: str, port: int, variable: str) -> str | None:
    """Why no server can listen there, with the remedy; None when it can."""
    other = port + 1 if port < 65535 else 8000
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do: connections that are fading away don't count, listeners do.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
            probe.listen(1)
    except socket.gaierror:
        return f"{address} is no address of this machine: set HOST, such as HOST=127.0.0.1"
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"port {port} on {address} is already in use.\n"
                f"       See by what:        ss -ltnp 'sport = :{port}'\n"
                f"       Stop that program, or use another port:  {variable}={other} "
                f"{os.environ.get('STARTED_AS', './start_api.sh')}"
            )
        if error.errno == errno.EACCES:
            return f"port {port} needs administrator rights: use {variable}={other} or higher"
        return f"cannot listen on {address}, port {port}: {error.strerror}"
    return None


def main(arguments: list[str]) -> int:
    env_file = Path(".env")
    address = arguments[0] or setting("HOST", env_file)
    port = arguments[1] or setting("PORT", env_file)
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        sys.stderr.write(f"error: {arguments[2]}={port} is no port: use 1 to 65535\n")
        return 1
    problem = refusal(address, int(port), arguments[2])
    if problem:
        sys.stderr.write(f"error: {problem}\n")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`check`: whether the service can start with this configuration."""

from __future__ import annotations

import shutil
import socket
import tempfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from rich.table import Table

from config.settings import Settings, load_settings
from src.cli.exit_codes import ExitCode
from src.cli.showing import plain, terminal

LOW_DISK_BYTES = 512 * 1024 * 1024
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Verdict(Enum):
    OK = "ok"
    # The service starts, but somebody should know.
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    verdict: Verdict
    subject: str
    detail: str


def check() -> ExitCode:
    """Show every check; CONFIGURATION when one is a problem. Raises `ConfigurationProblem`."""
    settings = load_settings()
    checks = [*_folders(settings), _disk(settings), _port(settings), _access(settings)]
    table = Table(box=None, pad_edge=False, show_header=False)
    for found in checks:
        table.add_row(plain(found.verdict.value), plain(found.subject), plain(found.detail))
    terminal().print(table)
    if any(found.verdict is Verdict.PROBLEM for found in checks):
        return ExitCode.CONFIGURATION
    return ExitCode.ACCEPTED


def _folders(settings: Settings) -> list[Check]:
    folders = {
        "INCOMING_FOLDER": settings.incoming_folder,
        "GENERATED_FOLDER": settings.generated_folder,
        "LOG_FOLDER": settings.log_folder,
    }
    return [_folder(variable, folder) for variable, folder in folders.items()]


def _folder(variable: str, folder: Path) -> Check:
    """Made if it is missing, as the service would."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Check(
            Verdict.PROBLEM,
            variable,
            f"{folder} cannot be written ({error.strerror}). Give it to the service's user, "
            "or choose another folder.",
        )
    return Check(Verdict.OK, variable, str(folder.resolve()))


def _disk(settings: Settings) -> Check:
    folder = settings.generated_folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    told = f"{free // 1024**2} MB are free for results"
    if free < LOW_DISK_BYTES:
        return Check(Verdict.WARNING, "disk", f"{told}; that is little.")
    return Check(Verdict.OK, "disk", told)


def _port(settings: Settings) -> Check:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    place = f"{settings.host}:{settings.port}"
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return Check(
                Verdict.WARNING,
                "HOST, PORT",
                f"{place} cannot be taken now ({error.strerror}). If the service is not running "
                "already, choose another PORT.",
            )
    return Check(Verdict.OK, "HOST, PORT", place)


def _access(settings: Settings) -> Check:
    if settings.allow_anonymous:
        return Check(
            Verdict.WARNING, "ALLOW_ANONYMOUS", "Everybody who reaches the port is served."
        )
    if settings.api_keys:
        return Check(Verdict.OK, "API_KEYS", f"{len(settings.api_keys)} keys open the API")
    if settings.host in _LOOPBACK:
        return Check(Verdict.OK, "API_KEYS", "none; programs of this machine are served")
    return Check(
        Verdict.WARNING,
        "API_KEYS",
        f"none, and HOST={settings.host} listens to the network: callers from other machines are "
        "refused until API_KEYS is set.",
    )

"""The small commands, help, and what the program ends with."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from rich.console import Console

from src.cli import program, showing
from src.cli.arguments import parser
from src.cli.exit_codes import MEANINGS, ExitCode, of_error, worst
from src.domain.errors import (
    CorruptDocument,
    EngineUnavailable,
    InvoiceAgentError,
    ReadingFailed,
    StorageFailed,
)
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


def test_engines_tell_what_is_ready(run: Run) -> None:
    ran = run("engines")
    assert ran.code == ExitCode.ACCEPTED
    assert "einvoice" in ran.out
    assert "layout" in ran.out
    assert "Now: " in ran.out


def test_schema_is_json_schema(run: Run) -> None:
    schema = json.loads(run("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "Invoice" in schema["$defs"]


def test_check_passes_in_a_fresh_folder(run: Run, folder: Path) -> None:
    ran = run("check")
    assert ran.code == ExitCode.ACCEPTED
    assert {path.name for path in folder.iterdir()} == {"incoming", "generated", "logs"}


def test_check_names_a_folder_that_cannot_be_written(run: Run, folder: Path) -> None:
    (folder / "incoming").write_text("a file in the way")
    ran = run("check")
    assert ran.code == ExitCode.CONFIGURATION
    assert "problem" in ran.out
    assert "INCOMING_FOLDER" in ran.out


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"ALLOW_ANONYMOUS": "true"}, "Everybody who reaches the port"),
        ({"API_KEYS": "a-key-of-some-length,another-key-of-length"}, "2 keys open the API"),
        ({"HOST": "0.0.0.0"}, "refused until API_KEYS is set"),  # noqa: S104
        ({}, "programs of this machine are served"),
    ],
)
def test_check_tells_who_is_served(
    run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], told: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ran = run("check")
    assert ran.code == ExitCode.ACCEPTED
    assert told in ran.out
    assert "a-key-of-some-length" not in ran.out


def test_check_warns_of_a_taken_port(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        ran = run("check")
    assert ran.code == ExitCode.ACCEPTED
    assert "cannot be taken now" in ran.out


def test_check_warns_of_a_full_disk(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.cli.checking.LOW_DISK_BYTES", 10**18)
    assert "that is little" in run("check").out


@pytest.mark.parametrize("command", ["process", "engines", "schema", "check"])
def test_every_command_has_help(run: Run, command: str) -> None:
    ran = run(command, "--help")
    assert ran.code == 0
    assert len(ran.out.splitlines()) > 4


def test_help_lists_every_exit_code() -> None:
    text = parser().format_help()
    assert all(f"{code.value:>3}  {MEANINGS[code]}" in text for code in ExitCode)


@pytest.mark.parametrize("arguments", [(), ("process",), ("nothing",), ("process", "--nothing")])
def test_a_wrong_line_is_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == ExitCode.USAGE


def test_wrong_settings_are_one_message_and_help_still_works(folder: Path) -> None:
    def ended(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "src.cli", *arguments],
            env=os.environ | {"PYTHONPATH": str(ROOT), "BATCH_SIZE": "many"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    refused = ended("check")
    assert refused.returncode == ExitCode.CONFIGURATION
    assert "BATCH_SIZE='many'" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert ended("--help").returncode == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), ExitCode.INTERRUPTED), (StorageFailed("Full."), ExitCode.STORAGE)],
)
def test_errors_become_codes(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: ExitCode
) -> None:
    def fail(_: object) -> ExitCode:
        raise error

    monkeypatch.setattr(program, "_run", fail)
    ran = run("schema")
    assert ran.code == code
    assert ran.err


def test_a_bug_keeps_its_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> ExitCode:
        raise ValueError("a bug")

    monkeypatch.setattr(program, "_run", fail)
    with pytest.raises(ValueError, match="a bug"):
        run("schema")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CorruptDocument, ExitCode.REJECTED),
        (StorageFailed, ExitCode.STORAGE),
        (EngineUnavailable, ExitCode.FAILED),
        (ReadingFailed, ExitCode.FAILED),
    ],
)
def test_the_nearest_ancestor_gives_the_code(error: type[InvoiceAgentError], code: int) -> None:
    assert of_error(error) == code


def test_the_worst_of_several() -> None:
    assert worst([ExitCode.ACCEPTED, ExitCode.NEEDS_REVIEW]) is ExitCode.NEEDS_REVIEW
    assert worst([ExitCode.REJECTED, ExitCode.FAILED, ExitCode.ACCEPTED]) is ExitCode.FAILED
    assert worst([]) is ExitCode.ACCEPTED


def test_text_of_documents_cannot_steer_the_terminal() -> None:
    shown = showing.plain("\x1b[2Jgone [red]x[/red] \u202e")
    assert shown.plain == "�[2Jgone [red]x[/red] �"
    assert showing.plain(None).plain == ""


def test_a_bar_is_drawn_for_several_files_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def terminal(**_: object) -> Console:
        return Console(stderr=True, force_terminal=True)

    monkeypatch.setattr(showing, "Console", terminal)
    with showing.progress_of(3) as advance:
        advance(1.5)
    assert "processing" in capsys.readouterr().err
    with showing.progress_of(1) as advance:
        advance(1)
    assert capsys.readouterr().err == ""

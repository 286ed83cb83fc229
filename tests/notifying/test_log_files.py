"""Each entry lands in exactly the files it belongs to, whole and unforgeable."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx
from loguru import logger

from src.notifying.log_files import close_logs, open_logs

FILES = ("invoice_agent.log", "processing.log", "errors.log", "performance.log")
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_logs()


def opened(folder: Path, **changes: object) -> None:
    options: dict[str, object] = {
        "level": "INFO",
        "max_bytes": MEGABYTE,
        "backups": 3,
        "console": False,
    }
    open_logs(folder, **(options | changes))  # type: ignore[arg-type]


def written(folder: Path) -> dict[str, str]:
    close_logs()
    return {name: (folder / name).read_text(encoding="utf-8") for name in FILES}


def test_all_four_files_exist_from_the_start(tmp_path: Path) -> None:
    opened(tmp_path / "new" / "logs")
    assert {path.name for path in (tmp_path / "new" / "logs").iterdir()} == set(FILES)


@pytest.mark.parametrize(
    ("channel", "level", "expected"),
    [
        (None, "INFO", {"invoice_agent.log"}),
        (None, "ERROR", {"invoice_agent.log", "errors.log"}),
        ("processing", "WARNING", {"processing.log"}),
        ("processing", "CRITICAL", {"processing.log", "errors.log"}),
        ("performance", "INFO", {"performance.log"}),
        (None, "DEBUG", set()),
    ],
)
def test_an_entry_goes_to_its_files_only(
    tmp_path: Path, channel: str | None, level: str, expected: set[str]
) -> None:
    opened(tmp_path)
    bound = logger.bind(channel=channel) if channel else logger
    bound.log(level, "the-entry")
    files = written(tmp_path)
    assert {name for name, text in files.items() if "the-entry" in text} == expected


def test_lines_of_processing_hold_the_word(tmp_path: Path) -> None:
    opened(tmp_path)
    logger.bind(channel="processing").info("queued a.pdf")
    assert "processing" in written(tmp_path)["processing.log"]


def test_time_is_utc_and_bound_values_are_told(tmp_path: Path) -> None:
    opened(tmp_path)
    logger.bind(reference="ab12").info("hello {}", "world")
    line = written(tmp_path)["invoice_agent.log"]
    assert line.split(" | ")[0].endswith("Z")
    assert line.endswith("hello world | reference=ab12\n")


def test_a_hostile_name_cannot_forge_a_line(tmp_path: Path) -> None:
    opened(tmp_path)
    logger.info("took {}", "a\n2026 | INFO | forged\r\x1b[2J\u202e.pdf")
    text = written(tmp_path)["invoice_agent.log"]
    assert text.count("\n") == 1
    assert r"\n2026" in text
    assert r"\x1b[2J" in text
    assert r"\u202e" in text


def test_a_traceback_is_indented_so_that_it_cannot_forge_a_line(tmp_path: Path) -> None:
    opened(tmp_path)
    password = "not-for-the-log"
    try:
        raise ValueError("first\n2026 | INFO | forged")
    except ValueError:
        logger.exception("failed")
    lines = written(tmp_path)["errors.log"].splitlines()
    assert len(lines) > 3
    assert all(line.startswith("    | ") for line in lines[1:])
    assert password not in "\n".join(lines)


def test_secrets_are_blotted_out(tmp_path: Path) -> None:
    opened(tmp_path, secrets=("k" * 20, ""))
    logger.warning("key {} refused", "k" * 20)
    assert "key *** refused" in written(tmp_path)["invoice_agent.log"]


def test_standard_logging_is_taken_along(tmp_path: Path) -> None:
    opened(tmp_path)
    logging.getLogger("uvicorn.error").error("port in use")
    logging.getLogger("some.package").warning("hm %s", "100%")
    logging.getLogger("watchdog.observers").info("noise")
    logging.getLogger("some.package").log(35, "own level")
    files = written(tmp_path)
    assert "uvicorn.error" in files["errors.log"]
    assert "hm 100%" in files["invoice_agent.log"]
    assert "own level" in files["invoice_agent.log"]
    assert "noise" not in files["invoice_agent.log"]


def test_closing_gives_standard_logging_back(tmp_path: Path) -> None:
    uvicorn = logging.getLogger("uvicorn")
    own = logging.NullHandler()
    uvicorn.addHandler(own)
    try:
        before = (list(uvicorn.handlers), uvicorn.propagate, logging.getLogger().level)
        opened(tmp_path)
        close_logs()
        assert (list(uvicorn.handlers), uvicorn.propagate, logging.getLogger().level) == before
    finally:
        uvicorn.removeHandler(own)


@pytest.mark.parametrize("backups", [0, 2])
def test_files_rotate_by_size_and_count(tmp_path: Path, backups: int) -> None:
    opened(tmp_path, max_bytes=2000, backups=backups)
    for number in range(100):
        logger.info("entry {:03d} {}", number, "x" * 60)
    last = written(tmp_path)["invoice_agent.log"]
    kept = sorted(tmp_path.glob("invoice_agent.log*"))
    assert len(kept) == backups + 1
    assert all(path.stat().st_size <= 2000 for path in kept)
    assert "entry 099" in last


def test_the_console_gets_everything_but_performance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(tmp_path, console=True)
    logger.bind(channel="processing").info("seen")
    logger.bind(channel="performance").info("not seen")
    close_logs()
    shown = capsys.readouterr().err
    assert "seen" in shown
    assert "not seen" not in shown


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="file"):
        opened(tmp_path / "file")


def test_a_file_that_cannot_be_opened_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "errors.log").mkdir()
    with pytest.raises(OSError, match=r"errors\.log"):
        opened(tmp_path)


async def test_logging_never_blocks_the_loop(tmp_path: Path) -> None:
    await asyncio.to_thread(opened, tmp_path)
    with blockbuster_ctx("src"):
        for number in range(50):
            logger.error("entry {}", number)
            await asyncio.sleep(0)
    files = await asyncio.to_thread(written, tmp_path)
    assert files["errors.log"].count("entry") == 50


def test_threads_do_not_mix_their_lines(tmp_path: Path) -> None:
    opened(tmp_path)
    threads = [
        threading.Thread(target=lambda: [logger.info("x" * 200) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = written(tmp_path)["invoice_agent.log"].splitlines()
    assert len(lines) == 200
    assert all(line.endswith("x" * 200) for line in lines)

"""The end of the log files for people."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from loguru import logger

from src.notifying.log_files import close_logs, open_logs
from src.notifying.log_tail import LogTail

# Times in the files are in milliseconds, and one order in two files is known from them alone.
PAUSE = 0.005


def write(folder: Path) -> None:
    open_logs(folder, level="INFO", max_bytes=10**6, backups=1, console=False)
    logger.info("started")
    time.sleep(PAUSE)
    logger.bind(channel="processing").warning("processing: {}", "a\nb | c")
    time.sleep(PAUSE)
    try:
        raise RuntimeError("bug")
    except RuntimeError:
        logger.opt(exception=True).error("it broke")
    time.sleep(PAUSE)
    logger.bind(channel="performance").info("x total=1.0")
    close_logs()


async def test_entries_of_all_files_in_order_and_once(tmp_path: Path) -> None:
    await asyncio.to_thread(write, tmp_path)
    entries = await LogTail(tmp_path).recent(100, "INFO")
    assert [entry.message for entry in entries] == [
        "started",
        "processing: a\\nb | c",
        "it broke",
        "x total=1.0",
    ]
    assert [entry.channel for entry in entries] == [
        "general",
        "processing",
        "general",
        "performance",
    ]
    assert entries == tuple(sorted(entries, key=lambda entry: entry.at))
    assert entries[0].at.tzinfo is not None


async def test_the_level_and_the_number_are_bounded(tmp_path: Path) -> None:
    await asyncio.to_thread(write, tmp_path)
    assert [e.message for e in await LogTail(tmp_path).recent(1, "WARNING")] == ["it broke"]
    assert [e.level for e in await LogTail(tmp_path).recent(9, "WARNING")] == ["WARNING", "ERROR"]


async def test_only_the_end_is_read_and_half_a_line_is_no_entry(tmp_path: Path) -> None:
    line = "2026-03-09T08:30:00.000Z | INFO | general | a:1 | {}\n"
    path = tmp_path / "invoice_agent.log"
    path.write_text("".join(line.format("x" * 5000) for _ in range(1000)), encoding="utf-8")
    with path.open("ab") as file:
        file.write(b"\xff\xfe no entry\n" + line.format("y | z").encode())
        file.write(line.replace("INFO", "NOTICE").format("other level").encode())
    entries = await LogTail(tmp_path).recent(1000, "INFO")
    assert 100 < len(entries) < 300
    assert [entry.message for entry in entries[-2:]] == ["y | z", "other level"]
    assert len(entries[0].message) == 2000


async def test_no_files_are_no_entries(tmp_path: Path) -> None:
    assert await LogTail(tmp_path / "none").recent(5, "INFO") == ()

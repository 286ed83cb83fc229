"""Hostile files are refused with a reason and kept; the rest of the folder is processed."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import psutil
import pytest

from tests.e2e import hostile
from tests.e2e.documents import text_invoice
from tests.e2e.service import Service, wait_for

MEMORY_LIMIT = 2 * 1024**3


@pytest.mark.slow
def test_a_folder_of_hostile_files(tmp_path: Path) -> None:
    service = Service(tmp_path)
    expected = hostile.fill(service.incoming, tmp_path)
    refused = sum(len(names) for names in expected.values())
    special = hostile.add_special_files(service.incoming)
    good = {
        "first.pdf": text_invoice(service.incoming / "first.pdf", 1),
        "two\nlines\x1b[31m.pdf": text_invoice(service.incoming / "two\nlines\x1b[31m.pdf", 2),
        "..\\..\\up.pdf": text_invoice(service.incoming / "..\\..\\up.pdf", 3),
        "ü" * 120 + ".pdf": text_invoice(service.incoming / ("ü" * 120 + ".pdf"), 4),
    }

    with service:
        wait_for(
            lambda: service.get("/stats")["total_processed"] >= refused + len(good),
            100,
            "all files to be processed or refused",
        )
        tree = [psutil.Process(service.pid), *psutil.Process(service.pid).children(recursive=True)]
        memory = sum(process.memory_info().rss for process in tree)
        statistics = service.get("/stats")
        failed = service.get("/results", state="failed", limit=100)["items"]

    by_type: dict[str, set[str]] = defaultdict(set)
    for item in failed:
        by_type[item["error"]["error_type"]].add(item["file_name"])
    assert by_type == expected
    assert statistics["successful"] == len(good)
    assert {path.name for path in service.incoming.iterdir()} == special
    reasons = [json.loads(path.read_text()) for path in service.generated.glob("*/*/error.json")]
    assert len(reasons) == refused
    assert all(reason["error"]["message"] for reason in reasons)
    kept = list(service.generated.glob("*/*/original.refused"))
    assert len(kept) == refused
    assert memory < MEMORY_LIMIT
    assert "\x1b" not in (service.logs / "invoice_agent.log").read_text()

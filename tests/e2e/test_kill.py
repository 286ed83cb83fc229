"""kill -9 in the middle of a batch loses nothing and doubles nothing."""

from __future__ import annotations

import json
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.documents import text_invoice
from tests.e2e.service import Service, wait_for

FILES = 30


@pytest.mark.slow
def test_a_killed_service_finishes_its_batch_after_the_restart(tmp_path: Path) -> None:
    with Service(tmp_path) as service:
        for number in range(FILES):
            text_invoice(tmp_path / f"{number}.pdf", number).rename(
                service.incoming / f"invoice {number}.pdf"
            )
        wait_for(lambda: service.get("/stats")["successful"] >= 3, 60, "the first results")
        service.kill()
        service.start()
        wait_for(
            lambda: service.get("/stats")["successful"] >= FILES, 100, "all results after restart"
        )
        results = service.get("/results", limit=200)
        statistics = service.get("/stats")
        # uvicorn ends gracefully and then re-raises the signal it was sent.
        assert service.stop() in (0, -signal.SIGTERM)

    names = Counter(item["file_name"] for item in results["items"])
    assert names == {f"invoice {number}.pdf": 1 for number in range(FILES)}
    assert (statistics["successful"], statistics["failed"], statistics["pending"]) == (FILES, 0, 0)
    numbers = {
        json.loads(path.read_text())["invoice"]["invoice_number"]["value"]
        for path in service.generated.glob("*/*/invoice.json")
    }
    assert numbers == {f"FK-{number:05d}" for number in range(FILES)}
    assert [path for path in service.incoming.iterdir() if path.name != ".gitkeep"] == []
    assert list(service.generated.glob(".staging/*")) == []

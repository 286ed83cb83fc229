"""The walk of a new user: the guide's own lines, against the real service and the samples."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.service import ROOT, Service, wait_for

SAMPLES = ROOT / "samples" / "files"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("walk")) as running:
        yield running


def curl(service: Service, *arguments: str) -> Any:
    """Run a line of the guide; `$API` stands for http://localhost:8000."""
    given = [argument.replace("$API", service.url) for argument in arguments]
    run = subprocess.run(
        ["curl", "--silent", "--show-error", *given], capture_output=True, check=True, timeout=60
    )
    return json.loads(run.stdout)


def test_the_guides_status_lines_answer_as_printed(service: Service) -> None:
    health = curl(service, "-X", "GET", "$API/")
    assert list(health) == ["status", "version", "timestamp", "services"]
    assert health["services"] == {
        "invoice_processor": "healthy",
        "file_monitor": "healthy",
        # No model server: the embedded engine does its work.
        "ai_model": "degraded",
    }
    statistics = curl(service, "-X", "GET", "$API/stats")
    assert list(statistics) == [
        "total_processed",
        "successful",
        "failed",
        "pending",
        "processing",
        "average_processing_time",
        "uptime",
    ]
    assert "uptime" in json.dumps(curl(service, "$API/status"))
    processed = curl(
        service, "-X", "POST", "$API/process", "-H", "Content-Type: application/json", "-d", "{}"
    )
    assert processed == {"items": []}


@pytest.mark.slow
def test_each_sample_uploaded_becomes_what_is_printed_on_it(service: Service) -> None:
    ids = {}
    for sample in sorted(SAMPLES.iterdir()):
        receipt = curl(service, "-X", "POST", "$API/upload", "-F", f"file=@{sample}")
        ids[sample.stem] = receipt["file_id"]
    assert len(ids) >= 12
    wait_for(
        lambda: service.get("/stats")["total_processed"] >= len(ids), 100, "the samples to be read"
    )

    for stem, file_id in ids.items():
        expected = json.loads((ROOT / "samples" / "expected" / f"{stem}.json").read_text())
        result = service.get(f"/results/{file_id}")
        assert result["state"] == "succeeded", stem
        invoice = result["invoice"]
        assert invoice["totals"]["total"]["value"] == expected["total"], stem
        assert invoice["issue_date"]["value"] == expected["invoice_date"], stem
        assert invoice["currency"]["value"] == expected["currency"], stem
        for code in expected.get("findings", []):
            assert code in {finding["code"] for finding in result["findings"]}, stem
            assert result["review_status"] == "needs_review", stem
        written = list(service.generated.glob(f"*/{file_id}/invoice.json"))
        assert json.loads(written[0].read_text())["invoice"] == invoice


@pytest.mark.slow
def test_a_result_can_be_looked_at_and_deleted(service: Service) -> None:
    sample = SAMPLES / "british-text.pdf"
    receipt = curl(service, "-F", f"file=@{sample}", "$API/upload?force_reprocess=true")
    address = f"{service.url}/results/{receipt['file_id']}"
    wait_for(
        lambda: httpx.get(address, timeout=30).json()["state"] == "succeeded", 60, "the result"
    )

    assert httpx.get(f"{address}/original", timeout=30).content == sample.read_bytes()
    picture = httpx.get(f"{address}/pages/1", timeout=30)
    assert picture.content.startswith(b"\x89PNG")
    assert httpx.delete(address, timeout=30).status_code == 200
    gone = httpx.get(address, timeout=30).json()
    assert set(gone) == {"detail", "status_code", "timestamp", "error_type"}
    assert gone["status_code"] == 404


def test_the_four_logs_hold_what_belongs_to_them(service: Service) -> None:
    names = {path.name for path in Path(service.logs).iterdir()}
    assert {"invoice_agent.log", "processing.log", "errors.log", "performance.log"} <= names

"""Processing files from the command line, through the real path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from src.cli.exit_codes import ExitCode
from tests.cli.conftest import Run
from tests.cli.invoices import write_invoice


def test_an_invoice_gives_a_row_and_stays_where_it_is(run: Run, folder: Path) -> None:
    path = write_invoice(folder / "a.xml")
    ran = run("process", str(path))
    assert ran.code in {ExitCode.ACCEPTED, ExitCode.NEEDS_REVIEW}, ran.err
    assert "R-2026-1" in ran.out
    assert "119.00 EUR" in ran.out
    assert path.exists()
    assert list((folder / "generated").glob("*/*/invoice.json"))


def test_json_has_the_whole_result(run: Run, folder: Path) -> None:
    ran = run("process", "--json", str(write_invoice(folder / "a.xml")))
    (item,) = json.loads(ran.out)
    assert item["result"]["invoice"]["invoice_number"]["value"] == "R-2026-1"
    assert item["result"]["invoice"]["totals"]["total"]["value"] == "119.00"
    assert item["result"]["provenance"]["engine"] == "einvoice"
    assert item["file_id"] == item["result"]["id"]
    assert item["error"] is None
    assert item["outcome"] in {"accepted", "needs_review"}
    assert ran.err == ""


def test_several_files_the_worst_counts(run: Run, folder: Path) -> None:
    good = write_invoice(folder / "a.xml")
    wrong = write_invoice(folder / "wrong.xml", 2, "991.00")
    damaged = folder / "b.pdf"
    damaged.write_bytes(b"MZ\x90\x00 a renamed program")
    ran = run("process", "--json", *map(str, (good, wrong, damaged, folder, folder / "c.pdf")))
    assert ran.code == ExitCode.REJECTED
    items = json.loads(ran.out)
    assert [item["outcome"] for item in items[1:]] == [
        "needs_review",
        "rejected",
        "rejected",
        "rejected",
    ]
    assert items[2]["file_id"]
    assert items[3]["file_id"] is None
    assert "not a file" in items[4]["error"]["message"]


def test_reasons_stand_below_the_table(run: Run, folder: Path) -> None:
    ran = run("process", str(write_invoice(folder / "a.xml", total="991.00")), "gone.pdf")
    assert "gone.pdf: gone.pdf is not a file." in ran.out
    assert "a.xml: " in ran.out


def test_known_bytes_show_the_first_result(run: Run, folder: Path) -> None:
    path = write_invoice(folder / "a.xml")
    first = json.loads(run("process", "--json", str(path)).out)[0]
    again = json.loads(run("process", "--json", str(path)).out)[0]
    forced = json.loads(run("process", "--json", "--force", str(path)).out)[0]
    assert again["duplicate_of"] == first["file_id"] == again["result"]["id"]
    assert forced["duplicate_of"] is None
    assert "(known)" in run("process", str(path)).out


def test_the_duplicate_policy_reject_is_an_outcome(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_invoice(folder / "a.xml")
    run("process", str(path))
    monkeypatch.setenv("DUPLICATE_POLICY", "reject")
    ran = run("process", "--json", str(path))
    assert ran.code == ExitCode.REJECTED
    assert json.loads(ran.out)[0]["error"]["code"] == "duplicate_document"


def test_a_running_service_is_told_with_the_remedy(run: Run, folder: Path) -> None:
    path = write_invoice(folder / "a.xml")
    (folder / "generated").mkdir()
    with FileLock(folder / "generated" / "invoice_agent.db.lock"):
        busy = run("process", str(path))
        beside = run("process", "--out", "results", str(path))
    assert busy.code == ExitCode.BUSY
    assert "--out DIR" in busy.err
    assert "Traceback" not in busy.err
    assert beside.code in {ExitCode.ACCEPTED, ExitCode.NEEDS_REVIEW}
    assert list((folder / "results").glob("*/*/invoice.json"))
    assert (folder / "results" / "logs" / "processing.log").read_text()


def test_the_engine_can_be_named(run: Run, folder: Path) -> None:
    ran = run("process", "--json", "--engine", "null", str(write_invoice(folder / "a.xml")))
    assert json.loads(ran.out)[0]["result"]["provenance"]["engine"] == "null"
    assert ran.code == ExitCode.NEEDS_REVIEW


def test_an_unknown_engine_is_a_configuration_error(run: Run) -> None:
    ran = run("process", "--engine", "magic", "a.pdf")
    assert ran.code == ExitCode.CONFIGURATION
    assert "EXTRACTION_ENGINE='magic'" in ran.err


def test_a_start_that_fails_is_one_message_and_in_the_log(run: Run, folder: Path) -> None:
    (folder / "generated").write_text("a file in the way")
    ran = run("process", "a.pdf")
    assert ran.code == ExitCode.STORAGE
    assert "GENERATED_FOLDER" in ran.err
    assert "Traceback" not in ran.err
    assert "cannot start" in (folder / "logs" / "errors.log").read_text()

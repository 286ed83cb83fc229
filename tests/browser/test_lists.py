"""Tables whose cells are buttons, which only a real browser draws."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from benchmarks.stage import Stage
from tests.browser.conftest import Api, needs_browser, sample, wait_for

pytestmark = [pytest.mark.slow, needs_browser, pytest.mark.timeout(90)]

ROW, COLUMN = 34, 60  # pixels, of the rows and of the buttons at their start


def press(window: Page, table: str, *, column: int = 0, row: int = 1) -> None:
    """Clicks into a table, which is one canvas; row 0 are the headings, column -1 is the last."""
    canvas = window.get_by_role("region", name=table).locator("canvas").first
    expect(canvas).to_be_visible()
    window.wait_for_timeout(700)  # the grid is laid out after it is there
    place = canvas.bounding_box()
    assert place is not None
    across = place["width"] - COLUMN if column < 0 else COLUMN * (column + 0.5)
    window.mouse.click(place["x"] + across, place["y"] + ROW * (row + 0.5))


def test_row_is_opened_and_the_search_is_still_there_after(
    running: Stage, window: Page, api: Api
) -> None:
    file_id = api.take("open-me.xml", sample("structured-ubl.xml"))
    number = api.get(f"/results/{file_id}")["invoice_number"]
    window.goto(f"{running.dashboard}/invoices")
    window.get_by_label("Number", exact=True).fill(number)
    expect(window.get_by_text(re.compile("^1 to [0-9] of [0-9]$"))).to_be_visible()
    press(window, "Invoices that match")
    expect(window).to_have_url(re.compile(r"/review\?id=[0-9a-f]{32}$"))
    expect(window.locator(".desk .field").first).to_be_visible()
    window.get_by_role("link", name="Invoices").click()
    expect(window.get_by_label("Number", exact=True)).to_have_value(number)


def test_a_heading_sorts_and_every_format_is_downloaded(
    running: Stage, window: Page, api: Api
) -> None:
    for name in ("german-two-rates.pdf", "french-discount.pdf"):
        api.take(name, sample(name))
    window.goto(f"{running.dashboard}/invoices")
    table = window.get_by_role("region", name="Invoices that match")
    expect(table.locator("th", has_text="Received ↓")).to_be_attached()
    press(window, "Invoices that match", column=-1, row=0)
    expect(table.locator("th", has_text="Received ↑")).to_be_attached()

    def downloaded(label: str) -> bytes:
        window.get_by_role("button", name="Export").click()
        with window.expect_download() as download:
            window.get_by_role("button", name=label, exact=True).click()
        window.keyboard.press("Escape")
        return bytes(download.value.path().read_bytes())

    rows = [json.loads(line) for line in downloaded("JSON Lines").splitlines()]
    assert len(rows) == api.get("/results")["total"]
    lines = [line for row in rows for line in (row["invoice"] or {}).get("line_items", ())]
    assert lines
    with zipfile.ZipFile(io.BytesIO(downloaded("Excel (XLSX)"))) as book:
        assert b"Line items" in book.read("xl/workbook.xml")
    csv_of_lines = downloaded("CSV of line items").decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(csv_of_lines)))) == len(lines)


def test_a_document_that_waits_for_a_model_is_cancelled(
    running: Stage, window: Page, api: Api
) -> None:
    file_id = api.take("cancel-me.pdf", sample("british-text.pdf") + b"\n%cancel")
    assert api.post(f"/results/{file_id}/retry", {"engine": "vision"}).is_success
    wait_for(lambda: bool(api.get(f"/results/{file_id}")["next_attempt_at"]), "the outage")
    window.goto(f"{running.dashboard}/inbox")
    press(window, "Documents: queued", column=1)
    expect(window.get_by_text("Cancelled: cancel-me.pdf")).to_be_visible()
    assert api.get(f"/results/{file_id}")["state"] == "cancelled"


def test_retry_in_the_inbox_tells_what_the_api_answers(
    running: Stage, window: Page, api: Api
) -> None:
    """A file that was refused at the door stays refused, and the person is told why."""
    before = api.get("/results", state="failed")["total"]
    api.send("damaged.pdf", b"%PDF-1.7\nnothing that can be read")
    wait_for(lambda: api.get("/results", state="failed")["total"] == before + 1, "the failure")
    (failed, *_) = api.get("/results", state="failed")["items"]
    refusal = api.post(f"/results/{failed['file_id']}/retry")
    assert refusal.is_client_error
    window.goto(f"{running.dashboard}/inbox")
    press(window, "Documents: failed")
    expect(window.get_by_text(refusal.json()["detail"], exact=True)).to_be_visible()

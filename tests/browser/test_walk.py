"""A clerk's morning in a real browser: from the upload to the export."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from benchmarks.stage import Stage
from tests.browser.conftest import SAMPLES, Api, needs_browser, wait_for

pytestmark = [pytest.mark.slow, needs_browser, pytest.mark.timeout(150)]


def held(api: Api) -> list[dict[str, Any]]:
    """The uploaded file, once it is read and its total is found wrong."""
    items = api.get("/results", finding="total-mismatch")["items"]
    return [item for item in items if item["file_name"] == "wrong-total.pdf"]


def test_upload_correct_approve_export(running: Stage, window: Page, api: Api) -> None:
    window.goto(f"{running.dashboard}/inbox")
    window.locator("input[type=file]").set_input_files(SAMPLES / "wrong-total.pdf")
    expect(window.get_by_text("In the queue: 0")).to_be_visible()
    wait_for(lambda: bool(held(api)), "the result")
    (item,) = held(api)

    window.goto(f"{running.dashboard}/review?id={item['file_id']}")
    total = window.locator('.field[data-path="totals.total"]')
    expect(window.locator(".finding.error")).to_contain_text("Subtotal 1780.00")
    expect(total.locator("input")).to_have_value("1,692.45")

    # What is no number is told at once, and nothing can be saved.
    total.locator("input").fill("1,9,62")
    expect(total.locator(".problem")).to_contain_text("1,234.50")
    expect(window.get_by_role("button", name="Save", exact=True)).to_be_disabled()

    # The finding disappears while nothing is saved yet; the amount due follows.
    total.locator("input").fill("1,962.45")
    expect(window.locator(".finding")).to_have_count(0)
    expect(window.locator('.field[data-path="totals.amount_due"] input')).to_have_value("1,962.45")
    expect(total.locator("input")).to_be_focused()
    assert api.get(f"/results/{item['file_id']}")["version"] == 1

    window.get_by_role("button", name=re.compile("Save and approve")).click()
    expect(window.get_by_text(re.compile("^Approved: Cedar Ridge"))).to_be_visible()
    saved = api.get(f"/results/{item['file_id']}")
    assert saved["review_status"] == "accepted"
    assert saved["invoice"]["totals"]["total"]["value"] == "1962.45"
    history = api.get(f"/results/{item['file_id']}/history")["items"]
    assert [entry["action"] for entry in history][-2:] == ["corrected", "approved"]

    window.goto(f"{running.dashboard}/invoices")
    window.get_by_label("Number", exact=True).fill("CR-3407")
    expect(window.get_by_text("1 to 1 of 1")).to_be_visible()
    window.get_by_role("button", name="Export").click()
    with window.expect_download() as download:
        window.get_by_role("button", name="CSV", exact=True).click()
    with download.value.path().open(newline="", encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert "1962.45" in row.values()
    assert "Cedar Ridge Landscaping, Inc." in row.values()

"""Tables whose cells are buttons, which only a real browser draws."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from benchmarks.stage import Stage
from tests.browser.conftest import Api, needs_browser, sample, wait_for

pytestmark = [pytest.mark.slow, needs_browser, pytest.mark.timeout(90)]

ROW, FIRST_COLUMN = 34, 30  # pixels


def press_first(window: Page, table: str) -> None:
    """Clicks the button at the start of the first row; a table is one canvas."""
    canvas = window.get_by_role("region", name=table).locator("canvas").first
    expect(canvas).to_be_visible()
    window.wait_for_timeout(700)  # the grid is laid out after it is there
    place = canvas.bounding_box()
    assert place is not None
    window.mouse.click(place["x"] + FIRST_COLUMN, place["y"] + ROW * 1.5)


def test_row_is_opened_and_the_search_is_still_there_after(
    running: Stage, window: Page, api: Api
) -> None:
    file_id = api.take("open-me.xml", sample("structured-ubl.xml"))
    number = api.get(f"/results/{file_id}")["invoice_number"]
    window.goto(f"{running.dashboard}/invoices")
    window.get_by_label("Number").fill(number)
    expect(window.get_by_text(re.compile("^1 to [0-9] of [0-9]$"))).to_be_visible()
    press_first(window, "Invoices that match")
    expect(window).to_have_url(re.compile(r"/review\?id=[0-9a-f]{32}$"))
    expect(window.locator(".desk .field").first).to_be_visible()
    window.get_by_role("link", name="Invoices").click()
    expect(window.get_by_label("Number")).to_have_value(number)


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
    press_first(window, "Documents: failed")
    expect(window.get_by_text(refusal.json()["detail"], exact=True)).to_be_visible()

"""The review page in a real browser: line items, what follows from a change, and decisions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.stage import Stage
from tests.browser.conftest import Api, needs_browser, sample, wait_for

pytestmark = [pytest.mark.slow, needs_browser, pytest.mark.timeout(150)]


def open_copy(running: Stage, window: Page, api: Api, name: str) -> str:
    """A document of its own for the test: the sample's bytes with a different end."""
    content = sample("british-text.pdf") + f"\n%{name}".encode()
    file_id = api.take(f"{name}.pdf", content)
    window.goto(f"{running.dashboard}/review?id={file_id}")
    expect(window.locator(".boxes button").first).to_be_visible()
    return file_id


def cell(window: Page, row: str, leaf: str) -> Locator:
    return window.locator(f'.lines [data-path="line_items.{row}.{leaf}"] > :is(input, textarea)')


def lines(api: Api, file_id: str) -> list[dict[str, Any]]:
    found = api.get(f"/results/{file_id}")["invoice"]["line_items"]
    return [
        {name: value["value"] for name, value in line.items() if isinstance(value, dict)}
        for line in found
    ]


def test_line_items_show_their_place_are_edited_and_take_what_follows(
    running: Stage, window: Page, api: Api
) -> None:
    file_id = open_copy(running, window, api, "lines")
    before = lines(api, file_id)
    assert len(before) >= 2

    # Choosing a cell marks its place, on the page and in the strip; the keyboard goes on.
    cell(window, "0", "quantity").focus()
    marked = window.locator(".boxes button.chosen")
    expect(marked).to_have_attribute("data-path", "line_items.0.quantity")
    expect(window.locator(".strip span")).to_be_visible()
    expect(window.locator(".lines .about")).to_contain_text("page 1")
    window.keyboard.press("ArrowDown")
    expect(cell(window, "1", "quantity")).to_be_focused()
    expect(marked).to_have_attribute("data-path", "line_items.1.quantity")
    window.keyboard.press("ArrowUp")

    # More of it: the printed amounts stay, and what they would be is taken at once.
    more = int(float(before[0]["quantity"])) + 1
    cell(window, "0", "quantity").fill(str(more))
    expect(window.locator(".offers")).to_contain_text("Line 1, amount")
    expect(cell(window, "0", "amount")).to_have_value(f"{float(before[0]['amount']):,.2f}")
    window.get_by_role("button", name=re.compile("^Take all")).click()
    expect(window.locator(".offers")).to_be_hidden()
    expect(window.locator(".finding.error", has_text="Line 1")).to_have_count(0)
    expect(window.locator(".other.computed")).to_have_count(0)

    # A line is removed, another one added.
    window.get_by_role("button", name="Remove line 2").click()
    window.get_by_role("button", name="Add a line").click()
    expect(cell(window, "+1", "description")).to_be_focused()
    cell(window, "+1", "description").fill("Delivery")
    cell(window, "+1", "amount").fill("twelve")
    problem = window.locator(".lines .problem")
    expect(problem).to_contain_text("1,234.50")
    expect(window.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    cell(window, "+1", "amount").fill("12.00")
    expect(problem).to_have_count(0)
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window.get_by_text("Saved", exact=True)).to_be_visible()

    after = lines(api, file_id)
    assert [line["description"] for line in after] == [
        line["description"] for line in [before[0], *before[2:]]
    ] + ["Delivery"]
    assert float(after[0]["quantity"]) == more
    assert float(after[0]["amount"]) == pytest.approx(more * float(before[0]["unit_price"]))
    assert after[-1]["amount"] == "12.00"
    expect(cell(window, str(len(after) - 1), "description")).to_have_value("Delivery")


def test_reject_wants_a_reason_and_read_again_reads_anew(
    running: Stage, window: Page, api: Api
) -> None:
    file_id = open_copy(running, window, api, "rejected")
    window.get_by_role("button", name="Reject").click()
    reason = window.get_by_label("Reason")
    reason.fill("Not ours")
    window.get_by_test_id("stFormSubmitButton").get_by_role("button", name="Reject").click()
    expect(window.get_by_text(re.compile("^Rejected: Hollyoak"))).to_be_visible()
    rejected = api.get(f"/results/{file_id}")
    assert rejected["review_status"] == "rejected"
    (*_, last) = api.get(f"/results/{file_id}/history")["items"]
    assert (last["action"], last["reason"]) == ("rejected", "Not ours")

    window.goto(f"{running.dashboard}/review?id={file_id}")
    window.get_by_role("button", name="Read again").click()
    window.get_by_role("button", name="Embedded (layout)").click()
    expect(window.get_by_text("The document is read again")).to_be_visible()
    now = rejected["version"] + 1
    wait_for(lambda: api.get(f"/results/{file_id}")["version"] == now, "the new result")
    assert api.get(f"/results/{file_id}")["review_status"] != "rejected"
    # The page shows it by itself.
    expect(window.get_by_text("Rejected", exact=True)).to_have_count(0, timeout=60_000)
    expect(window.locator(".boxes button").first).to_be_visible(timeout=60_000)

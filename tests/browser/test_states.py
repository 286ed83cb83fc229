"""What is not the happy path, in a real browser: no API, hostile text, nothing leaves."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from playwright.sync_api import Page, expect

from benchmarks import stage
from benchmarks.ports import free_port
from benchmarks.stage import Stage
from tests.browser.conftest import PAGES, Api, needs_browser, sample

pytestmark = [pytest.mark.slow, needs_browser, pytest.mark.timeout(120)]

SCRIPT = "<img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://evil.test/","Invoice")'


def test_unreachable_api_is_told_on_every_page(window: Page, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with stage.dashboard(tmp_path, nobody) as url:
        for name in PAGES:
            window.goto(f"{url}/{name}")
            expect(window.get_by_text("The invoice API could not be asked").first).to_be_visible()
            expect(window.get_by_text("./start_api.sh").first).to_be_visible()
            expect(window.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("name", [SCRIPT, FORMULA])
def test_hostile_vendor_is_text_everywhere(
    running: Stage, window: Page, api: Api, name: str
) -> None:
    xml = sample("structured-ubl.xml").decode()
    assert "Cloverfield Software Ltd" in xml
    content = xml.replace("Cloverfield Software Ltd", escape(name)).encode()
    file_id = api.take(f"{name.replace('/', ' ')[:40]}.xml", content)
    assert api.get(f"/results/{file_id}")["vendor_name"] == name

    window.goto(f"{running.dashboard}/review?id={file_id}")
    expect(window.locator('.field[data-path="vendor.name"] input')).to_have_value(name)
    expect(window.get_by_text(name, exact=True).first).to_be_visible()
    for page in PAGES:
        window.goto(f"{running.dashboard}/{page}")
        expect(window.get_by_role("heading", level=1)).to_be_visible()
        window.wait_for_load_state("networkidle")
        expect(window.get_by_test_id("stException")).to_have_count(0)
        assert window.locator('img[src="x"], a[href*="evil.test"]').count() == 0

    window.goto(f"{running.dashboard}/invoices")
    window.get_by_label("Vendor", exact=True).fill(name)
    expect(window.get_by_text("1 to 1 of 1")).to_be_visible()
    window.get_by_role("button", name="Export").click()
    with window.expect_download() as download:
        window.get_by_role("button", name="CSV", exact=True).click()
    with download.value.path().open(newline="", encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    cells = [cell for cell in row.values() if name in cell]
    assert cells
    assert not any(cell.startswith("=") for cell in row.values())

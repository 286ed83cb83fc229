"""Pictures of every page for the documentation: `python -m benchmarks.screenshots`.

The samples are read by the real service, multiplied to a few weeks of work, and every page is
photographed, light and dark, on a wide and on a narrow window, into `docs/images/`.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks import stage
from benchmarks.dashboard import PAGES, filled
from benchmarks.ports import free_port

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
RESULTS = 700
WIDTHS = (1440, 1024)
HEIGHT = 900
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MOST_BYTES = 150_000
MOST_BYTES_TOGETHER = 4_000_000
COLOURS = (128, 64, 32, 16)
# Fewer results here than where times are measured.
PAGES_HERE = PAGES | {"Invoices": "text=/^1 to 50 of/"}
TOTAL = '.boxes button[data-path="totals.total"]'
QUANTITY = '.lines [data-path="line_items.0.quantity"] > input'


def pictures(
    browser: Browser, url: str, prefix: str, names: dict[str, str], file_id: str = ""
) -> int:
    """Photographs the pages; answers how many bytes they have together. `file_id`: the document
    that is reviewed."""
    together = 0
    paths = {"Overview": "", "Review": f"review?id={file_id}"}
    for scheme in SCHEMES:
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": HEIGHT},
                color_scheme=scheme,
                locale="en-GB",
                timezone_id="Europe/London",
            )
            page = context.new_page()
            for name, shown in names.items():
                page.goto(f"{url}/{paths.get(name, name.lower())}")
                page.wait_for_selector(shown, timeout=60_000)
                settle(page, name if not prefix else "")
                together += keep(page, IMAGES / f"{prefix}{name.lower()}-{scheme}-{width}.png")
                if name == "Review":
                    edit_a_line(page)
                    together += keep(page, IMAGES / f"review-lines-{scheme}-{width}.png")
            context.close()
    return together


def settle(page: Page, name: str) -> None:
    """Charts and tables are drawn after their data is there."""
    if name == "Review":
        page.locator(TOTAL).click()
    page.wait_for_timeout(1500)
    page.mouse.move(5, HEIGHT - 5)
    page.wait_for_timeout(300)


def edit_a_line(page: Page) -> None:
    """What follows from another quantity is offered."""
    page.locator(QUANTITY).fill("6")
    page.wait_for_selector(".desk .offers:not([hidden])")
    page.locator(".desk .add").scroll_into_view_if_needed()
    page.wait_for_timeout(500)


def keep(page: Page, path: Path) -> int:
    """As a small PNG, with as many colours as fit. Raises `ValueError` when it is not small."""
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    for colours in COLOURS:
        few = picture.quantize(colours, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        size = path.stat().st_size
        if size <= MOST_BYTES:
            return size
    raise ValueError(f"{path.name} has {size:,} bytes; at most {MOST_BYTES:,} are wanted")


def reviewed(api: str) -> str:
    """The sample with a wrong total."""
    query: dict[str, str | int] = {"invoice_number": "CR-3407", "limit": 500}
    found = httpx.get(f"{api}/results", params=query, trust_env=False).json()["items"]
    return next(str(item["file_id"]) for item in found if item["invoice_number"] == "CR-3407")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="keep the data there, to look further")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="invoice-agent-") as spare:
        folder = arguments.folder or Path(spare)
        with stage.browser() as browser:
            with filled(folder / "filled", RESULTS) as started:
                wrong = reviewed(started.api)
                together = pictures(browser, started.dashboard, "", PAGES_HERE, wrong)
            with stage.staged(folder / "empty") as started:
                first_run = {"Overview": "text=Nothing has been processed yet"}
                together += pictures(browser, started.dashboard, "first-run-", first_run)
            nobody = f"http://127.0.0.1:{free_port()}"
            with stage.dashboard(folder / "alone", nobody) as url:
                gone = {"Overview": "text=The invoice API could not be asked"}
                together += pictures(browser, url, "no-api-", gone)
    print(f"{len(list(IMAGES.glob('*.png')))} pictures, {together:,} bytes, in {IMAGES}")
    return 1 if together > MOST_BYTES_TOGETHER else 0


if __name__ == "__main__":
    sys.exit(main())

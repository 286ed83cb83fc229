"""The review desk in a real browser: boxes lie on the values, choosing works both ways, keys."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from benchmarks.stage import Stage
from tests.browser.conftest import Api, needs_browser, sample

pytestmark = [pytest.mark.slow, needs_browser, pytest.mark.timeout(120)]

# Of the page's width or height: boxes are drawn round words with a little air.
CLOSE = 0.012


@dataclass(frozen=True)
class Place:
    """Fractions of the page, origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    def near(self, other: Place, close: float) -> bool:
        mine, theirs = (
            (self.x0, self.y0, self.x1, self.y1),
            (other.x0, other.y0, other.x1, other.y1),
        )
        return all(abs(a - b) <= close for a, b in zip(mine, theirs, strict=True))


def on_screen(window: Page, path: str) -> Place:
    """Where the browser drew the box, measured against the picture it drew."""
    box = rectangle(window.locator(f'.boxes button[data-path="{path}"]'))
    page = rectangle(window.locator(".sheet img"))
    return Place(
        (box["x"] - page["x"]) / page["width"],
        (box["y"] - page["y"]) / page["height"],
        (box["x"] + box["width"] - page["x"]) / page["width"],
        (box["y"] + box["height"] - page["y"]) / page["height"],
    )


def press(window: Page, key: str) -> None:
    """Once the page is at rest: a page that is being drawn does not listen yet."""
    app = window.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    window.wait_for_timeout(500)
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    window.keyboard.press(key)


def rectangle(element: Locator) -> Any:
    return element.evaluate("it => it.getBoundingClientRect().toJSON()")


def in_pdf(content: bytes, page: int, text: str) -> list[Place]:
    """Where another program finds the text on the page as it was drawn."""
    document = pdfium.PdfDocument(content)
    sheet = document[page - 1]
    width, height = sheet.get_size()
    words = sheet.get_textpage()
    search = words.search(text, match_case=True)
    places = []
    while (hit := search.get_next()) is not None:
        boxes = [words.get_charbox(hit[0] + n, loose=False) for n in range(hit[1])]
        left, bottom = min(b[0] for b in boxes), min(b[1] for b in boxes)
        right, top = max(b[2] for b in boxes), max(b[3] for b in boxes)
        places.append(Place(left / width, 1 - top / height, right / width, 1 - bottom / height))
    return places


def open_document(window: Page, running: Stage, file_id: str) -> None:
    window.goto(f"{running.dashboard}/review?id={file_id}")
    expect(window.locator(".boxes button").first).to_be_visible()


def printed(result: dict[str, Any], page: int) -> dict[str, str]:
    """Texts in one line of a page, by path of their field."""
    found: dict[str, str] = {}

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict) and "evidence" in node:
            evidence = node["evidence"]
            if evidence["kind"] == "read" and evidence["page"] == page and node["text"]:
                found[path] = node["text"]
        elif isinstance(node, dict):
            for name, child in node.items():
                walk(child, f"{path}.{name}" if path else name)
        elif isinstance(node, list):
            for position, child in enumerate(node):
                walk(child, f"{path}.{position}")

    walk(result["invoice"], "")
    return found


def assert_boxes_lie_on_values(
    window: Page, result: dict[str, Any], upright: bytes, page: int, least: int
) -> None:
    checked = 0
    for path, text in printed(result, page).items():
        places = in_pdf(upright, page, text)
        if not places:
            continue  # on several lines, or spaced differently in the file
        here = on_screen(window, path)
        assert any(here.near(place, CLOSE) for place in places), (path, text, here, places)
        checked += 1
    assert checked >= least


def test_boxes_lie_on_the_values_of_both_pages(running: Stage, window: Page, api: Api) -> None:
    content = sample("dutch-two-pages.pdf")
    file_id = api.take("two.pdf", content)
    result = api.get(f"/results/{file_id}")
    open_document(window, running, file_id)
    assert_boxes_lie_on_values(window, result, content, 1, least=10)
    window.get_by_role("button", name="Next page").click()
    expect(window.locator(".sheet img")).to_have_attribute("alt", "Page 2")
    expect(window.locator('.boxes button[data-path="totals.total"]')).to_be_visible()
    assert_boxes_lie_on_values(window, result, content, 2, least=3)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_boxes_lie_on_the_values_of_a_turned_page(
    running: Stage, window: Page, api: Api, degrees: int
) -> None:
    upright = sample("german-two-rates.pdf")
    file_id = api.take(f"turned-{degrees}.pdf", turned(upright, degrees))
    result = api.get(f"/results/{file_id}")
    open_document(window, running, file_id)
    assert_boxes_lie_on_values(window, result, upright, 1, least=10)
    # Also after zooming in.
    window.get_by_role("button", name="Zoom in").click(click_count=3)
    assert_boxes_lie_on_values(window, result, upright, 1, least=10)


def turned(content: bytes, degrees: int) -> bytes:
    """The same PDF with its page set to be shown turned."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.pages[0].rotate(degrees, relative=False)
        pdf.save(out)
    return out.getvalue()


def test_boxes_of_a_turned_scan_are_those_of_the_upright_one(
    running: Stage, window: Page, api: Api, tmp_path: Path
) -> None:
    original = Image.open(io.BytesIO(sample("american-scan.jpg")))
    sideways = io.BytesIO()
    original.rotate(90, expand=True).save(sideways, "JPEG", quality=95)
    places = []
    for name, content in (
        ("up.jpg", sample("american-scan.jpg")),
        ("side.jpg", sideways.getvalue()),
    ):
        open_document(window, running, api.take(name, content))
        places.append({path: on_screen(window, path) for path in ("vendor.name", "totals.total")})
    for path, place in places[0].items():
        assert place.near(places[1][path], 0.02), path


def test_choosing_works_both_ways_and_keys_do_not_approve(
    running: Stage, window: Page, api: Api
) -> None:
    file_id = api.take("keys.pdf", sample("british-text.pdf"))
    open_document(window, running, file_id)
    scale = window.locator(".scale")

    window.locator('.boxes button[data-path="invoice_number"]').click()
    field = window.locator('.field[data-path="invoice_number"]')
    expect(field).to_have_class("field text chosen")
    expect(field.locator(".about")).to_contain_text("page 1")

    # Choosing a field magnifies its place and puts it into the middle.
    window.locator('.field[data-path="totals.total"] input').focus()
    chosen = window.locator(".boxes button.chosen")
    expect(chosen).to_have_attribute("data-path", "totals.total")
    expect(scale).to_have_text("220 %")
    stage, box = rectangle(window.locator(".stage")), rectangle(chosen)
    assert stage["x"] <= box["x"]
    assert box["x"] + box["width"] <= stage["x"] + stage["width"]
    assert abs((box["y"] + box["height"] / 2) - (stage["y"] + stage["height"] / 2)) < 40

    # Letters typed into a field are letters.
    note = window.locator('.field[data-path="invoice_number"] input')
    note.fill("")
    note.press_sequentially("anp")
    expect(note).to_have_value("anp")
    window.wait_for_timeout(1000)
    assert api.get(f"/results/{file_id}")["approved_by"] is None
    expect(window).to_have_url(f"{running.dashboard}/review?id={file_id}")

    window.keyboard.press("Escape")
    expect(chosen).to_have_count(0)
    note.blur()
    window.keyboard.press("Control+Home")
    expect(scale).not_to_have_text("220 %")


def test_keys_go_through_the_queue(running: Stage, window: Page, api: Api) -> None:
    # The same invoice in several files: all but the first are held as duplicates.
    content = sample("british-text.pdf")
    api.take("queue-0.pdf", content + b"\n%0")
    ids = [api.take(f"queue-{number}.pdf", content + f"\n%{number}".encode()) for number in (1, 2)]
    open_document(window, running, ids[0])
    window.locator(".desk .bar").click()
    press(window, "n")
    expect(window).to_have_url(f"{running.dashboard}/review?id={ids[1]}")
    expect(window.get_by_text("queue-2.pdf")).to_be_visible()
    press(window, "p")
    expect(window).to_have_url(f"{running.dashboard}/review?id={ids[0]}")
    expect(window.get_by_text("queue-1.pdf")).to_be_visible()
    press(window, "a")
    expect(window.get_by_text("Approved: Hollyoak")).to_be_visible()
    assert api.get(f"/results/{ids[0]}")["review_status"] == "accepted"

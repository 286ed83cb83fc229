"""How long a person waits for the dashboard: `python -m benchmarks.dashboard`.

A database of 100,000 results, the real service and dashboard, and a real browser in a warm
session. Timed in the browser, from the click until the new content is on the screen.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Page

from benchmarks import stage
from benchmarks.markdown import table
from benchmarks.seeding import multiply

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "files"
LIMIT_SECONDS = 1.0
READING_SECONDS = 240.0
PATIENCE_SECONDS = 30.0
EVERYTHING = "text=/^1 to 50 of [0-9]{2,3},[0-9]{3}$/"
SOME = "text=/^1 to 50 of [0-9]?,?[0-9]{3}$/"
DATABASE = Path("generated") / "invoice_agent.db"

# Page -> what is on the screen once its data is, and on no other page.
PAGES = {
    "Overview": 'text="Amounts by vendor, 30 days"',
    "Inbox": "text=/^Failed: [0-9]/",
    "Invoices": EVERYTHING,
    "Review": ".desk .boxes button",
    "Errors": 'text="Document 1"',
    "Health": 'text="Running for"',
    "Settings": 'role=region[name="Settings of the service"]',
}
TOTAL = '.field[data-path="totals.total"] input'


@contextmanager
def filled(folder: Path, count: int) -> Iterator[stage.Stage]:
    """A stage whose service holds `count` results beside the samples."""
    read_samples(folder)
    multiply(folder / DATABASE, count, days=60)
    with stage.staged(folder) as started:
        yield started


def read_samples(folder: Path) -> None:
    """Have a service read the samples, and end it again."""
    with (
        stage.service(folder) as api,
        httpx.Client(base_url=api, timeout=60, trust_env=False) as client,
    ):
        for path in sorted(SAMPLES.iterdir()):
            client.post("/upload", files={"file": (path.name, path.read_bytes())})
        end = time.monotonic() + READING_SECONDS
        while time.monotonic() < end:
            stats = client.get("/stats").json()
            if not stats["pending"] + stats["processing"]:
                return
            time.sleep(0.5)
        raise stage.NotStarted("The samples were not read in time")


def waited(page: Page, act: Callable[[], object], shown: str) -> float:
    """Seconds from `act` until something that matches the selector can be seen."""
    wanted = page.locator(shown).first
    begin = time.perf_counter()
    act()
    # Playwright's own waiting looks every half second only.
    while not wanted.is_visible():
        if time.perf_counter() > begin + PATIENCE_SECONDS:
            raise TimeoutError(f"{shown} did not appear in {PATIENCE_SECONDS} s")
        page.wait_for_timeout(5)
    return time.perf_counter() - begin


def visit(page: Page, name: str) -> None:
    """By the link at the top, as a person goes: the session stays warm."""
    page.get_by_role("link", name=name, exact=True).click()


def measure(page: Page, rounds: int) -> dict[str, list[float]]:
    """Seconds of each page and interaction, once a round."""
    times: dict[str, list[float]] = {}

    def took(what: str, act: Callable[[], object], shown: str) -> None:
        times.setdefault(what, []).append(waited(page, act, shown))

    for _ in range(rounds):
        for name, shown in PAGES.items():
            took(f"page: {name}", partial(visit, page, name), shown)
            if name == "Invoices":
                on_invoices(page, took)
            elif name == "Review":
                on_review(page, took)
    return times


Took = Callable[[str, Callable[[], object], str], None]


def on_invoices(page: Page, took: Took) -> None:
    number = page.get_by_label("Number", exact=True)
    took("invoices: next page", page.get_by_role("button", name="Next").click, "text=/^51 to/")
    took("invoices: search a number", lambda: number.fill("R-3407"), SOME)
    took("invoices: clear the search", lambda: number.fill(""), PAGES["Invoices"])
    took(
        "invoices: search a vendor",
        lambda: page.get_by_label("Vendor", exact=True).fill("hollyoak print & paper ltd leeds"),
        SOME,
    )
    took(
        "invoices: clear the vendor",
        lambda: page.get_by_label("Vendor", exact=True).fill(""),
        EVERYTHING,
    )


def on_review(page: Page, took: Took) -> None:
    took(
        "review: choose a field",
        lambda: page.locator(TOTAL).focus(),
        '.boxes button.chosen[data-path="totals.total"]',
    )
    before = page.locator(TOTAL).input_value()
    took("review: check what is typed", lambda: page.locator(TOTAL).fill("1.23"), "text=Not saved")
    took(
        "review: take it back",
        lambda: page.locator(TOTAL).fill(before),
        ".st-key-save button:disabled",
    )
    page.keyboard.press("Escape")
    page.locator(".desk .bar").click()
    here = page.locator(".st-key-what").inner_text()
    took(
        "review: next document",
        lambda: page.keyboard.press("n"),
        f".st-key-what:not(:has-text({json.dumps(here, ensure_ascii=False)}))",
    )
    page.wait_for_selector(PAGES["Review"])


def report(times: dict[str, list[float]]) -> str:
    rows = [
        [what, f"{statistics.median(taken):.2f} s", f"{max(taken):.2f} s"]
        for what, taken in times.items()
    ]
    return table(["from the click to the content", "median", "slowest"], rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--check", action="store_true", help=f"fail if a median is above {LIMIT_SECONDS} s"
    )
    parser.add_argument("--folder", type=Path, help="a filled folder of an earlier run")
    arguments = parser.parse_args()
    with ExitStack() as opened:
        if arguments.folder is not None and (arguments.folder / DATABASE).exists():
            started = opened.enter_context(stage.staged(arguments.folder))
        else:
            folder = arguments.folder or Path(opened.enter_context(TemporaryDirectory()))
            started = opened.enter_context(filled(folder, arguments.results))
        window = opened.enter_context(stage.browser()).new_page(locale="en-GB")
        window.set_viewport_size({"width": 1440, "height": 900})
        window.goto(started.dashboard)
        window.wait_for_selector(PAGES["Overview"], timeout=60_000)
        measure(window, 1)  # warms caches of service, dashboard and browser
        times = measure(window, arguments.rounds)
    print(f"{arguments.results:,} results, {arguments.rounds} rounds, {os.cpu_count()} cores\n")
    print(report(times))
    slow = [what for what, taken in times.items() if statistics.median(taken) > LIMIT_SECONDS]
    if slow:
        print(f"\nabove {LIMIT_SECONDS} s: {', '.join(slow)}")
    return 1 if slow and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())

"""Generates invoices with their labels: `python -m training.generate --out DIR --count N --seed S`.

Writes `DIR/<set>/docs/*` and `DIR/<set>/truth/*.json`, the shape that `benchmarks.accuracy` and
`benchmarks.calibration` read, one set a kind: `text` (PDFs with a text layer), `scan` and `photo`
(pictures). The same arguments give the same documents.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

from training import pictures
from training.families import chosen
from training.make import Drawn, make

KINDS = ("text", "scan", "photo")


def generate(out: Path, count: int, seed: str, which: str, kinds: tuple[str, ...]) -> int:
    """Write `count` documents of each kind; answers how many were written."""
    families = chosen(which)
    written = 0
    for kind in kinds:
        for number in range(count):
            drawn = make(families[number % len(families)], f"{seed}-{kind}{number}")
            write(drawn, kind, out / f"generated_{kind}")
            written += 1
    return written


def write(drawn: Drawn, kind: str, folder: Path) -> None:
    """The document and its label below `folder`."""
    content, suffix = _rendered(drawn, kind)
    for name in ("docs", "truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "docs" / f"{drawn.name}.{suffix}").write_bytes(content)
    truth = drawn.truth
    if kind == "photo":
        # Only the first page is on the picture.
        truth = truth if drawn.canvas.page == 1 else _first_page(truth)
    text = json.dumps(truth, indent=1, ensure_ascii=False)
    (folder / "truth" / f"{drawn.name}.json").write_text(f"{text}\n", encoding="utf-8")


def _rendered(drawn: Drawn, kind: str) -> tuple[bytes, str]:
    pdf = drawn.canvas.pdf()
    rng = Random(f"picture of {drawn.name}")
    if kind == "scan":
        return pictures.scan(pdf, rng)
    if kind == "photo":
        return pictures.photo(pdf, rng)
    return pdf, "pdf"


def _first_page(truth: dict[str, object]) -> dict[str, object]:
    """Lines and sums may stand on later pages."""
    gone = {"line_items", "subtotal", "tax_total", "total", "amount_due"}
    return {name: value for name, value in truth.items() if name not in gone}


def main() -> None:
    parser = argparse.ArgumentParser(description="Generate invoices with labels")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=50, help="documents of each kind")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--families", choices=("train", "held-out", "all"), default="all")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    arguments = parser.parse_args()
    written = generate(
        arguments.out,
        arguments.count,
        arguments.seed,
        arguments.families,
        tuple(arguments.kinds),
    )
    print(f"{written} documents in {arguments.out}")


if __name__ == "__main__":
    main()

"""Draws the samples and what is expected of them: `python -m samples.draw [--out DIR]`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from samples import catalogue, paper
from samples.einvoice_xml import cii_xml, ubl_xml
from samples.expected import expected_of
from samples.hybrid import with_embedded_xml
from samples.layouts import LAYOUTS
from samples.model import SampleInvoice

HERE = Path(__file__).parent
SCAN_DPI = 150
FAX_DPI = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """One file: an invoice and how it comes to be a file."""

    name: str
    invoice: SampleInvoice
    make: Callable[[SampleInvoice], bytes]

    @property
    def stem(self) -> str:
        return Path(self.name).stem


def _layout(name: str) -> Callable[[SampleInvoice], bytes]:
    return LAYOUTS[name]


def _hybrid(invoice: SampleInvoice) -> bytes:
    return with_embedded_xml(LAYOUTS["letter"](invoice), cii_xml(invoice), "EN 16931")


def _scan(invoice: SampleInvoice) -> bytes:
    page = paper.rendered(LAYOUTS["minimal"](invoice), SCAN_DPI)[0]
    return paper.as_jpeg(paper.scanned(page), SCAN_DPI, quality=62)


def _picture(invoice: SampleInvoice) -> bytes:
    return paper.as_png(paper.rendered(LAYOUTS["boxed"](invoice), SCAN_DPI)[0], SCAN_DPI)


def _web_picture(invoice: SampleInvoice) -> bytes:
    return paper.as_webp(paper.rendered(LAYOUTS["banner"](invoice), SCAN_DPI)[0])


def _fax(invoice: SampleInvoice) -> bytes:
    return paper.as_fax(paper.rendered(LAYOUTS["minimal"](invoice), FAX_DPI), FAX_DPI)


def _photo(invoice: SampleInvoice) -> bytes:
    receipt = paper.rendered(LAYOUTS["receipt"](invoice), 240)[0]
    return paper.as_jpeg(paper.photographed(receipt), 72, quality=70)


SAMPLES = (
    Sample("british-text.pdf", catalogue.BRITISH, _layout("banner")),
    Sample("german-two-rates.pdf", catalogue.GERMAN, _layout("letter")),
    Sample("french-discount.pdf", catalogue.FRENCH, _layout("boxed")),
    Sample("spanish-three-rates.png", catalogue.SPANISH, _picture),
    Sample("italian.webp", catalogue.ITALIAN, _web_picture),
    Sample("dutch-two-pages.pdf", catalogue.DUTCH, _layout("letter")),
    Sample("swiss-fax.tif", catalogue.SWISS, _fax),
    Sample("american-scan.jpg", catalogue.AMERICAN, _scan),
    Sample("till-receipt.jpg", catalogue.TILL_RECEIPT, _photo),
    Sample("hybrid-factur-x.pdf", catalogue.HYBRID, _hybrid),
    Sample("structured-ubl.xml", catalogue.STRUCTURED, ubl_xml),
    Sample("credit-note.pdf", catalogue.CREDIT_NOTE, _layout("banner")),
    Sample("wrong-total.pdf", catalogue.WRONG_TOTAL, _layout("minimal")),
)


def draw_all(out: Path) -> list[Path]:
    """Write `files/` and `expected/` below `out`; answers the files."""
    written = []
    for folder in ("files", "expected"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        path = out / "files" / sample.name
        path.write_bytes(sample.make(sample.invoice))
        text = json.dumps(expected_of(sample.invoice), indent=2, ensure_ascii=False)
        (out / "expected" / f"{sample.stem}.json").write_text(f"{text}\n", encoding="utf-8")
        written.append(path)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the sample invoices.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for files/ and expected/")
    for path in draw_all(parser.parse_args().out):
        print(f"{path.stat().st_size:9,} bytes  {path}")


if __name__ == "__main__":
    main()

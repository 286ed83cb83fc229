"""What is read: born-digital PDFs, and pictures of their pages, clean and as scanners make them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

from samples import catalogue
from samples.draw import SAMPLES
from samples.layouts import LAYOUTS
from samples.model import SampleInvoice
from src.domain.errors import InvoiceAgentError
from src.reading.pdf import open_page, open_pdf, read_text_layer
from src.reading.plan import advise

DPI = 200
# A page with fewer letters says nothing about reading.
_FEWEST_LETTERS = 300
# Sides of a page in points, in any direction: A4, Letter and what is near.
_LONGEST, _SHORTEST = 900, 700


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a page whose text is known."""

    path: Path
    kind: str
    truth: str


def drawn_pdfs(folder: Path) -> list[Path]:
    """The project's sample PDFs, and more invoices drawn into `folder`, some of them dense."""
    invoices = (catalogue.SPANISH, catalogue.ITALIAN, catalogue.SWISS, catalogue.AMERICAN)
    dense = [_dense(catalogue.GERMAN), _dense(catalogue.BRITISH), _dense(catalogue.DUTCH)]
    paths: list[Path] = []
    for invoice, layout in zip(
        (*invoices, *dense),
        ("boxed", "banner", "minimal", "letter", "letter", "boxed", "minimal"),
        strict=True,
    ):
        path = folder / f"{layout}-{len(paths)}.pdf"
        path.write_bytes(LAYOUTS[layout](invoice))
        paths.append(path)
    for sample in SAMPLES:
        if sample.name.endswith(".pdf"):
            path = folder / sample.name
            path.write_bytes(sample.make(sample.invoice))
            paths.append(path)
    return paths


def _dense(invoice: SampleInvoice) -> SampleInvoice:
    lines = invoice.lines * 8
    return replace(invoice, lines=lines[:28])


def found_pdfs(docs: Path) -> list[Path]:
    """PDFs of `<set>/docs/*`, taken in turn from each set."""
    sets = [sorted(folder.glob("*.pdf")) for folder in sorted(docs.glob("*/docs"))]
    longest = max((len(paths) for paths in sets), default=0)
    return [paths[i] for i in range(longest) for paths in sets if i < len(paths)]


def is_text(path: Path) -> bool:
    """Whether every page can be read from its text layer."""
    try:
        with open_pdf(path) as document:
            for number in range(1, len(document) + 1):
                with open_page(document, number) as page:
                    advice = advise(read_text_layer(page))
                if advice.read_page or advice.regions:
                    return False
    except (InvoiceAgentError, pdfium.PdfiumError):
        return False
    return True


def pictures(pdfs: list[Path], folder: Path, most: int) -> list[PagePicture]:
    """First pages as PNG at 200 dpi, each also damaged in one way; at most `most` pictures."""
    damages = list(DAMAGES.items())
    made: list[PagePicture] = []
    for path, text, image in _first_pages(pdfs):
        if len(made) + 2 > most:
            break
        kind, damage = damages[len(made) // 2 % len(damages)]
        for name, picture in (("clean", image), (kind, damage(image))):
            target = folder / f"{len(made):03}-{path.stem[:20]}-{name}.png"
            picture.save(target, dpi=(DPI, DPI), compress_level=1)
            made.append(PagePicture(target, name, text))
    return made


def _first_pages(pdfs: list[Path]) -> Iterator[tuple[Path, str, Image.Image]]:
    for path in pdfs:
        if not is_text(path):
            continue
        with open_pdf(path) as document, open_page(document, 1) as page:
            width, height = page.get_size()
            # The truth is what PDFium itself takes for the text, not what our words make of it.
            text_page = page.get_textpage()
            text = text_page.get_text_range()
            text_page.close()
            if max(width, height) > _LONGEST or min(width, height) > _SHORTEST:
                continue
            if sum(letter.isalnum() for letter in text) >= _FEWEST_LETTERS:
                yield path, text, page.render(scale=DPI / 72).to_pil().convert("RGB")


def _noisy(page: Image.Image) -> Image.Image:
    """Gray paper, soft print, grain."""
    soft = np.asarray(page.convert("L").filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    grain = np.random.default_rng(11).normal(0, 10, soft.shape)
    return Image.fromarray((soft * 0.85 + 20 + grain).clip(0, 255).astype(np.uint8))


def _skewed(page: Image.Image) -> Image.Image:
    gray = page.convert("L")
    return gray.rotate(1.3, resample=Image.Resampling.BICUBIC, fillcolor=255)


def _compressed(page: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=35)
    return Image.open(buffer).convert("RGB")


def _bilevel(page: Image.Image) -> Image.Image:
    """Black and white, as faxes and old scanners send it."""
    return page.convert("L").point(lambda level: 255 * (level > 150)).convert("1")


DAMAGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "noise": _noisy,
    "skew": _skewed,
    "jpeg": _compressed,
    "bilevel": _bilevel,
}

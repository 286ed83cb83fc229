"""The committed samples are what the script draws, and every layout draws every invoice."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageSequence

from samples.draw import HERE, SAMPLES, Sample, draw_all
from samples.languages import WORDINGS
from samples.layouts import LAYOUTS
from samples.model import Kind

# Two megabytes in all: everybody who clones the repository downloads them.
MAX_TOTAL_BYTES = 2_000_000


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("samples")
    draw_all(out)
    return out


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _text(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def _plain(text: str) -> str:
    """Without white space of any kind: lines break and spaces stretch."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("folder", ["files", "expected"])
def test_the_committed_folders_hold_what_is_drawn_and_nothing_else(
    drawn: Path, folder: str
) -> None:
    assert _names(HERE / folder) == _names(drawn / folder)


def test_expected_values_and_xml_are_committed_as_drawn(drawn: Path) -> None:
    for path in (*(drawn / "expected").iterdir(), drawn / "files" / "structured-ubl.xml"):
        committed = HERE / path.relative_to(drawn)
        assert committed.read_bytes() == path.read_bytes(), f"run: python -m samples.draw ({path})"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_pages_are_committed_as_drawn(sample: Sample, drawn: Path) -> None:
    """Compression differs between builds of zlib and libjpeg, so contents are compared."""
    now = (drawn / "files" / sample.name).read_bytes()
    committed = (HERE / "files" / sample.name).read_bytes()

    if sample.name.endswith(".pdf"):
        assert _text(now) == _text(committed)
        assert _attachments(now) == _attachments(committed)
    elif not sample.name.endswith(".xml"):
        _assert_alike(Image.open(io.BytesIO(now)), Image.open(io.BytesIO(committed)))


def _attachments(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {name: file.get_file().read_bytes() for name, file in document.attachments.items()}


def _assert_alike(one: Image.Image, other: Image.Image) -> None:
    pages = [
        [page.convert("L") for page in ImageSequence.Iterator(image)] for image in (one, other)
    ]
    assert [page.size for page in pages[0]] == [page.size for page in pages[1]]
    for page, committed in zip(*pages, strict=True):
        assert np.asarray(ImageChops.difference(page, committed)).mean() < 1.5


def test_drawing_twice_gives_the_same_bytes(drawn: Path) -> None:
    for sample in SAMPLES:
        assert sample.make(sample.invoice) == (drawn / "files" / sample.name).read_bytes()


def test_the_samples_stay_small() -> None:
    assert sum(path.stat().st_size for path in (HERE / "files").iterdir()) < MAX_TOTAL_BYTES


# Receipts are drawn where a language has words for them.
DRAWABLE = [
    pytest.param(sample, layout, id=f"{sample.stem}-{layout}")
    for sample in SAMPLES
    for layout in sorted(LAYOUTS)
    if layout != "receipt" or WORDINGS[sample.invoice.language].receipt
]


@pytest.mark.parametrize(("sample", "layout"), DRAWABLE)
def test_every_layout_shows_what_matters_of_every_invoice(sample: Sample, layout: str) -> None:
    invoice = sample.invoice
    words = WORDINGS[invoice.language]

    text = _plain("".join(_text(LAYOUTS[layout](invoice))))

    assert _plain(invoice.number) in text
    assert _plain(words.amount_of(invoice.total, invoice.currency)) in text
    assert _plain(invoice.vendor.name).casefold() in text.casefold()
    for line in invoice.lines:
        assert _plain(line.description) in text
        assert _plain(words.decimal(line.amount)) in text
    if layout != "receipt":
        assert _plain(words.date(invoice.issue_date)) in text
        assert _plain(words.title(invoice.kind)).casefold() in text.casefold()
        assert invoice.customer is None or _plain(invoice.customer.name) in text


def test_formats_kinds_and_currencies_are_as_many_as_promised() -> None:
    suffixes = {Path(sample.name).suffix for sample in SAMPLES}
    languages = {sample.invoice.language[:2] for sample in SAMPLES}

    assert suffixes == {".pdf", ".jpg", ".png", ".webp", ".tif", ".xml"}
    assert languages == {"en", "de", "fr", "es", "it", "nl"}
    assert {sample.invoice.currency for sample in SAMPLES} == {"EUR", "GBP", "USD", "CHF"}
    assert {sample.invoice.kind for sample in SAMPLES} == set(Kind)


def test_multi_page_samples_have_two_pages() -> None:
    with Image.open(HERE / "files" / "swiss-fax.tif") as fax:
        pages = [(page.mode, page.info["compression"]) for page in ImageSequence.Iterator(fax)]

    assert pages == [("1", "group4")] * 2
    assert len(_text((HERE / "files" / "dutch-two-pages.pdf").read_bytes())) == 2

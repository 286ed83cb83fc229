"""Words become tokens, cells and lines by geometry alone."""

from __future__ import annotations

from src.domain.page import Box, Page, TextSource, Word
from src.engines.layout.model import DocumentLayout
from src.engines.layout.structure import build_layout, is_receipt
from tests.engines.layout.drawing import page_of


def cells_of(layout: DocumentLayout) -> list[list[str]]:
    return [[segment.text for segment in line.segments] for line in layout.lines]


def test_wide_gaps_part_cells_and_narrow_ones_do_not() -> None:
    layout = build_layout([page_of("Unit price   12.00   EUR\nsecond line")])

    assert cells_of(layout) == [["Unit price", "12.00", "EUR"], ["second line"]]


def test_lines_of_a_crooked_scan_stay_together() -> None:
    text = "\n".join(f"Article {n} of the list           {n},00       {n},50" for n in range(12))
    page = page_of(text, slope=0.04, source=TextSource.OCR)

    assert cells_of(build_layout([page])) == cells_of(build_layout([page_of(text)]))


def test_a_text_layer_is_never_straightened() -> None:
    text = "\n".join(f"Article {n} of the list           {n},00" for n in range(12))
    tilted = build_layout([page_of(text, slope=0.04)])
    first = tilted.tokens[0]

    assert first.rect.y0 == first.where.y0 * tilted.pages[0].height


def test_glued_words_are_parted_and_keep_their_places() -> None:
    layout = build_layout([page_of("No:12345   Nr.471102   vom13.11.2019   12:30   http://a.b")])

    texts = [token.text for token in layout.tokens]
    assert texts == ["No:", "12345", "Nr.", "471102", "vom", "13.11.2019", "12:30", "http://a.b"]
    label, value = layout.tokens[:2]
    assert label.where.x1 == value.where.x0
    assert label.word == value.word == 0


def test_a_word_printed_twice_for_boldness_counts_once() -> None:
    page = page_of("TOTAL   12.00")
    doubled = Page(1, page.width, page.height, 0, page.source, page.words + page.words)

    assert cells_of(build_layout([doubled])) == [["TOTAL", "12.00"]]


def test_upright_text_in_the_margin_is_left_out() -> None:
    page = page_of("Invoice 12")
    margin = Word("copyright", Box(0.02, 0.1, 0.03, 0.4))
    with_margin = Page(1, page.width, page.height, 0, page.source, (*page.words, margin))

    assert cells_of(build_layout([with_margin])) == [["Invoice 12"]]


def test_lines_are_numbered_through_the_pages() -> None:
    layout = build_layout([page_of("one\ntwo"), page_of("three", number=2)])

    assert [(line.page, line.number) for line in layout.lines] == [(1, 0), (1, 1), (2, 2)]


def test_a_narrow_strip_is_a_receipt() -> None:
    assert is_receipt(build_layout([page_of("CORNER BAKERY\n19 Elm St\nTOTAL   11.34")]))
    wide = page_of("A letterhead here" + " " * 50 + "and the title there")
    assert not is_receipt(build_layout([wide]))

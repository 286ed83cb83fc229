"""The figures of the reading benchmark, and the pages it draws."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from benchmarks.reading.growth import Grown
from benchmarks.reading.growth import targets as growth_targets
from benchmarks.reading.pages import DAMAGES, drawn_pdfs, found_pdfs, is_text, pictures
from benchmarks.reading.recall import amount_recall, word_recall
from benchmarks.reading.runners import Run, ours
from benchmarks.reading.verdict import Target, print_targets


def test_words_count_as_often_as_they_are_printed() -> None:
    assert word_recall("one two two", "two, one (two)") == 1.0
    assert word_recall("one two two", "two one") == pytest.approx(2 / 3)
    assert word_recall("one", "") == 0.0
    assert word_recall("", "anything") == 1.0


@pytest.mark.parametrize(
    ("read", "recall"),
    [("Total 1.234,50 12,00", 1.0), ("1.234.50 12,00", 0.5), ("1234,50 12", 0.0)],
)
def test_amounts_are_right_to_the_separator(read: str, recall: float) -> None:
    assert amount_recall("Total 1.234,50 of 12,00 in 2026", read) == recall


def test_typesetting_does_not_count() -> None:
    assert word_recall("“Ruhe” – 5", '"Ruhe" - 5') == 1.0


def test_targets_say_what_was_missed() -> None:
    console = Console(record=True, width=100, quiet=True)
    least = Target("recall", 0.9, 0.95, at_least=True)
    assert not least.is_met
    assert Target("seconds", 1.9, 2.0).is_met
    assert print_targets(console, [Target("seconds", 1.9, 2.0)])
    assert not print_targets(console, [Target("seconds", 1.9, 2.0), least])


def test_growth_compares_late_pages_with_early_ones() -> None:
    def grown(kind: str, pages: int, cpu: float) -> Grown:
        return Grown(kind, pages, Run(cpu, cpu, 100.0, {}))

    even = [
        grown(kind, pages, 1 + 0.1 * pages) for kind in ("text", "scan") for pages in (1, 9, 90)
    ]
    text, scan, peak = growth_targets(even)
    assert text.measured == pytest.approx(1.0)
    assert scan.is_met
    assert peak.is_met
    worse = [*even, grown("text", 300, 500.0)]
    assert not growth_targets(sorted(worse, key=lambda item: item.pages))[0].is_met


def test_draws_pages_whose_text_is_known(tmp_path: Path) -> None:
    pdfs = drawn_pdfs(tmp_path)
    assert all(is_text(path) for path in pdfs)
    made = pictures(pdfs, tmp_path, 4)
    assert [picture.kind for picture in made] == ["clean", "noise", "clean", "skew"]
    for picture in made:
        assert "Total" in picture.truth or len(picture.truth.split()) > 50
        with Image.open(picture.path) as image:
            assert max(image.size) == pytest.approx(11.7 * 200, rel=0.02)


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_keeps_the_size(kind: str) -> None:
    page = Image.new("RGB", (120, 170), "white")
    damaged = DAMAGES[kind](page)
    assert damaged.size == page.size


def test_sets_take_turns(tmp_path: Path) -> None:
    for name in ("a/docs/1.pdf", "a/docs/2.pdf", "a/docs/3.png", "b/docs/4.pdf"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-")
    assert [path.stem for path in found_pdfs(tmp_path)] == ["1", "4", "2"]
    assert not is_text(tmp_path / "a/docs/1.pdf")


def test_asks_a_program_line_by_line(tmp_path: Path) -> None:
    (first, *_) = drawn_pdfs(tmp_path)
    with ours("engine", "text_ours") as engine:
        run = engine.run(first)
        with pytest.raises(RuntimeError, match="ended at"):
            engine.run(tmp_path / "missing.pdf")
    assert run.answer["pages"] == 1
    assert 0 < run.answer["extraction"] < run.cpu + 0.05
    assert run.peak_mb > 20

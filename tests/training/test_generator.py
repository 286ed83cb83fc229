"""Generated invoices: right by construction, printed as labelled, the same for the same seed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from schwifty import IBAN

from samples.model import Kind
from src.domain.checks.legal_rates import is_checked, rates_in_force
from src.domain.page import Box, Page, TextSource
from src.reading.pdf import open_page, open_pdf, read_text_layer
from training.bill import Bill, Trade, make_bill
from training.companies import make_vendor
from training.draft import grouped
from training.families import FAMILIES, Family, chosen
from training.generate import generate
from training.make import make
from training.noise import CLEAN, POOR, as_ocr
from training.trade import countries, vocabulary


def _rng(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - drawings, not secrets


def _bills(count: int = 60, trade: Trade | None = None) -> Iterator[Bill]:
    for number in range(count):
        yield make_bill(trade or Trade(), _rng(number))


def _text(pages: tuple[Page, ...]) -> str:
    return _plain(" ".join(word.text for page in pages for word in page.words))


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _near(box: Box, other: Box) -> bool:
    """Within a hundredth of the page on every side."""
    pairs = ((box.x0, other.x0), (box.y0, other.y0), (box.x1, other.x1), (box.y1, other.y1))
    return all(abs(one - two) < 0.01 for one, two in pairs)


class TestBills:
    def test_they_add_up(self) -> None:
        for bill in _bills():
            assert sum((tax.base + tax.amount for tax in bill.taxes), Decimal(0)) == bill.total
            goods = bill.line_total - bill.discount + bill.shipping
            assert goods == (bill.total if bill.gross_prices else bill.subtotal)

    def test_rates_were_in_force_on_the_day_of_the_supply(self) -> None:
        seen = set()
        for bill in _bills(500):
            legal = rates_in_force(bill.country.code, bill.delivered)
            for tax in bill.taxes:
                seen.add((bill.country.code, tax.rate))
                if is_checked(bill.country.code) and tax.rate:
                    assert tax.rate in legal, (bill.country.code, bill.delivered)
        # Also those that are over.
        assert {("CH", Decimal("7.7")), ("CH", Decimal("8.1")), ("DE", Decimal(16))} <= seen

    def test_rounding_meets_the_step(self) -> None:
        rounded = [bill for bill in _bills(300, Trade(receipt=True)) if bill.rounding]
        assert rounded
        for bill in rounded:
            assert bill.round_to is not None
            assert (bill.total + bill.rounding) % bill.round_to == 0

    def test_statements_owe_from_before(self) -> None:
        bill = next(_bills(1, Trade(statement=True, kind=Kind.INVOICE)))
        owed = bill.total + bill.rounding - bill.paid + bill.previous - bill.payments
        assert bill.amount_due == owed != bill.total

    def test_most_account_numbers_are_valid(self) -> None:
        country = countries()["DE"]
        ibans = [make_vendor(country, _rng(n)).iban for n in range(100)]
        valid = sum(IBAN(iban, allow_invalid=True).is_valid for iban in ibans)
        assert 80 <= valid < 100, "a few are misprinted on purpose"


class TestData:
    def test_every_country_has_its_words(self) -> None:
        for country in countries().values():
            assert len(vocabulary(country.language).months) == 12

    def test_languages_know_the_same_labels(self) -> None:
        english = set(vocabulary("en").labels)
        for language in {country.language for country in countries().values()}:
            words = vocabulary(language)
            assert set(words.labels) == english, language
            assert all(words.labels.values()), language

    @pytest.mark.parametrize(
        ("digits", "mark", "text"),
        [
            ("1234567", ",", "1,234,567"),
            ("1234567", "lakh", "12,34,567"),
            ("654", "lakh", "654"),
            ("1234", "", "1234"),
            ("1234", ".", "1.234"),
        ],
    )
    def test_groups_of_digits(self, digits: str, mark: str, text: str) -> None:
        assert grouped(digits, mark) == text.removeprefix(",")


class TestDrawings:
    @pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
    def test_what_is_labelled_stands_on_the_page(self, family: Family) -> None:
        for seed in range(6):
            drawn = make(family, str(seed))
            text = _text(drawn.canvas.pages())
            truth = drawn.truth
            vendor, customer = truth.get("vendor", {}), truth.get("customer", {})
            values = [truth.get("invoice_number"), truth.get("purchase_order")]
            values += [party.get(key) for party in (vendor, customer) for key in ("name", "tax_id")]
            values += [line["description"] for line in truth.get("line_items", ())]
            for value in filter(None, values):
                assert _plain(value) in text, (drawn.name, value)
            # The tax may be printed as the parts of several rates.
            for field in ("subtotal", "total", "amount_due"):
                if field in truth:
                    digits = _plain(str(abs(Decimal(truth[field]))))
                    assert digits in text, (drawn.name, field)

    @pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
    def test_nothing_runs_off_the_paper(self, family: Family) -> None:
        for seed in range(4):
            for page in make(family, f"edge{seed}").canvas.pages():
                assert all(word.box.x1 < 1 and word.box.y1 < 1 for word in page.words), family.name

    def test_the_same_seed_gives_the_same_document(self) -> None:
        family = FAMILIES[0]
        first, second, other = make(family, "7"), make(family, "7"), make(family, "8")
        assert first.truth == second.truth != other.truth
        assert first.canvas.pages() == second.canvas.pages()
        assert first.canvas.pdf() == second.canvas.pdf()

    @pytest.mark.parametrize("family", FAMILIES[::3], ids=lambda family: family.name)
    def test_the_pdf_says_what_the_fast_path_says(self, family: Family, tmp_path: Path) -> None:
        """Words and boxes made at once are those that reading finds in the drawn PDF."""
        drawn = make(family, "pdf")
        file = tmp_path / "drawn.pdf"
        file.write_bytes(drawn.canvas.pdf())
        with open_pdf(file) as document, open_page(document, 1) as page:
            read = read_text_layer(page).words
        boxes: dict[str, list[Box]] = {}
        for word in read:
            boxes.setdefault(word.text, []).append(word.box)
        fast = drawn.canvas.pages()[0].words
        alike = [w for w in fast if any(_near(w.box, box) for box in boxes.get(w.text, []))]
        assert len(alike) >= 0.95 * len(fast)

    def test_held_out_families_are_never_trained_on(self) -> None:
        train, held_out = chosen("train"), chosen("held-out")
        assert len(train) >= 12
        assert len(held_out) >= 5
        assert not {family.draw for family in train} & {family.draw for family in held_out}
        assert set(chosen("all")) == {*train, *held_out}


class TestNoise:
    def test_ocr_marks_its_words(self) -> None:
        pages = make(FAMILIES[0], "noise").canvas.pages()
        noisy = as_ocr(pages, POOR, _rng(1))
        words = [word for page in noisy for word in page.words]
        assert all(word.source is TextSource.OCR and 0.5 <= word.confidence <= 1 for word in words)
        assert _text(noisy) != _text(pages)

    def test_a_clean_scan_keeps_nearly_everything(self) -> None:
        pages = make(FAMILIES[0], "clean").canvas.pages()
        clean = as_ocr(pages, CLEAN, _rng(1))
        kept = {word.text for page in clean for word in page.words}
        seen = {word.text for page in pages for word in page.words}
        assert len(kept & seen) > 0.9 * len(seen)


def test_documents_and_labels_land_where_benchmarks_look(tmp_path: Path) -> None:
    assert generate(tmp_path, 2, "1", "train", ("text", "scan", "photo")) == 6
    for kind, suffixes in (("text", {".pdf"}), ("scan", {".jpg", ".tif"}), ("photo", {".jpg"})):
        folder = tmp_path / f"generated_{kind}"
        documents = sorted((folder / "docs").iterdir())
        assert {path.suffix for path in documents} <= suffixes
        for path in documents:
            label = json.loads((folder / "truth" / f"{path.stem}.json").read_text("utf-8"))
            assert label["vendor"]["name"]

"""Paths of readings."""

from __future__ import annotations

import pytest

from src.domain.errors import NotFound
from src.domain.invoice import Invoice
from src.domain.paths import get_reading, iter_readings
from tests.domain.build import invoice, line, rate, with_account


def test_every_reading_is_walked_once_and_found_by_its_path() -> None:
    lines = (line("1", "2", "2"), line("3", "4", "12"))
    subject = invoice(lines=lines, rates=(rate("19", None, "3"),), subtotal="14")
    subject = subject.model_copy(update={"payment": with_account(iban="DE").payment})
    walked = list(iter_readings(subject))
    paths = [path for path, _ in walked]
    assert len(set(paths)) == len(paths)
    assert {"totals.total", "line_items.1.amount", "payment.accounts.0.iban"} <= set(paths)
    assert paths.index("invoice_number") < paths.index("line_items.0.quantity")
    assert all(get_reading(subject, path) is reading for path, reading in walked)


def test_an_empty_invoice_has_no_readings() -> None:
    assert list(iter_readings(Invoice())) == []
    assert get_reading(Invoice(), "vendor.name") is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing",
        "totals",
        "line_items",
        "line_items.2.amount",
        "line_items.-1.amount",
        "line_items.x.amount",
        "line_items.²",
        f"line_items.{'9' * 5000}",
        "totals.total.value",
        "totals.total.",
        "vendor.name.value.upper",
        "model_config",
        "totals.__class__",
    ],
)
def test_a_path_outside_the_schema_is_not_found(path: str) -> None:
    with pytest.raises(NotFound):
        get_reading(invoice(lines=(line("1", "2", "2"),)), path)

"""Which list of lines is kept, and what becomes of lines that only one engine has."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from src.domain.invoice import Amount
from src.domain.paths import Reading
from src.domain.readings import EvidenceBox, FieldReading, ReadEvidence
from src.engines.vision.rows import Row, merge_rows, sum_of

PLACE = ReadEvidence(page=1, box=EvidenceBox(x0=0, y0=0, x1=1, y1=1))


def row(description: str, amount: str, engine: str) -> dict[str, Reading]:
    text: Reading = FieldReading[str](
        value=description, text=description, evidence=PLACE, confidence=0.75, engine=engine
    )
    money: Reading = FieldReading[Amount](
        value=Decimal(amount), text=amount, evidence=PLACE, confidence=0.75, engine=engine
    )
    return {"description": text, "amount": money}


def mine(*rows: tuple[str, str]) -> list[Row]:
    return [row(*one, "vision") for one in rows]


def theirs(*rows: tuple[str, str]) -> list[Row]:
    return [row(*one, "layout") for one in rows]


CUPS, TEA, MILK = ("Paper cups", "45.00"), ("Green tea", "15.00"), ("Oat milk", "3.00")


def undecided(rows: Sequence[Row]) -> bool:
    return False


def test_lines_of_the_model_alone() -> None:
    merged = merge_rows(mine(CUPS, TEA), [], what="lines", adds_up=undecided)
    assert [one.theirs for one in merged.rows] == [None, None]
    assert not merged.notes


def test_the_list_that_adds_up_is_kept_with_its_partners() -> None:
    merged = merge_rows(
        mine(CUPS, TEA, MILK),
        theirs(CUPS, MILK),
        what="lines",
        adds_up=lambda rows: sum_of(rows) == Decimal("63.00"),
    )
    assert [one.theirs for one in merged.rows] == [0, None, 1]
    both, lonely, _ = (one.agreed.readings["amount"].confidence for one in merged.rows)
    assert lonely < 0.75 < both
    assert merged.notes == ("The model reads 3 lines, the embedded engine 2; 3 were kept.",)


def test_without_a_sum_to_decide_the_longer_list_stays() -> None:
    shorter = merge_rows(mine(TEA), theirs(CUPS, TEA), what="lines", adds_up=undecided)
    assert [one.theirs for one in shorter.rows] == [0, 1]
    longer = merge_rows(mine(CUPS, TEA), theirs(TEA), what="lines", adds_up=undecided)
    assert [one.theirs for one in longer.rows] == [None, 0]


def test_other_rows_of_the_same_number_are_no_pairs() -> None:
    merged = merge_rows(mine(CUPS, TEA), theirs(TEA, MILK), what="lines", adds_up=undecided)
    assert [one.theirs for one in merged.rows] == [None, 0]


def test_no_amounts_have_no_sum() -> None:
    assert sum_of([{}]) is None

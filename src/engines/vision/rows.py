"""The lines of two engines as one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rapidfuzz import fuzz

from src.domain.paths import Reading
from src.engines.vision.agreement import Agreed, agree, is_grounded, same

Row = Mapping[str, Reading]

# Two rows with less in common are different rows.
_LEAST_LIKENESS = 1.0
# What is left of the confidence of a row that the other engine does not have.
_LONELY = 0.8


@dataclass(frozen=True, slots=True)
class MergedRow:
    # Position among the embedded engine's rows; None for a row that only the model read.
    theirs: int | None
    agreed: Agreed


@dataclass(frozen=True, slots=True)
class MergedRows:
    rows: tuple[MergedRow, ...]
    # Said in the provenance; empty when both engines read as many rows.
    notes: tuple[str, ...] = field(default=())


def merge_rows(
    mine: Sequence[Row],
    theirs: Sequence[Row],
    *,
    what: str,
    adds_up: Callable[[Sequence[Row]], bool],
) -> MergedRows:
    """`what` names the rows in notes; `adds_up` says whether rows fit the sums of the page.

    Both have as many: one row each. Otherwise one engine's list is kept whole: that which adds
    up; if neither or both do, the model's where it has more lines and all its amounts stand on
    the page.
    """
    if not mine:
        kept = tuple(MergedRow(n, agree({}, row)) for n, row in enumerate(theirs))
        # That a page has no such rows is what models say of most pages.
        return MergedRows(kept)
    pairs = _paired(mine, theirs)
    if len(mine) == len(theirs) and len(pairs) == len(mine):
        rows = tuple(MergedRow(t, agree(mine[m], theirs[t])) for m, t in pairs.items())
        return MergedRows(rows)
    if not theirs:
        return MergedRows(tuple(MergedRow(None, agree(row, {})) for row in mine))
    if _keeps_mine(mine, theirs, adds_up):
        rows = tuple(_mine(m, row, pairs, theirs) for m, row in enumerate(mine))
    else:
        inverse = {t: m for m, t in pairs.items()}
        rows = tuple(
            MergedRow(t, agree(mine[inverse[t]] if t in inverse else {}, _doubted(row, t, inverse)))
            for t, row in enumerate(theirs)
        )
    note = (
        f"The model reads {len(mine)} {what}, the embedded engine {len(theirs)}; "
        f"{len(rows)} were kept."
    )
    return MergedRows(rows, (note,))


def _mine(position: int, row: Row, pairs: Mapping[int, int], theirs: Sequence[Row]) -> MergedRow:
    partner = pairs.get(position)
    if partner is None:
        return MergedRow(None, agree(_lonely(row), {}))
    return MergedRow(partner, agree(row, theirs[partner]))


def _doubted(row: Row, position: int, paired: Mapping[int, int]) -> Row:
    return row if position in paired else _lonely(row)


def _lonely(row: Row) -> Row:
    return {
        name: reading.model_copy(update={"confidence": reading.confidence * _LONELY})
        for name, reading in row.items()
    }


def _keeps_mine(
    mine: Sequence[Row], theirs: Sequence[Row], adds_up: Callable[[Sequence[Row]], bool]
) -> bool:
    my_sum, their_sum = adds_up(mine), adds_up(theirs)
    if my_sum != their_sum:
        return my_sum
    grounded = all(is_grounded(row["amount"]) for row in mine if "amount" in row)
    return grounded and len(mine) >= len(theirs)


def _paired(mine: Sequence[Row], theirs: Sequence[Row]) -> dict[int, int]:
    """Rows of both that are the same, in order: longest common subsequence by likeness."""
    width = len(theirs) + 1
    best = [[0.0] * width for _ in range(len(mine) + 1)]
    like = [[_likeness(my, their) for their in theirs] for my in mine]
    for m in range(len(mine) - 1, -1, -1):
        for t in range(len(theirs) - 1, -1, -1):
            pair = like[m][t] + best[m + 1][t + 1] if like[m][t] >= _LEAST_LIKENESS else 0.0
            best[m][t] = max(pair, best[m + 1][t], best[m][t + 1])
    pairs: dict[int, int] = {}
    m = t = 0
    while m < len(mine) and t < len(theirs):
        likeness = like[m][t]
        if likeness >= _LEAST_LIKENESS and best[m][t] == likeness + best[m + 1][t + 1]:
            pairs[m] = t
            m, t = m + 1, t + 1
        elif best[m][t] == best[m + 1][t]:
            m += 1
        else:
            t += 1
    return pairs


def _likeness(my: Row, their: Row) -> float:
    score = 0.0
    for name, weight in (("amount", 1.0), ("unit_price", 0.5), ("quantity", 0.3), ("rate", 1.0)):
        if name in my and name in their and same(name, my[name], their[name]):
            score += weight
    if "description" in my and "description" in their:
        ratio = fuzz.token_set_ratio(str(my["description"].value), str(their["description"].value))
        score += 1.2 * ratio / 100 if ratio >= 70 else 0.0
    for name in ("tax_amount", "taxable_amount"):
        if name in my and name in their and same(name, my[name], their[name]):
            score += 0.6
    return score


def sum_of(rows: Sequence[Row], name: str = "amount") -> Decimal | None:
    """Of the amounts of all rows; None when there are none."""
    amounts = [row[name].value for row in rows if name in row]
    found = [amount for amount in amounts if isinstance(amount, Decimal)]
    return sum(found, Decimal(0)) if found else None

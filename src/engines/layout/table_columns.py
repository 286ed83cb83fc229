"""Columns of figures: numbers that line up, and the headings they stand under."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Column
from src.engines.layout.column_check import columns_by_product
from src.engines.layout.model import Line, Rect
from src.engines.layout.sum_lines import is_free
from src.engines.layout.tables import MONEY_COLUMNS, NUMERIC_COLUMNS, Band, Heading

# Numbers whose edges or centres differ less than this (em) line up.
_ALIGNED = 0.75
# A column may stand this far (em) from its heading.
_MOST_OFFSET = 9.0
# A page of print has a dozen columns; more are scattered numbers.
_MOST_CLUSTERS = 60
# Distance (em) that is accepted rather than leaving one of these without figures.
_EMPTY = 3.0
# Percent; no country taxes goods higher.
_HIGHEST_RATE = 30
_SELDOM_EMPTY = frozenset({Column.QUANTITY, Column.UNIT_PRICE, Column.AMOUNT})


@dataclass(frozen=True)
class Cluster:
    """Numbers of different rows that line up: one column of figures."""

    cells: tuple[AmountCell, ...]

    @cached_property
    def rect(self) -> Rect:
        return Rect(
            median(cell.rect.x0 for cell in self.cells),
            self.cells[0].rect.y0,
            median(cell.rect.x1 for cell in self.cells),
            self.cells[-1].rect.y1,
        )

    @cached_property
    def lines(self) -> frozenset[int]:
        return frozenset(cell.line.number for cell in self.cells)


class _Gathering:
    """A column of figures while its cells are found; its edges are running means."""

    def __init__(self, cell: AmountCell) -> None:
        self.cells = [cell]
        self._x0, self._x1 = cell.rect.x0, cell.rect.x1

    def takes(self, cell: AmountCell, em: float) -> bool:
        if cell.number.percent != self.cells[0].number.percent:
            return False
        limit = _ALIGNED * em
        size = len(self.cells)
        x0, x1 = self._x0 / size, self._x1 / size
        return (
            abs(x1 - cell.rect.x1) < limit
            or abs(x0 - cell.rect.x0) < limit * 0.6
            or abs((x0 + x1) / 2 - cell.rect.cx) < limit * 0.6
        )

    def add(self, cell: AmountCell) -> None:
        self.cells.append(cell)
        self._x0 += cell.rect.x0
        self._x1 += cell.rect.x1


def column_of_cells(band: Band, body: Sequence[Line], numbers: Numbers) -> dict[int, Column]:
    """Column by `id` of the number cell, for the figures that stand in a known column."""
    result: dict[int, Column] = {}
    headed = headed_clusters(band, body, numbers)
    named = [heading.column if heading is not None else None for _, heading in headed]
    moved = _moved(headed, named)
    for index, (cluster, _) in enumerate(headed):
        column = named[index]
        if index in moved:
            result.update((id(cell), moved[index]) for cell in cluster.cells)
            continue
        if column in moved.values():
            continue
        if column is None or column not in NUMERIC_COLUMNS:
            continue
        if column is Column.TAX_RATE and _are_taxes(cluster):
            column = Column.TAX_AMOUNT
        for cell in cluster.cells:
            if column in MONEY_COLUMNS and cell.number.percent:
                continue
            result[id(cell)] = column
    return result


def _are_taxes(cluster: Cluster) -> bool:
    """Figures below "VAT" that no rate reaches are amounts of tax."""
    money = all(cell.number.is_money_like for cell in cluster.cells)
    return money and any(abs(cell.number.value) > _HIGHEST_RATE for cell in cluster.cells)


def _moved(
    headed: Sequence[tuple[Cluster, Heading | None]], named: Sequence[Column | None]
) -> dict[int, Column]:
    """Columns that their products prove to be others than their headings say, by index."""
    if Column.DISCOUNT in named:
        # Discounts come between the product and the amount.
        return {}
    clusters = [cluster for cluster, _ in headed]
    most = max((len(cluster.cells) for cluster in clusters), default=0)
    # Runs of figures under one heading are one column, also where they line up differently.
    groups: list[list[int]] = []
    for index, cluster in enumerate(clusters):
        if cluster.cells[0].number.percent:
            continue
        column = named[index]
        mates = [group for group in groups if column is not None and named[group[0]] is column]
        if mates:
            mates[0].append(index)
        elif len(cluster.cells) * 3 >= most or headed[index][1] is not None:
            groups.append([index])
    figures = [
        {cell.line.number: cell for index in group for cell in clusters[index].cells}
        for group in groups
    ]
    moved = columns_by_product(figures, [named[group[0]] for group in groups]) or {}
    return {index: column for place, column in moved.items() for index in groups[place]}


def headed_clusters(
    band: Band, body: Sequence[Line], numbers: Numbers
) -> list[tuple[Cluster, Heading | None]]:
    """The columns of figures in `body` with their headings, left to right."""
    free = [cell for line in body for cell in numbers.on(line) if is_free(cell)]
    clusters = _clusters(free, band.em)
    matched = _match(clusters, band.headings, band.em)
    return [(cluster, matched.get(index)) for index, cluster in enumerate(clusters)]


def _clusters(cells: Iterable[AmountCell], em: float) -> list[Cluster]:
    gatherings: list[_Gathering] = []
    for cell in sorted(cells, key=lambda cell: cell.rect.x1):
        for gathering in gatherings[-4:]:
            if gathering.takes(cell, em):
                gathering.add(cell)
                break
        else:
            gatherings.append(_Gathering(cell))
    clusters = [Cluster(tuple(gathering.cells)) for gathering in gatherings]
    if len(clusters) > _MOST_CLUSTERS:
        clusters.sort(key=lambda cluster: -len(cluster.cells))
        clusters = clusters[:_MOST_CLUSTERS]
    return sorted(clusters, key=lambda cluster: cluster.rect.cx)


def _match(
    clusters: Sequence[Cluster], headings: Sequence[Heading], em: float
) -> dict[int, Heading]:
    """The order-keeping assignment of number columns to headings with the least distance.

    Larger columns weigh more, so that stray numbers cannot push a real column off its heading.
    """
    rows, cols = len(clusters), len(headings)
    skip = _MOST_OFFSET
    cost = [[0.0] * (cols + 1) for _ in range(rows + 1)]
    empty = [_empty_cost(heading, clusters) for heading in headings]
    for j in range(1, cols + 1):
        cost[0][j] = cost[0][j - 1] + empty[j - 1]
    for i in range(1, rows + 1):
        cost[i][0] = cost[i - 1][0] + skip * len(clusters[i - 1].cells)
        for j in range(1, cols + 1):
            weight = len(clusters[i - 1].cells)
            # Two aligned runs of figures may share a heading (left and right aligned rows).
            before = cost[i - 1][j - 1]
            if i > 1 and not _share_lines(clusters[i - 2], clusters[i - 1]):
                before = min(before, cost[i - 1][j] + 0.8 * weight)
            cost[i][j] = min(
                cost[i][j - 1] + empty[j - 1],
                cost[i - 1][j] + skip * weight,
                before + _distance(clusters[i - 1], headings[j - 1], em) * weight,
            )
    return _trace(cost, empty, clusters, headings, em)


def _empty_cost(heading: Heading, clusters: Sequence[Cluster]) -> float:
    """What it costs to leave a heading without figures: columns of goods are rarely empty."""
    if heading.column not in _SELDOM_EMPTY or not clusters:
        return 0.0
    return _EMPTY * max(len(cluster.cells) for cluster in clusters)


def _trace(
    cost: list[list[float]],
    empty: list[float],
    clusters: Sequence[Cluster],
    headings: Sequence[Heading],
    em: float,
) -> dict[int, Heading]:
    matched: dict[int, Heading] = {}
    i, j = len(clusters), len(headings)
    while i > 0 and j > 0:
        weight = len(clusters[i - 1].cells)
        here = cost[i][j]
        if here == cost[i][j - 1] + empty[j - 1]:
            j -= 1
            continue
        if here == cost[i - 1][j] + _MOST_OFFSET * weight:
            i -= 1
            continue
        matched[i - 1] = headings[j - 1]
        step = _distance(clusters[i - 1], headings[j - 1], em) * weight
        if here == cost[i - 1][j - 1] + step:
            j -= 1
        i -= 1
    return matched


def _share_lines(one: Cluster, other: Cluster) -> bool:
    return not one.lines.isdisjoint(other.lines)


def _distance(cluster: Cluster, heading: Heading, em: float) -> float:
    """Distance in em between a column of figures and a heading; 0 when well aligned."""
    mine, other = cluster.rect, heading.rect
    overlap = mine.overlap_x(other)
    if overlap <= 0:
        gap = max(mine.x0, other.x0) - min(mine.x1, other.x1)
        distance = 0.6 + gap / em
    else:
        distance = 0.5 * (1 - overlap / min(mine.width, other.width or 1.0))
    return distance + _unlikeness(cluster, heading)


def _unlikeness(cluster: Cluster, heading: Heading) -> float:
    """How odd such figures are under such a heading, in em of distance."""
    size = len(cluster.cells)
    percents = sum(cell.number.percent for cell in cluster.cells)
    money = sum(cell.number.is_money_like for cell in cluster.cells)
    rates = {Column.TAX_RATE, Column.DISCOUNT}
    if percents * 2 > size:
        return 0.0 if heading.column in rates else _MOST_OFFSET
    if heading.column is Column.TAX_RATE:
        return 1.0 if money * 2 > size else 0.0
    if heading.column is Column.QUANTITY:
        return 1.5 if sum(c.number.has_currency for c in cluster.cells) * 2 > size else 0.0
    if heading.column not in NUMERIC_COLUMNS:
        return 2.5 if money * 2 > size else 0.3
    return 0.0

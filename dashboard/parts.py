"""Pieces several pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import altair as alt
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

from dashboard.view_models.overview import Figure, Running, TrendPoint

AnyColumn: TypeAlias = ColumnConfig | ButtonColumnResult | str | None

# Read on light and on dark.
COLOURS = {
    "Accepted": "#3f9b61",
    "Needs review": "#e09f2b",
    "Rejected": "#8a6bd1",
    "Failed": "#d05050",
}
CHART_HEIGHT = 260
# A short table stands whole; a long one scrolls below its heading.
FEW_ROWS, TALL = 17, 620
RIGHT = frozenset({"Total", "Count", "Invoices", "Tries"})


def figure_row(figures: Sequence[Figure]) -> None:
    for column, figure in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(figure.label, figure.value, help=figure.help or None, border=True)


def running_bar(running: Running) -> None:
    # The name is a stranger's: as the text of the bar it would be read as Markdown.
    name, bar = st.columns([2, 3], vertical_alignment="center")
    name.text(running.name)
    bar.progress(running.progress, text=running.step)


def table(
    rows: Sequence[Mapping[str, str]],
    *,
    nothing: str,
    label: str,
    widths: Mapping[str, int] | None = None,
) -> None:
    """Text only; cells show it as it is. `nothing` stands where there are no rows."""
    if not rows:
        st.caption(nothing)
        return
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        alt=label,
        height="content" if len(rows) <= FEW_ROWS else TALL,
        column_config=text_columns(rows[0], widths or {}),
    )


def text_columns(names: Iterable[str], widths: Mapping[str, int]) -> dict[str, AnyColumn]:
    return {
        name: st.column_config.TextColumn(
            name, alignment="right" if name in RIGHT else "left", width=widths.get(name)
        )
        for name in names
    }


def trend(points: Sequence[TrendPoint], labels: Sequence[str], *, label: str) -> None:
    """Stacked bars; `labels` says for each bucket, oldest first, what stands below it."""
    starts = list(dict.fromkeys(point.start for point in points))
    if not any(point.count for point in points):
        st.caption("Nothing in this time")
        return
    below = dict(zip(starts, labels, strict=True))
    frame = pd.DataFrame(
        {
            "When": [below[point.start] for point in points],
            "What": [point.series for point in points],
            "Count": [point.count for point in points],
        }
    )
    series = list(dict.fromkeys(frame["What"]))
    known = [COLOURS[name] for name in series if name in COLOURS]
    scale = alt.Scale(domain=series, range=known) if len(known) == len(series) else alt.Undefined
    several = len(series) > 1
    st.altair_chart(
        alt.Chart(frame, description=label)
        .mark_bar()
        .encode(
            x=alt.X(
                "When:O",
                sort=None,
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8),
            ),
            y=alt.Y("Count:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "What:N",
                scale=scale,
                legend=alt.Legend(title=None, orient="bottom", offset=6) if several else None,
            ),
            tooltip=["When:O", "What:N", "Count:Q"],
        )
        .properties(height=CHART_HEIGHT),
        width="stretch",
    )

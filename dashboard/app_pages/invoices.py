"""All invoices: search, sort, page through, export exactly what is found, open one."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.notices import asked
from dashboard.parts import FEW_ROWS, TALL, text_columns
from dashboard.session import exporter, formats
from dashboard.view_models.formats import NotANumber
from dashboard.view_models.listing import (
    HEADER_SORTS,
    SORTS,
    STATUS_FILTERS,
    Search,
    invoice_rows,
    row_count,
    sorted_by,
)
from dashboard.view_models.words import ENGINES

PAGE_ROWS = 50
PAGING, ROWS, OPENING, CLICK = "invoices_paging", "invoices_rows", "invoices_opening", "open-row"
SORT = "invoices_sort"
# Together no wider than a window of 1024 pixels; a wider one shares out the rest.
WIDTHS = {
    "Status": 95,
    "Vendor": 170,
    "Invoice": 110,
    "Date": 95,
    "Total": 115,
    "Findings": 150,
    "Received": 130,
}
# Label, name of the file, its type, and what the API is asked for.
EXPORTS = (
    ("CSV", "invoices.csv", "text/csv", {"format": "csv"}),
    ("CSV of line items", "invoice-lines.csv", "text/csv", {"format": "csv", "lines": "true"}),
    (
        "Excel (XLSX)",
        "invoices.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        {"format": "xlsx"},
    ),
    ("JSON Lines", "invoices.jsonl", "application/x-ndjson", {"format": "jsonl"}),
)


@dataclass(slots=True)
class Paging:
    """Where in which search the person is; the cursors of the pages that came before."""

    search: Search
    cursors: list[str | None] = field(default_factory=lambda: [None])

    @property
    def before(self) -> int:
        return (len(self.cursors) - 1) * PAGE_ROWS


def searched() -> Search:
    """The filters; they stay when the person comes back to this page."""
    vendor, number, status, dates, more = st.columns([3, 2, 2, 3, 1.3], vertical_alignment="bottom")
    with more, st.popover("More", icon=":material/filter_list:", width="stretch"):
        currency = st.text_input("Currency", max_chars=3, key="f_cur", persist_state="session")
        engine = st.selectbox(
            "Engine",
            list(ENGINES),
            index=None,
            placeholder="Any",
            format_func=lambda name: ENGINES[name],
            key="f_engine",
            persist_state="session",
        )
        finding = st.text_input("Finding", key="f_finding", persist_state="session")
        least = amount("Total from", "f_min")
        most = amount("Total to", "f_max")
        sort = st.selectbox("Order", list(SORTS), key=SORT, persist_state="session")
    days = dates.date_input(
        "Invoice date",
        [],
        key="f_dates",
        persist_state="session",
        format=formats().day_order(),
    )
    return Search(
        vendor=vendor.text_input(
            "Vendor",
            type="search",
            placeholder="Part of the name",
            key="f_vendor",
            persist_state="session",
            live=True,
        )
        or "",
        invoice_number=number.text_input(
            "Number",
            type="search",
            placeholder="Part of the number",
            key="f_number",
            persist_state="session",
            live=True,
        )
        or "",
        status=status.selectbox(
            "Status",
            list(STATUS_FILTERS),
            index=None,
            placeholder="Any",
            key="f_status",
            persist_state="session",
        ),
        currency=currency or "",
        engine=engine,
        finding=finding or "",
        date_from=days[0] if days else None,
        date_to=days[1] if len(days) > 1 else None,
        total_min=least,
        total_max=most,
        sort=sort,
    )


def amount(label: str, key: str) -> Decimal | None:
    text = st.text_input(label, key=key, persist_state="session")
    if not text:
        return None
    try:
        return formats().parse_number(text)
    except NotANumber as problem:
        st.caption(f":red[{problem}]")
        return None


def paging_of(search: Search) -> Paging:
    paging: Paging | None = st.session_state.get(PAGING)
    if paging is None or paging.search != search:
        paging = Paging(search)
        st.session_state[PAGING] = paging
    return paging


def listed(search: Search) -> None:
    paging = paging_of(search)
    cursor = paging.cursors[-1]
    filters = search.filters()
    answer = asked(
        lambda client: client.results(PAGE_ROWS, cursor, filters | search.order()),
        skeleton=ROWS not in st.session_state,
    )
    if answer is None:
        return
    form = formats()
    count, back, forward, export = st.columns([6, 1.3, 1.3, 1.6], vertical_alignment="center")
    count.text(row_count(len(answer.items), paging.before, answer.total, form))
    if back.button(
        "Back", icon=":material/chevron_left:", disabled=not paging.before, width="stretch"
    ):
        paging.cursors.pop()
        st.rerun()
    if forward.button(
        "Next",
        icon=":material/chevron_right:",
        icon_position="right",
        disabled=answer.next_cursor is None,
        width="stretch",
    ):
        paging.cursors.append(answer.next_cursor)
        st.rerun()
    with export, st.popover("Export", icon=":material/download:", width="stretch"):
        st.caption(f"All {form.count(answer.total)} that match")
        fetch = exporter(filters)
        for label, name, media_type, wanted in EXPORTS:
            st.download_button(
                label,
                partial(fetch, wanted),
                name,
                media_type,
                on_click="ignore",
                width="stretch",
            )
    st.session_state[ROWS] = tuple(item.file_id for item in answer.items)
    if answer.items:
        grid(pd.DataFrame(invoice_rows(answer.items, form)), search)
    elif not filters:
        st.info("No invoices yet. Upload one on the Inbox page or copy it into the incoming folder")


def grid(frame: pd.DataFrame, search: Search) -> None:
    """Clicking a heading sorts all results, not only this page of them."""
    columns = text_columns(frame.columns, WIDTHS)
    for name in HEADER_SORTS:
        label, _ = sorted_by(search.sort, name)
        columns[name] = st.column_config.TextColumn(
            label, alignment="right" if name == "Total" else "left", width=WIDTHS.get(name)
        )
    frame.insert(0, "Open", "Open")
    columns["Open"] = st.column_config.ButtonColumn(
        "", type="tertiary", width=60, key=CLICK, on_click=opened, pinned=True
    )
    key = f"invoices-{search.sort}"
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height="content" if len(frame) <= FEW_ROWS else TALL,
        column_config=columns,
        on_select=lambda: resort(key, search.sort),
        selection_mode="single-column",
        key=key,
        alt="Invoices that match",
    )


def opened() -> None:
    click, ids = st.session_state.get(CLICK), st.session_state.get(ROWS, ())
    if click is not None and 0 <= click["row"] < len(ids):
        st.session_state[OPENING] = ids[click["row"]]


def resort(key: str, now: str) -> None:
    for column in st.session_state[key]["selection"]["columns"]:
        if column in HEADER_SORTS:
            st.session_state[SORT] = sorted_by(now, column)[1]


st.title("Invoices", anchor=False)
if OPENING in st.session_state:
    st.switch_page("app_pages/review.py", query_params={"id": st.session_state.pop(OPENING)})
listed(searched())

"""What went wrong, how often, since when, and what to do about each kind."""

from __future__ import annotations

import streamlit as st

from dashboard.answers.service import ErrorStats
from dashboard.notices import asked
from dashboard.parts import trend
from dashboard.session import formats
from dashboard.view_models.operations import KindOfError, error_kinds, errors_by_day

PERIODS = {"7 days": 7, "30 days": 30, "90 days": 90}


def show(stats: ErrorStats) -> None:
    form = formats()
    kinds = error_kinds(stats, form)
    if not kinds:
        st.success("No document failed in this time", icon=":material/check_circle:")
        return
    days = [form.short_day(bucket.start) for bucket in stats.by_day]
    trend(errors_by_day(stats), days, label="Errors a day by kind")
    for kind in kinds:
        with st.container(border=True):
            show_kind(kind)


def show_kind(kind: KindOfError) -> None:
    st.subheader(kind.title, anchor=False)
    st.caption(f"Documents: {kind.count} · Latest: {kind.latest}")
    st.text(kind.remedy)
    if kind.file_ids:
        with st.container(horizontal=True):
            for number, file_id in enumerate(kind.file_ids, start=1):
                st.page_link(
                    "app_pages/review.py",
                    label=f"Document {number}",
                    icon=":material/description:",
                    query_params={"id": file_id},
                )


st.title("Errors", anchor=False)
period = st.segmented_control(
    "Time", list(PERIODS), default="30 days", required=True, label_visibility="collapsed"
)
answer = asked(lambda client: client.errors(PERIODS[period or "30 days"]))
if answer is not None:
    show(answer)

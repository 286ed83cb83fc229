"""Whether all is well: services, engines, the folder watch, the machine, the log."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.notices import asked
from dashboard.parts import figure_row, table
from dashboard.session import formats
from dashboard.view_models.operations import Mark, engines, log_rows, machine, overall, services

REFRESH_SECONDS = 10
LEVELS = {"Errors": "ERROR", "Warnings": "WARNING", "All": "INFO"}
SEEN = "health_seen"


@st.fragment(run_every=REFRESH_SECONDS)
def health() -> None:
    status = asked(lambda client: client.status(), skeleton=SEEN not in st.session_state)
    if status is None:
        return
    st.session_state[SEEN] = True
    form = formats()
    whole = overall(status)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(whole.state, color=whole.colour)
        st.text(whole.detail)
    figure_row(machine(status, form))
    left, right = st.columns(2)
    with left:
        st.subheader("Services", anchor=False)
        marks(services(status))
        st.subheader("Folder watch", anchor=False)
        st.text(status.configuration.incoming_folder)
        if status.watch.last_scan_at:
            st.caption(f"Last look at {form.clock(status.watch.last_scan_at)}")
    with right:
        st.subheader("Engines", anchor=False)
        marks(engines(status))
    system = status.metrics.platform.partition("-")[0]
    st.caption(f"{system} · Python {status.metrics.python}")


def marks(parts: Sequence[Mark]) -> None:
    for part in parts:
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(part.name)
                st.badge(part.state, color=part.colour)
            st.text(part.detail)
            if part.remedy:
                st.text(f"What to do: {part.remedy}")


@st.fragment(run_every=REFRESH_SECONDS)
def log() -> None:
    st.subheader("Recent log lines", anchor=False)
    level = st.segmented_control(
        "Level", list(LEVELS), default="Warnings", required=True, label_visibility="collapsed"
    )
    lines = asked(lambda client: client.log_lines(LEVELS[level or "Warnings"]), skeleton=False)
    if lines is not None:
        table(
            log_rows(lines.items, formats()),
            nothing="Nothing of this level was logged",
            label="Recent log lines",
            widths={"When": 150, "Level": 80, "Log": 110},
        )


st.title("Health", anchor=False)
health()
log()

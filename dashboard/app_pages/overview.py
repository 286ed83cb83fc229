"""First page: the figures and the newest results, looked up again every few seconds."""

from __future__ import annotations

import streamlit as st

from dashboard.access import Access
from dashboard.client import ApiProblem
from dashboard.notices import show_trouble
from dashboard.session import current_access, open_client
from dashboard.view_models import figures, rows

REFRESH_SECONDS = 5
NEWEST = 50


@st.fragment(run_every=REFRESH_SECONDS)
def overview() -> None:
    try:
        decision = current_access()
        if decision.access is not Access.SHOWN:
            # Closed since the page was opened: let the gate answer.
            st.rerun()
        with open_client(decision.key) as client:
            stats = client.stats()
            results = client.results(NEWEST)
    except ApiProblem as problem:
        show_trouble(problem)
        return
    for column, figure in zip(st.columns(6), figures(stats), strict=True):
        column.metric(figure.label, figure.value)
    if not results.items:
        st.info("No results yet. Put an invoice into the incoming folder or upload one to the API.")
    else:
        st.dataframe(rows(results.items), hide_index=True, width="stretch")
        st.caption(f"The newest {len(results.items)} of {results.total:,} results")
    st.caption(f"API running for {stats.uptime}; looked up every {REFRESH_SECONDS} seconds")


st.title("Invoices")
overview()

"""First page: figures and trends, looked up again every few seconds."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard.client import ApiClient
from dashboard.notices import show_trouble
from dashboard.parts import figure_row, running_bar, table, trend
from dashboard.problems import ApiProblem, ApiUnreachable
from dashboard.session import connected, formats
from dashboard.view_models import overview as model

REFRESH_SECONDS = 5
TRENDS_SECONDS = 20
# The last answer, shown on while the API cannot be reached.
LAST = "overview_snapshot"
DAYS = 30


def ask(client: ApiClient) -> model.Snapshot:
    return model.Snapshot(
        at=datetime.now(UTC),
        stats=client.stats(),
        to_review=client.next_in_queue(None).remaining,
        running=client.results(20, filters={"state": "running"}).items,
        trends=trends(client, client.whose),
    )


@st.cache_data(ttl=TRENDS_SECONDS, max_entries=100, show_spinner=False)
def trends(_client: ApiClient, whose: tuple[str, str]) -> model.Trends:
    """What is added up over all results is kept for a moment, for everybody with this key."""
    return model.Trends(
        days=_client.timeseries(DAYS, "day"),
        hours=model.last_day(_client.timeseries(2, "hour"), datetime.now(UTC)),
        errors=_client.errors(DAYS),
        amounts=_client.amounts(DAYS),
    )


@st.fragment(run_every=REFRESH_SECONDS)
def overview() -> None:
    try:
        client = connected()
        snapshot = ask(client)
    except ApiProblem as problem:
        last: model.Snapshot | None = st.session_state.get(LAST)
        show_trouble(problem)
        if last is None or not isinstance(problem, ApiUnreachable):
            return
        st.caption(f"What follows is as of {formats().clock(last.at)}")
        snapshot = last
    st.session_state[LAST] = snapshot
    if model.is_first_run(snapshot):
        first_run()
    else:
        show(snapshot)


def first_run() -> None:
    st.subheader("Nothing has been processed yet", anchor=False)
    st.markdown(
        "Three ways to see an invoice read:\n"
        "1. **Upload** one or several on the Inbox page.\n"
        "2. **Copy** files into the watched folder (`INCOMING_FOLDER`, by default `incoming/`).\n"
        "3. **Try the samples**: stop the API and start it with `./start_api.sh --samples`.\n\n"
        "PDF, scans, photographs and e-invoices in XML are read. What cannot be accepted without "
        "a person waits on the Review page; this page then shows how the work goes."
    )
    st.page_link("app_pages/inbox.py", label="Go to the Inbox", icon=":material/upload_file:")


def show(snapshot: model.Snapshot) -> None:
    form = formats()
    shown = model.figures(snapshot, form)
    figure_row(shown[:5])
    figure_row(shown[5:])
    for item in snapshot.running:
        running_bar(model.at_work(item))
    left, right = st.columns(2)
    days = [form.short_day(bucket.start) for bucket in snapshot.trends.days.items]
    hours = [form.short_time(bucket.start) for bucket in snapshot.trends.hours.items]
    with left:
        st.subheader("Invoices a day", anchor=False)
        trend(model.by_day(snapshot), days, label="Invoices a day by outcome")
        st.subheader("Amounts by currency, 30 days", anchor=False)
        table(
            model.amounts_by_currency(snapshot, form),
            nothing="No amounts yet",
            label="Amounts by currency",
        )
        st.subheader("Most frequent errors, 30 days", anchor=False)
        table(model.top_errors(snapshot, form), nothing="No errors", label="Most frequent errors")
    with right:
        st.subheader("Engines a day", anchor=False)
        trend(model.by_engine(snapshot), days, label="Invoices a day by engine")
        st.subheader("Last 24 hours", anchor=False)
        trend(model.by_hour(snapshot), hours, label="Invoices an hour")
    st.subheader("Amounts by vendor, 30 days", anchor=False)
    table(
        model.amounts_by_vendor(snapshot, form),
        nothing="No amounts yet",
        label="Amounts by vendor",
    )
    st.caption(
        f"API running for {snapshot.stats.uptime}; as of {form.clock(snapshot.at)}, "
        f"looked up every {REFRESH_SECONDS} seconds"
    )


st.title("Overview", anchor=False)
overview()

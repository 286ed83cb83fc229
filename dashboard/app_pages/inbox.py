"""What comes in: uploads, and what is in work, waiting or failed, with what can be done."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.answers.results import ResultItem, ResultList
from dashboard.client import ApiClient
from dashboard.notices import asked
from dashboard.parts import running_bar, text_columns
from dashboard.problems import ApiProblem
from dashboard.session import connected, formats
from dashboard.view_models.listing import invoice_rows, job_rows, upload_outcome
from dashboard.view_models.overview import at_work

REFRESH_SECONDS = 3
TOLD_SECONDS = 15
SHOWN, LATELY = 100, 8
# Session state: the outcome of each file by the id Streamlit gave it.
SENT = "inbox_sent"
# Ids of the rows as the browser shows them: a click tells a row, and rows move.
ROWS = "inbox_rows"
OUTCOME = "inbox_outcome"

RETRY, CANCEL, FIRST, OPEN = "Retry", "Cancel", "First", "Open"
WIDTHS = {"State": 210, "Received": 135, "Tries": 60}


def uploads() -> None:
    status = asked(lambda client: client.status())
    if status is None:
        return
    limits = status.configuration
    files = st.file_uploader(
        "Invoices to process",
        type=list(limits.supported_formats),
        accept_multiple_files=True,
        max_upload_size=limits.max_file_size_mb,
        help=f"Or copy files into {limits.incoming_folder}",
    )
    sent: dict[str, tuple[str, str]] = st.session_state.setdefault(SENT, {})
    waiting = [file for file in files if file.file_id not in sent]
    if waiting:
        send(waiting, sent)
    shown = [sent[file.file_id] for file in files if file.file_id in sent]
    if shown:
        st.dataframe(
            pd.DataFrame(shown, columns=["File", "Outcome"]),
            hide_index=True,
            width="stretch",
            alt="What happened to the uploaded files",
        )


def send(files: Sequence[UploadedFile], sent: dict[str, tuple[str, str]]) -> None:
    bar = st.progress(0.0, text=f"Sending {len(files)} files")
    for number, file in enumerate(files, start=1):
        try:
            client = connected()
            outcome = upload_outcome(client.upload(file.name, file.getvalue()))
        except ApiProblem as problem:
            outcome = f"not taken: {problem}"
        sent[file.file_id] = (file.name, outcome)
        bar.progress(number / len(files), text=f"Sent {number} of {len(files)}")
    bar.empty()


def ask(client: ApiClient) -> dict[str, ResultList]:
    oldest = {"sort": "received_at", "order": "asc"}
    return {
        "running": client.results(SHOWN, filters={"state": "running"}),
        "queued": client.results(SHOWN, filters={"state": "queued", **oldest}),
        "failed": client.results(SHOWN, filters={"state": "failed"}),
        "lately": client.results(LATELY, filters={"state": "succeeded"}),
    }


@st.fragment(run_every=REFRESH_SECONDS)
def jobs() -> None:
    answers = asked(ask, skeleton=ROWS not in st.session_state)
    if answers is None:
        return
    outcome, until = st.session_state.get(OUTCOME, ("", 0.0))
    if time.monotonic() < until:
        st.text(outcome)
    form = formats()
    running, queued, failed = (answers[state] for state in ("running", "queued", "failed"))
    st.subheader(f"In work: {form.count(running.total)}", anchor=False)
    for item in running.items:
        running_bar(at_work(item))
    if not running.items:
        st.caption("Nothing at the moment")
    st.subheader(f"In the queue: {form.count(queued.total)}", anchor=False)
    job_table("queued", queued, (FIRST, CANCEL), "The queue is empty")
    st.subheader(f"Failed: {form.count(failed.total)}", anchor=False)
    job_table("failed", failed, (RETRY, OPEN), "Nothing failed")
    lately = answers["lately"].items
    if lately:
        st.subheader("Recently read", anchor=False)
        rows = [
            {**row, "File": item.file_name}
            for item, row in zip(lately, invoice_rows(lately, form), strict=True)
        ]
        frame = pd.DataFrame(rows)[["File", "Vendor", "Total", "Status", "Received"]]
        action_table("lately", lately, frame, (OPEN,))


def job_table(state: str, answer: ResultList, actions: Sequence[str], nothing: str) -> None:
    if not answer.items:
        st.caption(nothing)
        return
    rows = job_rows(answer.items, formats())
    # What the heading above the table says already, or what this state has not.
    idle = "What happened" if state == "queued" else "State"
    action_table(state, answer.items, pd.DataFrame(rows).drop(columns=idle), actions)
    if answer.total > len(answer.items):
        st.caption(f"The first {len(answer.items)} of {formats().count(answer.total)}")


def action_table(
    state: str, items: Sequence[ResultItem], frame: pd.DataFrame, actions: Sequence[str]
) -> None:
    """A table with a button for each action at the start of its rows."""
    shown: dict[str, tuple[str, ...]] = st.session_state.setdefault(ROWS, {})
    shown[state] = tuple(item.file_id for item in items)
    columns = text_columns(frame.columns, WIDTHS)
    for place, action in enumerate(actions):
        frame.insert(place, action, action)
        key = f"{state}-{action}"
        columns[action] = st.column_config.ButtonColumn(
            "",
            type="tertiary",
            width=60,
            pinned=True,
            key=key,
            on_click=clicked,
            args=(key, state, action),
        )
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        column_config=columns,
        key=f"jobs-{state}",
        alt=f"Documents: {state}",
    )


ACTIONS: dict[str, Callable[[ApiClient, str], ResultItem]] = {
    RETRY: lambda client, file_id: client.retry(file_id),
    CANCEL: lambda client, file_id: client.cancel(file_id),
    FIRST: lambda client, file_id: client.prioritise(file_id, 10),
}
DONE = {RETRY: "Waits to be read again", CANCEL: "Cancelled", FIRST: "Goes first now"}


def clicked(key: str, state: str, action: str) -> None:
    click = st.session_state.get(key)
    ids = st.session_state.get(ROWS, {}).get(state, ())
    if click is None or not 0 <= click["row"] < len(ids):
        return
    file_id = ids[click["row"]]
    if action == OPEN:
        st.session_state[OPENING] = file_id
        return
    try:
        client = connected()
        item = ACTIONS[action](client, file_id)
        outcome = f"{DONE[action]}: {item.file_name}"
    except ApiProblem as problem:
        outcome = str(problem)
    # The page is drawn anew every few seconds; this has to be read.
    st.session_state[OUTCOME] = (outcome, time.monotonic() + TOLD_SECONDS)


OPENING = "inbox_opening"

st.title("Inbox", anchor=False)
if OPENING in st.session_state:
    st.switch_page("app_pages/review.py", query_params={"id": st.session_state.pop(OPENING)})
uploads()
jobs()

"""What a person can do on the review page. Each step runs as a callback, before the page is drawn
again; what came of it is kept in the session for the page to tell."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.answers.results import Correcting, ResultDetail
from dashboard.client import ApiClient
from dashboard.problems import ApiProblem
from dashboard.session import connected

# Of the address line: the document that is open.
ID = "id"
# Session state: the document, what was seen before it, what to say after a step.
OPEN, TRAIL, SAID, TROUBLE = "review_open", "review_trail", "review_said", "review_trouble"
# That there are changes to be saved or discarded first.
HELD = "review_held"


def go(file_id: str | None) -> None:
    """To another document; None: the queue is empty."""
    st.session_state.pop(OPEN, None)
    if file_id is None:
        st.query_params.pop(ID, None)
    else:
        st.query_params[ID] = file_id


def do(step: Callable[[ApiClient], str]) -> bool:
    """Runs `step`, keeps what it says for the page; False when it failed."""
    try:
        client = connected()
        st.session_state[SAID] = step(client)
    except ApiProblem as problem:
        st.session_state[TROUBLE] = problem
        return False
    return True


def save(detail: ResultDetail, correcting: Correcting | None) -> None:
    saved(detail, correcting)


def saved(detail: ResultDetail, correcting: Correcting | None) -> bool:
    """Whether there is nothing left to save."""
    if correcting is None:
        return True

    def step(client: ApiClient) -> str:
        st.session_state[OPEN] = client.correct(detail.file_id, correcting)
        return "Saved"

    return do(step)


def approve(detail: ResultDetail, correcting: Correcting | None) -> None:
    """Saves what was edited first; goes on to the next one."""
    if not saved(detail, correcting):
        return
    version = st.session_state[OPEN].version

    def step(client: ApiClient) -> str:
        client.approve(detail.file_id, version)
        return f"Approved: {detail.vendor_name or detail.file_name}"

    if do(step):
        following(detail)


def reject(detail: ResultDetail) -> None:
    reason = str(st.session_state.get("reject-reason", "")).strip()

    def step(client: ApiClient) -> str:
        client.reject(detail.file_id, detail.version, reason)
        return f"Rejected: {detail.vendor_name or detail.file_name}"

    if reason and do(step):
        # Of this document; the next one has a reason of its own.
        st.session_state["reject-reason"] = ""
        following(detail)


def read_again(detail: ResultDetail, engine: str | None) -> None:
    def step(client: ApiClient) -> str:
        client.reprocess(detail.file_id, engine)
        return "The document is read again"

    if do(step):
        st.session_state.pop(OPEN, None)


def hold() -> None:
    """Stays with the document: going on would lose what was typed."""
    st.session_state[HELD] = True


def following(detail: ResultDetail) -> None:
    """The next one in the queue, from its end on to its beginning."""
    try:
        client = connected()
        answer = client.next_in_queue(detail.file_id)
        if answer.file_id is None:
            answer = client.next_in_queue(None)
    except ApiProblem as problem:
        st.session_state[TROUBLE] = problem
        return
    if answer.file_id == detail.file_id:
        st.session_state[SAID] = "No other document waits for a review"
        return
    # What was open can be gone back to.
    st.session_state.setdefault(TRAIL, []).append(detail.file_id)
    go(answer.file_id)


def back() -> None:
    trail = st.session_state.get(TRAIL, [])
    if trail:
        go(trail.pop())


def retry(file_id: str) -> None:
    def step(client: ApiClient) -> str:
        client.retry(file_id)
        return "The document is read again"

    if do(step):
        st.session_state.pop(OPEN, None)

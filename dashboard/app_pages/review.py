"""One document: the page beside its values and above its lines, to be corrected and decided.

Keys: a approve, n next in the queue, p the one before; the desk itself knows Esc.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.answers.base import Json
from dashboard.answers.results import Checked, Correcting, ResultDetail, ResultItem
from dashboard.components.review_desk import desk_state, review_desk
from dashboard.notices import asked, show_trouble
from dashboard.parts import table
from dashboard.problems import ApiProblem, Changed
from dashboard.review_steps import (
    HELD,
    ID,
    OPEN,
    SAID,
    TRAIL,
    TROUBLE,
    approve,
    back,
    following,
    hold,
    read_again,
    reject,
    retry,
    save,
)
from dashboard.session import connected, formats
from dashboard.view_models import review as model
from dashboard.view_models.desk import desk
from dashboard.view_models.drafts import Draft, Understood, problems_by_field, understand
from dashboard.view_models.words import ENGINES

# Session state: pages seen, newest last.
PICTURES = "review_pictures"
MOST_PICTURES = 12
RUNNING = ("queued", "running")
REFRESH_SECONDS = 2


def opened() -> ResultDetail | None:
    """The document of the address line, else the first in the queue."""
    wanted = st.query_params.get(ID)
    held: ResultDetail | None = st.session_state.get(OPEN)
    if held is not None and held.file_id == wanted:
        return held
    if not wanted:
        answer = asked(lambda client: client.next_in_queue(None))
        if answer is None:
            return None
        if answer.file_id is None:
            nothing_to_do()
            return None
        wanted = answer.file_id
        st.query_params[ID] = wanted
    return load(wanted)


def load(file_id: str) -> ResultDetail | None:
    detail = asked(lambda client: client.result(file_id))
    if detail is not None:
        st.session_state[OPEN] = detail
    return detail


def nothing_to_do() -> None:
    st.success("Nothing waits for a review", icon=":material/check_circle:")
    st.page_link("app_pages/invoices.py", label="All invoices", icon=":material/receipt_long:")


def said() -> None:
    words, problem = st.session_state.pop(SAID, None), st.session_state.pop(TROUBLE, None)
    if st.session_state.pop(HELD, False):
        st.warning("Save or discard your changes first", icon=":material/edit:")
    if problem is not None:
        show_trouble(problem)
        if isinstance(problem, Changed):
            st.button("Load it again", on_click=lambda: st.session_state.pop(OPEN, None))
    elif words:
        # In a text and not in a toast, which would read it as Markdown.
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge("Done", icon=":material/check:", color="green")
            st.text(words)


@st.fragment
def document() -> None:
    detail: ResultDetail | None = st.session_state.get(OPEN)
    if detail is None or detail.file_id != st.query_params.get(ID):
        st.rerun()  # a step went to another document: the whole page
    form = formats()
    state = desk_state(detail.file_id, len(detail.pages))
    draft = Draft.of(state.draft, detail.version)
    understood = understand(detail, draft, form)
    correcting = correction(detail, understood)
    checked, refused = rehearsed(detail, correcting, understood)
    understood = replace(understood, problems={**understood.problems, **refused})
    heading(detail, checked, correcting, blocked=bool(understood.problems))
    said()
    pictures, notice = pictures_of(detail, state.page)
    data = desk(detail, checked, understood, draft, form)
    review_desk(detail.file_id, data, pictures, state.page, notice)


def correction(detail: ResultDetail, understood: Understood) -> Correcting | None:
    """None: nothing was changed."""
    if understood.nothing:
        return None
    return Correcting(
        version=detail.version, changes=understood.changes, line_items=understood.line_items
    )


def rehearsed(
    detail: ResultDetail, correcting: Correcting | None, understood: Understood
) -> tuple[Checked | None, Mapping[str, str]]:
    """What the checks say about the draft, and what the API does not take of it, by field."""
    if correcting is None:
        return None, {}
    try:
        client = connected()
        return client.check(detail.file_id, correcting), {}
    except ApiProblem as problem:
        refused = problems_by_field(str(problem), correcting, understood)
        if not refused:
            st.session_state[TROUBLE] = problem
        return None, refused


def heading(
    detail: ResultDetail, checked: Checked | None, correcting: Correcting | None, *, blocked: bool
) -> None:
    shown = model.heading(detail, formats())
    place = st.container(gap=None)
    with place, st.container(horizontal=True, vertical_alignment="center", key="who"):
        st.text(shown.who)
        st.badge(shown.status, color=shown.colour)
        if checked is not None:
            gone = model.gone_findings(detail.findings, checked.findings)
            st.badge("Not saved", color="violet", icon=":material/edit:")
            if gone:
                st.badge(f"Resolves {gone} finding{'s' if gone > 1 else ''}", color="green")
    with place, st.container(key="what"):
        st.text(shown.what)
    actions(detail, correcting, blocked=blocked)


def actions(detail: ResultDetail, correcting: Correcting | None, *, blocked: bool) -> None:
    changed = correcting is not None
    unsaved = changed or blocked
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="actions"):
        st.button(
            "Save and approve" if changed else "Approve",
            type="primary",
            icon=":material/check:",
            shortcut="a",
            disabled=blocked,
            on_click=approve,
            args=(detail, correcting),
            key="approve",
        )
        st.button(
            "Save",
            icon=":material/save:",
            disabled=blocked or not changed,
            on_click=save,
            args=(detail, correcting),
            key="save",
        )
        with st.popover("Reject", icon=":material/block:"), st.form("reject", border=False):
            st.text_input("Reason", key="reject-reason", max_chars=500, required=True)
            st.form_submit_button("Reject", on_click=reject, args=(detail,))
        with st.popover("Read again", icon=":material/refresh:"):
            st.caption("Corrections stay in the history; the values are read anew.")
            for name in (None, "layout", "vision"):
                label = "As configured" if name is None else ENGINES[name]
                st.button(label, on_click=read_again, args=(detail, name), width="stretch")
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            shortcut="p",
            disabled=not st.session_state.get(TRAIL),
            on_click=hold if unsaved else back,
            key="previous",
        )
        st.button(
            "Next",
            icon=":material/chevron_right:",
            icon_position="right",
            shortcut="n",
            on_click=hold if unsaved else partial(following, detail),
            key="next",
        )


def pictures_of(detail: ResultDetail, page: int) -> tuple[Mapping[int, bytes], str]:
    """All pages seen so far, this one included; and why it is not, if so."""
    held: dict[tuple[str, int], bytes] = st.session_state.setdefault(PICTURES, {})
    notice = ""
    if not detail.pages:
        notice = "This document has no page to show."
    elif (detail.file_id, page) not in held:
        try:
            client = connected()
            held[detail.file_id, page] = client.page_picture(detail.file_id, page)
        except ApiProblem as problem:
            notice = str(problem)
        while len(held) > MOST_PICTURES:
            del held[next(iter(held))]
    return {n: png for (file_id, n), png in held.items() if file_id == detail.file_id}, notice


def more(detail: ResultDetail) -> None:
    with st.expander("Why a person must look, and notes"):
        for reason in model.reasons(detail) or ("Nothing is open",):
            st.text(reason)
        for note in detail.notes:
            st.text(note)
    history = st.expander("History", key="history-open", on_change="rerun")
    if history.open:
        with history:
            answer = asked(lambda client: client.history(detail.file_id))
            if answer is not None:
                rows = model.history_rows(answer, detail.currency, formats())
                table(rows, nothing="Nothing happened yet", label="History of the document")
    raw = st.expander("Raw JSON", key="raw-open", on_change="rerun")
    if raw.open:
        with raw:
            body: dict[str, Json] = detail.model_dump(mode="json")
            st.json(body, expanded=1)


@st.fragment(run_every=REFRESH_SECONDS)
def unfinished(file_id: str) -> None:
    """While a document is worked on; once it has ended the whole page is drawn."""
    item = asked(lambda client: client.result(file_id), skeleton=False)
    if item is None:
        return
    if item.state not in RUNNING:
        st.session_state[OPEN] = item
        st.rerun()
    st.text(item.file_name)
    st.progress(min(1.0, max(0.0, item.progress)), text="In work: the page opens by itself")


def failed(item: ResultItem) -> None:
    st.text(item.file_name)
    st.error("This document was not read", icon=":material/error:")
    st.text(item.error.detail if item.error else "It was cancelled.")
    st.button("Try again", icon=":material/refresh:", on_click=retry, args=(item.file_id,))


st.title("Review", anchor=False)
document_now = opened()
if document_now is None:
    said()
elif document_now.state in RUNNING:
    said()
    unfinished(document_now.file_id)
elif document_now.invoice is None:
    said()
    failed(document_now)
else:
    document()
    more(document_now)

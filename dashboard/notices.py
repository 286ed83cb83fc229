"""How pages say that something is wrong, and ask the API so that it is said the same way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from dashboard.client import ApiClient
from dashboard.problems import ApiProblem, ApiSlow
from dashboard.session import connected
from dashboard.view_models.notices import trouble

T = TypeVar("T")


def show_trouble(problem: ApiProblem) -> None:
    """The message as plain text: it may quote what a stranger named a file."""
    found = trouble(problem)
    slow = isinstance(problem, ApiSlow)
    st.error(
        found.title,
        icon=":material/hourglass_top:" if slow else ":material/cloud_off:",
    )
    st.text(found.message)
    st.text(found.remedy)


def asked(question: Callable[[ApiClient], T], *, skeleton: bool = True) -> T | None:
    """The answer, or None with the trouble on the page.

    While it takes, a `skeleton` shows where the answer will stand; parts that refresh themselves
    go without, because what they showed before is still there.
    """
    place = st.empty()
    if skeleton:
        place.skeleton(height=120)
    try:
        client = connected()
        answer = question(client)
    except ApiProblem as problem:
        with place.container():
            show_trouble(problem)
        return None
    place.empty()
    return answer

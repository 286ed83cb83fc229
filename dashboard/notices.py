"""How pages say that something is wrong."""

from __future__ import annotations

import streamlit as st

from dashboard.client import ApiProblem
from dashboard.view_models import trouble


def show_trouble(problem: ApiProblem) -> None:
    """The message as plain text: it may quote what a stranger named a file."""
    found = trouble(problem)
    st.error("The invoice API could not be asked", icon=":material/cloud_off:")
    st.text(found.message)
    st.text(found.remedy)

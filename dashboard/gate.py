"""Stands before every page: lets the browser through, asks it to sign in, or says why not."""

from __future__ import annotations

import streamlit as st

from dashboard.access import Access
from dashboard.notices import show_trouble
from dashboard.problems import ApiProblem
from dashboard.session import current_access, sign_in


def opens() -> bool:
    """Whether the page may be shown; where not, shows what to do instead."""
    try:
        decision = current_access()
    except ApiProblem as problem:
        show_trouble(problem)
        return False
    if decision.access is Access.SIGN_IN:
        _sign_in_form()
    elif decision.access is Access.CLOSED:
        st.title("Not open to other machines")
        st.markdown(
            "Without a key this dashboard is for browsers on its own machine, under the name "
            "`localhost`. To open it to others:\n"
            "1. run `deploy/init_env.sh`, which writes a random key into `.env` (`API_KEYS`);\n"
            "2. restart the API and the dashboard;\n"
            "3. come back here and sign in with that key."
        )
    return decision.access is Access.SHOWN


def _sign_in_form() -> None:
    st.title("Sign in")
    with st.form("sign-in"):
        key = st.text_input("API key", type="password", help="One of API_KEYS of the service")
        if not st.form_submit_button("Sign in"):
            return
    refusal = sign_in(key.strip()) if key.strip() else "Enter a key."
    if refusal is None:
        st.rerun()
    st.error("Not signed in")
    st.text(refusal)

"""The dashboard's entry: `streamlit run dashboard/app.py` from the top of the project."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

# `streamlit run` puts this file's folder on the path, not the project's, so `dashboard` and
# `config` could not be imported; `python -m streamlit run` would work without.
PROJECT = str(Path(__file__).resolve().parent.parent)
if PROJECT not in sys.path:
    sys.path.insert(0, PROJECT)

from dashboard import gate  # noqa: E402 - needs the path above


def main() -> None:
    st.set_page_config(
        page_title="AI Invoice Agent", page_icon=":material/receipt_long:", layout="wide"
    )
    overview = st.Page("app_pages/overview.py", title="Overview", icon=":material/dashboard:")
    page = st.navigation([overview])
    if gate.opens():
        page.run()


main()

"""The dashboard's entry: `streamlit run dashboard/app.py` from the top of the project."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

# `streamlit run` puts this file's folder on the path, not the project's, so `dashboard` and
# `config` could not be imported; `python -m streamlit run` would work without.
FOLDER = Path(__file__).resolve().parent
PROJECT = str(FOLDER.parent)
if PROJECT not in sys.path:
    sys.path.insert(0, PROJECT)

from dashboard import gate  # noqa: E402 - needs the path above


def _page(name: str, icon: str) -> st.Page:
    return st.Page(f"app_pages/{name.lower()}.py", title=name, icon=f":material/{icon}:")


def main() -> None:
    # A file of ours: Streamlit fetches the pictures of its icon names from the internet.
    icon = str(FOLDER / "icon.png")
    st.set_page_config(page_title="AI Invoice Agent", page_icon=icon, layout="wide")
    st.logo(icon, size="large")
    st.html(FOLDER / "style.css")
    page = st.navigation(
        [
            _page("Overview", "dashboard"),
            _page("Inbox", "inbox"),
            _page("Invoices", "receipt_long"),
            _page("Review", "fact_check"),
            _page("Errors", "error"),
            _page("Health", "monitor_heart"),
            _page("Settings", "tune"),
        ],
        # The width is for the page of the document and the tables.
        position="top",
    )
    if gate.opens():
        page.run()


main()

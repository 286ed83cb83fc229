"""What the service runs with; to be read, not changed."""

from __future__ import annotations

import streamlit as st

from dashboard.notices import asked
from dashboard.parts import table
from dashboard.view_models.operations import setting_rows

st.title("Settings", anchor=False)
st.caption(
    "To change one, edit `.env` and restart the service; `.env.template` explains each. "
    "Secrets are masked."
)
search = st.text_input("Find a setting", type="search", live=True)
only_changed = st.toggle("Only those that differ from the default")
answer = asked(lambda client: client.settings())
if answer is not None:
    chosen = tuple(item for item in answer.items if item.changed or not only_changed)
    table(
        setting_rows(chosen, search or ""),
        nothing="No setting matches",
        label="Settings of the service",
        widths={"Setting": 230, "Value": 190, "Default": 150, "Changed": 75},
    )

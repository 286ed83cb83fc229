"""The review desk: the page with a box over every value, the fields beside it, the lines below.

Data goes in as `view_models.desk.desk` makes it, with the pictures added here. What comes back is
the draft (text by path of the field, lines added and removed) and the page that is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime

_FOLDER = Path(__file__).parent / "desk"
# One script to the browser, in the order in which each needs those before.
_SCRIPTS = ("parts", "page", "fields", "lines", "desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """`draft` is untrusted JSON out of the browser (see `view_models.desk.Draft`)."""

    draft: object
    page: int


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


# Without style isolation: the shadow root would hide from Streamlit's shortcuts that a person is
# typing into a field, and "a" would approve. The styles are all below `.desk`.
_mount = st.components.v2.component(
    "invoice_review_desk",
    html=_read("desk.html"),
    css=_read("desk.css"),
    js="\n".join(_read(f"{name}.js") for name in _SCRIPTS),
    isolate_styles=False,
)


def key_of(file_id: str) -> str:
    return f"desk-{file_id}"


def desk_state(file_id: str, page_count: int) -> DeskState:
    """What the browser said so far; known before the desk is drawn."""
    state = st.session_state.get(key_of(file_id))
    given: Mapping[str, Any] = state if isinstance(state, Mapping) else {}
    page = given.get("page")
    asked = page if isinstance(page, int) and 1 <= page <= page_count else 1
    return DeskState(draft=given.get("draft"), page=asked)


def review_desk(
    file_id: str,
    data: Mapping[str, Any],
    pictures: Mapping[int, bytes],
    page: int,
    notice: str = "",
) -> None:
    """`pictures`: PNG by page number; `notice` stands where a picture is missing."""
    _mount(
        key=key_of(file_id),
        data={
            **data,
            "dark": st.context.theme.type == "dark",
            "notice": notice,
            "page": page,
            "pictures": {
                str(number): _address(png, f"{file_id}-{number}")
                for number, png in pictures.items()
            },
        },
        on_draft_change=_nothing,
        on_page_change=_nothing,
    )


def _address(png: bytes, place: str) -> str:
    """An address of this server for the picture, as `st.image` makes them: the browser keeps it,
    so that a page is sent once and not with every key that is typed."""
    return runtime.get_instance().media_file_mgr.add(png, "image/png", place)


def _nothing() -> None:
    """States without a callback are not kept."""

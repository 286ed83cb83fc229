"""What pages share within one browser session: settings, client, access."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO

import httpx
import streamlit as st

from config.dashboard_settings import DashboardSettings, load_dashboard_settings
from dashboard.access import (
    FORWARDING_HEADERS,
    HOST_HEADER,
    Access,
    Decision,
    decide,
    is_local,
)
from dashboard.client import ApiClient
from dashboard.http import connections
from dashboard.problems import ApiProblem, ApiRefused
from dashboard.view_models.formats import Formats

# Keys of `st.session_state`. Tests put a transport there; without one the network is used.
TRANSPORT = "transport"
SIGNED_IN = "signed_in_key"


@st.cache_resource
def settings() -> DashboardSettings:
    """Read once for all sessions of this process."""
    return load_dashboard_settings()


@st.cache_resource
def shared_connections() -> httpx.Client:
    return connections(settings().api_base_url)


def open_client(key: str) -> ApiClient:
    transport: httpx.BaseTransport | None = st.session_state.get(TRANSPORT)
    if transport is not None:
        return ApiClient(connections(settings().api_base_url, transport), key)
    return ApiClient(shared_connections(), key)


def current_access() -> Decision:
    """Decide for the browser of this session, anew at each run.

    Raises an `ApiProblem` when the API has to be asked and cannot be.
    """
    configuration = settings()
    names = (HOST_HEADER, *FORWARDING_HEADERS)
    headers = {name: st.context.headers.get_all(name) for name in names}
    local = is_local(st.context.ip_address, headers)
    return decide(
        local=local,
        allow_anonymous=configuration.allow_anonymous,
        # A local browser sees the pages in any case, so the question is spared.
        api_wants_key=not local and _api_wants_key(),
        signed_in=st.session_state.get(SIGNED_IN, ""),
        own_key=configuration.dashboard_api_key.get_secret_value(),
    )


def _api_wants_key() -> bool:
    client = open_client("")
    try:
        client.stats()
    except ApiRefused:
        return True
    return False


def sign_in(key: str) -> str | None:
    """Keep `key` for this session if the API takes it; else the reason why not."""
    try:
        client = open_client(key)
        client.stats()
    except ApiRefused:
        return "The API does not know this key."
    except ApiProblem as problem:
        return str(problem)
    st.session_state[SIGNED_IN] = key
    return None


def connected() -> ApiClient:
    """A client with this browser's rights, decided anew: a page that stays open for days is asked
    for by its refreshing parts without passing the gate."""
    decision = current_access()
    if decision.access is not Access.SHOWN:
        st.rerun()  # the whole page, so that the gate answers
    return open_client(decision.key)


def formats() -> Formats:
    """As the browser of this session writes numbers and times."""
    return Formats.of(st.context.locale, st.context.timezone)


def exporter(filters: Mapping[str, str]) -> Callable[[Mapping[str, str]], BytesIO]:
    """Fetches an export (see `ApiClient.export`) when a person clicks; it runs outside of this
    session's script, so what it needs is taken along now."""
    client = connected()

    def fetched(wanted: Mapping[str, str]) -> BytesIO:
        content = BytesIO()
        for chunk in client.export(wanted, filters):
            content.write(chunk)
        content.seek(0)
        return content

    return fetched

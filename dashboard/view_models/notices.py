"""Each kind of failed call with the way out of it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.problems import (
    ApiProblem,
    ApiRefused,
    ApiSlow,
    ApiUnreachable,
    Changed,
    InvalidInput,
    NotThere,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What went wrong and what to do about it."""

    title: str
    message: str
    remedy: str


_TITLE = "The invoice API could not be asked"
_KNOWN: tuple[tuple[type[ApiProblem], str, str], ...] = (
    (
        ApiSlow,
        "The invoice API is slow to answer",
        "It may be busy reading large documents. This page looks again by itself; the load of "
        "the machine and logs/errors.log of the API say more.",
    ),
    (
        ApiUnreachable,
        _TITLE,
        "Start the API with ./start_api.sh, or set API_BASE_URL in .env to where it runs "
        "and restart the dashboard. This page looks again by itself.",
    ),
    (
        ApiRefused,
        _TITLE,
        "Sign in with one of the keys in API_KEYS, or put one into DASHBOARD_API_KEY in .env "
        "and restart the dashboard.",
    ),
    (
        Changed,
        "The document has changed in the meantime",
        "Load it again to see what it is now, then repeat what you wanted to do.",
    ),
    (InvalidInput, "Not accepted", "Correct what is named and try again."),
    (
        NotThere,
        "Not found",
        "It may have been deleted. If the API is older than this dashboard, update it.",
    ),
)


def trouble(problem: ApiProblem) -> Trouble:
    for kind, title, remedy in _KNOWN:
        if isinstance(problem, kind):
            return Trouble(title=title, message=str(problem), remedy=remedy)
    remedy = "logs/errors.log of the API says more. This page looks again by itself."
    return Trouble(title=_TITLE, message=str(problem), remedy=remedy)

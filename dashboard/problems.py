"""What can go wrong when the API is asked; each message is for people."""

from __future__ import annotations


class ApiProblem(Exception):
    """Base of them all."""


class ApiUnreachable(ApiProblem):
    """Nobody answers at the address."""


class ApiSlow(ApiUnreachable):
    """Somebody is there, but no answer came in time."""


class ApiRefused(ApiProblem):
    """The API wants a key, or another one (401, 403)."""

    def __init__(self, message: str, status_code: int) -> None:
        super().__init__(message)
        self.status_code = status_code


class ApiFailed(ApiProblem):
    """The API answered, but not with what was asked for."""


class InvalidInput(ApiFailed):
    """The API names what is wrong with what was sent (400)."""


class NotThere(ApiFailed):
    """No such result (404), or this API is older than this dashboard."""


class Changed(ApiFailed):
    """The document is not in the state the page showed any more (409)."""

"""Typed answers of the API, by topic.

They hold the fields that the pages show and ignore all others, so that a dashboard and an API of
neighbouring versions understand each other.
"""

from dashboard.answers.base import Answer, Json

__all__ = ["Answer", "Json"]

"""Uploads a minute for each caller."""

from __future__ import annotations

from src.api import rate_limit
from src.api.rate_limit import RateLimit
from tests.api.conftest import Connect


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_s_worth_passes_then_it_refills() -> None:
    clock = Seconds()
    limit = RateLimit(6, clock)
    assert [limit.wait_for("a") for _ in range(6)] == [0] * 6
    assert limit.wait_for("a") == 10
    clock.now = 9.0
    assert limit.wait_for("a") == 1
    clock.now = 10.0
    assert limit.wait_for("a") == 0
    assert limit.wait_for("a") == 10


def test_callers_don_t_spend_each_other_s() -> None:
    limit = RateLimit(1, Seconds())
    assert limit.wait_for("a") == 0
    assert limit.wait_for("b") == 0
    assert limit.wait_for("a") == 60


def test_many_at_once_cost_a_full_bucket_at_most() -> None:
    limit = RateLimit(5, Seconds())
    assert limit.wait_for("a", 100) == 0
    assert limit.wait_for("a", 1) == 12


def test_zero_means_no_limit() -> None:
    limit = RateLimit(0, Seconds())
    assert all(limit.wait_for("a") == 0 for _ in range(100))


def test_the_number_of_remembered_callers_is_bounded() -> None:
    limit = RateLimit(1, Seconds())
    for number in range(rate_limit.MAX_CALLERS + 5):
        limit.wait_for(str(number))
    assert len(limit._buckets) == rate_limit.MAX_CALLERS


async def test_too_many_uploads_are_told_when_to_come_back(connect: Connect) -> None:
    async with connect(uploads_per_minute=2) as client:
        answers = [await client.post("/upload", files={"file": ("a", b"x")}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 200, 429]
    assert int(answers[2].headers["Retry-After"]) in range(1, 31)
    assert answers[2].json()["error_type"] == "TooManyRequests"


async def test_each_file_of_a_request_counts(connect: Connect) -> None:
    files = [("file", (f"{n}", bytes([n]))) for n in range(3)]
    async with connect(uploads_per_minute=3) as client:
        first = await client.post("/upload", files=files)
        second = await client.post("/upload", files=files)
    assert first.status_code == 202
    assert second.status_code == 429

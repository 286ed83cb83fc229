"""Names and numbers that mean the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.domain.naming import (
    alike,
    compact,
    mentions,
    name_key,
    number_key,
    number_shape,
    one_edit_apart,
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Müller & Söhne GmbH & Co. KG", "muller sohne"),
        ("MÜLLER + SÖHNE", "muller sohne"),
        ("Foo A/S", "foo"),
        ("Ceramiche S.p.A.", "ceramiche"),
        ("Bar Sp. z o.o.", "bar"),
        ("Straße Ltd", "strasse"),
        ("GmbH", "gmbh"),
        ("…", ""),
    ],
)
def test_name_key(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Kranich Bürobedarf GmbH", "KRANICH BUROBEDARF", True),
        ("Kranich Bürobedarf GmbH", "Kranich Bürobedort GmbH", True),
        ("Kranich", "Kranich Bürobedarf", True),
        ("Kranich", "Olivar", False),
        ("ABC", "ABC Bau und Boden", False),
        ("", "Kranich", False),
    ],
)
def test_alike(first: str, second: str, same: bool) -> None:
    assert alike(first, second) is same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("RE-2026-00873", "re 2026 873", True),
        ("INV-O012", "INV0012", True),
        ("1/12", "11/2", False),
        ("0001", "1", True),
        ("A-1", "B-1", False),
    ],
)
def test_number_key(first: str, second: str, same: bool) -> None:
    assert (number_key(first) == number_key(second)) is same


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("1001", "1002", True),
        ("1012", "1021", True),
        ("12", "123", True),
        ("12", "12", False),
        ("12", "34", False),
        ("1", "123", False),
    ],
)
def test_one_edit_apart(first: str, second: str, apart: bool) -> None:
    assert one_edit_apart(first, second) is apart
    assert one_edit_apart(second, first) is apart


def test_shape_and_compact() -> None:
    assert number_shape("re-2026-00873") == "RE-9-9"
    assert compact("de 89 3704-0044") == "DE8937040044"
    assert mentions("to kranich burobedarf berlin", "Kranich Bürobedarf GmbH")
    assert not mentions("to kranich berlin", "Kranich Bürobedarf GmbH")


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_it(first: str, second: str) -> None:
    assert alike(first, second) == alike(second, first)
    assert len(name_key(first)) <= 400
    assert number_key(first) == number_key(first.strip())
    number_shape(first)
    one_edit_apart(first, second)

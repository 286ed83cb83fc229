"""Orders and the table they are kept in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.domain.errors import InvalidInput
from src.domain.order_table import clean_text, orders_as_table, parse_orders
from src.domain.purchase_orders import OrderBook, OrderLine, PurchaseOrder, order_key

CSV = """number,supplier,currency,total,open,line_code,line_quantity,line_price
PO-7,Muster Handel,EUR,100.00,yes,A-1,10,5.00
PO-7,Muster Handel,,,,B-2,1,50
PO-8,"Olivar, SL",eur,20,no,,,

,,,,,,,
"""


def test_orders_from_a_table() -> None:
    book = parse_orders("\ufeff" + CSV)
    assert len(book) == 2
    seven, eight = book.find("po 7"), book.find("PO8")
    assert seven is not None
    assert (seven.total, seven.currency, len(seven.lines)) == (Decimal("100.00"), "EUR", 2)
    assert eight is not None
    assert (eight.supplier, eight.is_open, eight.lines) == ("Olivar, SL", False, ())
    assert eight.currency == "EUR"
    assert book.find("PO-9") is None
    semicolons = parse_orders("number;supplier\nA;B, C\n")
    assert semicolons.find("A") is not None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "Missing: number, supplier"),
        ("number,supplier,colour\n", "Unknown: colour"),
        ("number,supplier,number\n", "each once"),
        ("number,supplier,total\nA,B,1.000,00\n", "row 2: more cells"),
        ("number,supplier,total\nA,B,NaN\n", "row 2: total"),
        ("number,supplier,total\nA,B,1e15\n", "row 2: total"),
        ("number,supplier,open\nA,B,perhaps\n", "open is 'perhaps'"),
        ("number,supplier,currency\nA,B,euro\n", "row 2: currency is 'EURO'"),
        ("number,supplier\nA,\n", "needs a number and a supplier"),
        ("number,supplier\n--,B\n", "neither letters nor digits"),
        ("number,supplier\nA,B\x01\n", "row 2: supplier must not hold"),
        (f"number,supplier\nA,{'B' * 501}\n", "row 2: supplier must not be longer"),
        ('number,supplier\nA,"B\n', "row 2: unexpected end"),
        ("number,supplier\nA,B\nA,C\n", "row 3: supplier is 'C', but an earlier row"),
        ("number,supplier,total\nA,B,1\na,B,2\n", "row 3: total is '2'"),
    ],
)
def test_a_table_that_cannot_be_understood(text: str, where: str) -> None:
    with pytest.raises(InvalidInput, match=where):
        parse_orders(text)


def test_every_row_at_fault_is_named() -> None:
    rows = "\n".join(f"A{number},B,x" for number in range(30))
    with pytest.raises(InvalidInput) as told:
        parse_orders(f"number,supplier,total\n{rows}\n")
    assert told.value.message.count("; row") == 19
    assert told.value.message.startswith("row 2: total is 'x'")
    assert told.value.message.endswith("and 10 more.")


def test_a_number_that_comes_twice_in_a_list() -> None:
    orders = [PurchaseOrder(number=number, supplier="B") for number in ("A 1", "a1", "-")]
    with pytest.raises(InvalidInput, match=r"order 2: .* that of order 1; order 3: the number has"):
        OrderBook.of(orders)


def test_pages_in_the_order_of_the_numbers() -> None:
    book = OrderBook(PurchaseOrder(number=number, supplier="B") for number in ("C", "a", "B-1"))
    assert [order.number for order in book.page(2)] == ["a", "B-1"]
    assert [order.number for order in book.page(2, "b 1")] == ["C"]
    assert book.page(2, "c") == ()
    # An order that has gone meanwhile still says where to go on.
    assert [order.number for order in book.page(1, "aa")] == ["B-1"]


def kept(text: str) -> bool:
    try:
        return clean_text(text) == text != ""
    except ValueError:
        return False


texts = st.text(max_size=20).filter(kept)
amounts = st.decimals(-(10**14), 10**14, places=4)
lines = st.builds(
    OrderLine,
    code=texts | st.none(),
    description=texts | st.none(),
    quantity=amounts | st.none(),
    price=amounts | st.none(),
).filter(lambda line: line != OrderLine())
orders = st.builds(
    PurchaseOrder,
    number=texts.filter(order_key),
    supplier=texts,
    supplier_tax_id=texts | st.none(),
    currency=st.sampled_from(["EUR", "USD", None]),
    total=amounts | st.none(),
    is_open=st.booleans(),
    lines=st.lists(lines, max_size=3).map(tuple),
)


@given(st.lists(orders, max_size=5, unique_by=lambda order: order_key(order.number)))
def test_a_table_says_what_it_was_made_of(some: list[PurchaseOrder]) -> None:
    assert list(parse_orders(orders_as_table(some))) == some

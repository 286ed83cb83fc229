"""Purchase orders come and are shown."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.api.conftest import Client, Connect, app_over
from tests.api.fake_service import FakeService

PATH = "/purchase-orders"
TABLE = """number,supplier,currency,total,open,line_code,line_quantity,line_price
PO-7,Muster Handel,EUR,100.00,yes,A-1,10,5.00
PO-7,Muster Handel,,,,B-2,1,50
PO-8,"Olivar, SL",EUR,20,no,,,
"""


async def put_table(client: Client, content: str | bytes, kind: str = "text/csv") -> Any:
    return await client.put(PATH, content=content, headers={"Content-Type": kind})


async def listed(client: Client, **query: Any) -> Any:
    return (await client.get(PATH, params=query)).json()


async def test_none_are_kept_at_first(client: Client) -> None:
    assert await listed(client) == {"items": [], "next_cursor": None, "total": 0, "in_use": False}


@pytest.mark.parametrize("kind", ["text/csv; charset=utf-8", "application/vnd.ms-excel"])
async def test_a_table_replaces_all_orders(client: Client, kind: str) -> None:
    assert (await put_table(client, "number,supplier\nOLD,A\n")).json() == {"total": 1}
    answer = await put_table(client, "\ufeff" + TABLE, kind)
    assert (answer.status_code, answer.json()) == (200, {"total": 2})
    assert await listed(client) == {
        "items": [
            {
                "number": "PO-7",
                "supplier": "Muster Handel",
                "supplier_tax_id": None,
                "currency": "EUR",
                "total": "100.00",
                "open": True,
                "lines": [
                    {"code": "A-1", "description": None, "quantity": "10", "price": "5.00"},
                    {"code": "B-2", "description": None, "quantity": "1", "price": "50"},
                ],
            },
            {
                "number": "PO-8",
                "supplier": "Olivar, SL",
                "supplier_tax_id": None,
                "currency": "EUR",
                "total": "20",
                "open": False,
                "lines": [],
            },
        ],
        "next_cursor": None,
        "total": 2,
        "in_use": True,
    }


async def test_what_is_listed_can_be_put_back(client: Client) -> None:
    await put_table(client, TABLE)
    before = await listed(client)
    assert (await client.put(PATH, json=before["items"])).json() == {"total": 2}
    assert await listed(client) == before


async def test_pages(client: Client) -> None:
    rows = "".join(f"PO-{number:03},A\n" for number in reversed(range(7)))
    await put_table(client, f"number,supplier\n{rows}")
    seen, cursor = [], None
    for count in (3, 3, 1):
        page = await listed(client, limit=3, **({"cursor": cursor} if cursor else {}))
        assert (len(page["items"]), page["total"]) == (count, 7)
        seen += [order["number"] for order in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert seen == [f"PO-{number:03}" for number in range(7)]
    for wrong in ({"limit": 0}, {"limit": 501}, {"cursor": "a\x00"}):
        assert (await client.get(PATH, params=wrong)).status_code == 400


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("number,supplier\nA,\nB,C\n,D\n", ["row 2: an order needs", "row 4: an order needs"]),
        ("number,supplier,total\nA,B,12.000,50\n", ["row 2: more cells"]),
        ("number;vendor\nA;B\n", ["Missing: supplier", "Unknown: vendor"]),
        (b"number,supplier\nA,M\xfcller\n", ["UTF-8"]),
        ("number,supplier\n", ["no order in it"]),
        ("", ["Missing: number, supplier"]),
        (b"\x00\x01\x02", ["Missing: number, supplier"]),
    ],
)
async def test_a_table_with_a_mistake_changes_nothing(
    client: Client, content: str | bytes, told: list[str]
) -> None:
    await put_table(client, TABLE)
    answer = await put_table(client, content)
    assert answer.status_code == 400
    assert answer.json()["error_type"] == "ValidationError"
    assert not [words for words in told if words not in answer.json()["detail"]]
    assert (await listed(client))["total"] == 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([{"number": "A"}, 3], ["order 1, supplier: Field required", "order 2: "]),
        ([{"number": "A", "supplier": "B", "price": 1}], ["order 1, price: Extra"]),
        ([{"number": "A", "supplier": "B", "currency": "eur"}], ["order 1, currency"]),
        ([{"number": "A", "supplier": "B", "total": "1e400"}], ["order 1, total"]),
        ([{"number": " ", "supplier": "B\u200b"}], ["order 1, number", "order 1, supplier"]),
        ([{"number": "A", "supplier": "B"}, {"number": "a ", "supplier": "C"}], ["order 2: the"]),
        (
            [{"number": "A", "supplier": "B", "lines": [{"price": "x"}]}],
            ["order 1, lines, 0, price"],
        ),
        ([], ["no order in it"]),
        ({"items": []}, ["Send a list"]),
        ([{}] * 1000, ["order 1, number", "order 10, supplier"]),
    ],
)
async def test_a_list_with_a_mistake_changes_nothing(
    client: Client, body: object, told: list[str]
) -> None:
    await put_table(client, TABLE)
    answer = await client.put(PATH, json=body)
    assert answer.status_code == 400
    assert not [words for words in told if words not in answer.json()["detail"]]
    assert (await listed(client))["total"] == 2


async def test_other_bodies_are_refused(client: Client) -> None:
    for kind in ("multipart/form-data", "text/plain", ""):
        answer = await put_table(client, TABLE, kind)
        assert answer.status_code == 400
        assert "text/csv or application/json" in answer.json()["detail"]
    assert (
        (await client.put(PATH, content=b"{", headers={"Content-Type": "application/json"}))
        .json()["detail"]
        .startswith("The body is no JSON")
    )
    large = await put_table(client, b"x" * (16 * 1024 * 1024 + 1))
    assert (large.status_code, large.json()["error_type"]) == (400, "TooLarge")
    assert (await client.post(PATH, content=TABLE)).status_code == 405


async def test_a_larger_table_than_other_bodies_may_be(client: Client) -> None:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["number", "supplier"])
    rows.writerows([f"PO-{number}", "S" * 400] for number in range(1000))
    assert (await put_table(client, text.getvalue())).json() == {"total": 1000}


async def test_strangers_neither_see_nor_change_them(
    service: FakeService, connect: Connect
) -> None:
    async with connect(api_keys="k" * 24, peer="10.0.0.9") as client:
        assert (await client.get(PATH)).status_code == 401
        assert (await put_table(client, TABLE)).status_code == 401
    async with connect(peer="10.0.0.9") as client:
        assert (await put_table(client, TABLE)).status_code == 403
    async with connect(headers={"Origin": "https://evil.example"}) as client:
        assert (await put_table(client, TABLE)).status_code == 403
        assert (await listed(client))["in_use"] is False
    async with connect(
        api_keys="k" * 24, peer="10.0.0.9", headers={"X-API-Key": "k" * 24}
    ) as client:
        assert (await put_table(client, TABLE)).status_code == 200


def test_the_body_is_documented_in_both_forms(service: FakeService) -> None:
    content = app_over(service).openapi()["paths"][PATH]["put"]["requestBody"]["content"]
    assert set(content) == {"text/csv", "application/json"}
    order = content["application/json"]["schema"]["items"]
    assert order["required"] == ["number", "supplier"]
    assert "price" in order["properties"]["lines"]["items"]["properties"]

"""The file of purchase orders: read, read again, replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.domain.errors import ConfigurationError, InvalidInput, StorageFailed
from src.domain.purchase_orders import PurchaseOrder
from src.storage.order_file import NoOrders, OrderFile

ONE = PurchaseOrder(number="PO-1", supplier="A")
TWO = PurchaseOrder(number="PO-2", supplier="B")


async def numbers(source: OrderFile) -> list[str] | None:
    book = await source.current()
    return None if book is None else [order.number for order in book]


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("number,supplier\nPO-1,A\n")
    source = OrderFile(path, required=True)
    await source.open()
    path.write_text("number,supplier\nPO-1,A\nPO-2,B\n")
    assert await numbers(source) == ["PO-1", "PO-2"]
    for broken in ("number\nA\n", None):
        path.unlink() if broken is None else path.write_text(broken)
        assert await numbers(source) == ["PO-1", "PO-2"]
    with pytest.raises(ConfigurationError, match="PURCHASE_ORDERS_FILE"):
        await OrderFile(path, required=True).open()


@pytest.mark.parametrize("content", [b"number\nA\n", b"number,supplier\nA,\xff\n"])
async def test_a_file_that_cannot_be_used_stops_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    for required in (True, False):
        with pytest.raises(ConfigurationError, match=r"orders\.csv"):
            await OrderFile(path, required=required).open()


async def test_what_was_put_there_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    source = OrderFile(path, required=False)
    await source.open()
    assert await numbers(source) is None
    await source.replace((ONE, TWO))
    assert await numbers(source) == ["PO-1", "PO-2"]
    await source.replace((TWO,))
    again = OrderFile(path, required=False)
    await again.open()
    assert await numbers(again) == await numbers(source) == ["PO-2"]
    assert names_in(tmp_path) == ["orders.csv"]
    # Another process of the service, or a person, may write it too.
    path.write_text("number,supplier\nPO-3,C\n")
    assert await numbers(source) == ["PO-3"]
    path.unlink()
    assert await numbers(source) is None


async def test_what_a_file_cannot_say_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    source = OrderFile(path, required=False)
    await source.open()
    await source.replace((ONE,))
    before = path.read_bytes()
    with pytest.raises(InvalidInput):
        await source.replace((TWO, PurchaseOrder(number="PO-3", supplier="C\x00")))
    assert path.read_bytes() == before
    assert await numbers(source) == ["PO-1"]


async def test_a_disk_that_refuses_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    source = OrderFile(path, required=False)
    await source.open()
    await source.replace((ONE,))
    gone = OrderFile(tmp_path / "gone" / "orders.csv", required=False)
    await gone.open()
    with pytest.raises(StorageFailed, match="purchase orders"):
        await gone.replace((TWO,))
    assert await numbers(gone) is None


async def test_without_a_file_there_are_no_orders() -> None:
    source = NoOrders()
    await source.open()
    assert await source.current() is None

"""What earlier documents say reaches the decision, and approvals teach."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from src.domain.candidate import (
    Alternative,
    EngineState,
    InvoiceCandidate,
    Provenance,
    Readiness,
)
from src.domain.corrections import Change, Correction
from src.domain.invoice import BankAccount, Invoice, Party, PaymentDetails, Totals
from src.domain.page import Page, ReadDocument
from src.domain.purchase_orders import OrderBook, PurchaseOrder
from src.domain.readings import ComputedEvidence, FieldReading
from src.domain.results import ProcessedInvoice
from src.domain.review import ReviewStatus
from src.ports import ExtractionHints
from src.services.judge import Judge, Verdict
from src.services.suppliers import SupplierMemoryService
from tests.services.conftest import House

IBAN, OTHER_IBAN = "DE89370400440532013000", "DE75512108001245126199"


T = TypeVar("T")


def exact(value: T) -> FieldReading[T]:
    """Computed, so that it need not stand on the page."""
    evidence = ComputedEvidence(fields=("test",))
    return FieldReading[T](value=value, evidence=evidence, confidence=1.0, engine="bills")


def bill(
    number: str = "R-1001", total: str = "119.00", iban: str = IBAN, **more: object
) -> Invoice:
    subject = Invoice(
        invoice_number=exact(number),
        issue_date=exact(date(2026, 3, 10)),
        currency=exact("EUR"),
        vendor=Party(name=exact("Muster Handel GmbH"), tax_id=exact("DE136695976")),
        totals=Totals(total=exact(Decimal(total))),
        payment=PaymentDetails(accounts=(BankAccount(iban=exact(iban)),)),
    )
    return subject.model_copy(update=more)


@dataclass
class BillEngine:
    """Gives the bills in order; the last one again and again. Waits for `together` calls."""

    bills: list[Invoice]
    name: str = "bills"
    together: int = 1
    _arrived: int = 0
    _all_here: asyncio.Event = field(default_factory=asyncio.Event)

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        self._arrived += 1
        if self._arrived >= self.together:
            self._all_here.set()
        await self._all_here.wait()
        invoice = self.bills.pop(0) if len(self.bills) > 1 else self.bills[0]
        return InvoiceCandidate(
            invoice=invoice, provenance=Provenance(engine=self.name, engine_version="1")
        )

    async def readiness(self) -> Readiness:
        return Readiness(state=EngineState.READY, detail="ready")


async def arrive(house: House, content: bytes) -> str:
    async def chunks() -> object:
        yield content

    receipt = await house.intake().take_stream("a.pdf", chunks())  # type: ignore[arg-type]
    return receipt.file_id


async def processed(house: House, content: bytes, *bills: Invoice) -> ProcessedInvoice:
    house.engines = [BillEngine(list(bills))]
    file_id = await arrive(house, content)
    assert await house.run_next()
    return await result_of(house, file_id)


async def result_of(house: House, file_id: str) -> ProcessedInvoice:
    result = await house.results().invoice(file_id)
    assert result is not None
    return result


def codes(result: ProcessedInvoice) -> list[str]:
    """Without what the short bills of these tests lack."""
    lacking = ("missing-legal-field", "currency-not-printed")
    return [one.code for one in result.findings if one.code not in lacking]


async def approve(house: House, result: ProcessedInvoice) -> ProcessedInvoice:
    house.listener = house.memory()
    record = await house.results().get(result.id)
    return (await house.review().approve(result.id, record.version, by="anna")).result


async def test_the_second_file_of_an_invoice_is_held_and_linked(house: House) -> None:
    first = await processed(house, b"one", bill())
    second = await processed(house, b"two", bill())
    assert first.review_status is ReviewStatus.ACCEPTED
    assert second.review_status is ReviewStatus.NEEDS_REVIEW
    (finding,) = [one for one in second.findings if one.code == "duplicate-invoice"]
    assert finding.related_id == first.id


async def test_a_document_is_no_duplicate_of_itself_nor_of_its_copy(house: House) -> None:
    first = await processed(house, b"one", bill())
    await processed(house, b"two", bill())
    await house.results().retry(first.id, None)
    assert await house.run_next()
    assert "duplicate-invoice" not in codes(await result_of(house, first.id))


async def test_deleted_and_rejected_ones_do_not_count(house: House) -> None:
    first = await processed(house, b"one", bill())
    await house.results().delete(first.id)
    second = await processed(house, b"two", bill())
    assert "duplicate-invoice" not in codes(second)
    record = await house.results().get(second.id)
    await house.review().reject(second.id, record.version, "not ours", by="anna")
    assert "duplicate-invoice" not in codes(await processed(house, b"three", bill()))


async def test_of_two_copies_judged_at_the_same_moment_one_is_the_first(house: House) -> None:
    house.engines = [BillEngine([bill()], together=2)]
    ids = [await arrive(house, b"one"), await arrive(house, b"two")]
    async with house.uow(write=True) as documents:
        jobs = [await documents.claim_next(house.clock()) for _ in ids]
    runner = house.runner()
    await asyncio.gather(*(runner(*job) for job in jobs if job is not None))
    results = [await result_of(house, file_id) for file_id in ids]
    linked = [one for one in results if "duplicate-invoice" in codes(one)]
    assert len(linked) == 1
    (other,) = [one for one in results if one not in linked]
    assert {f.related_id for f in linked[0].findings if f.related_id} == {other.id}
    assert other.review_status is ReviewStatus.ACCEPTED
    # The file says what the rows say.
    written = house.files.path_of((await house.results().get(linked[0].id)).document)
    assert "duplicate-invoice" in (written.parent / "invoice.json").read_text()


class Together(Judge):
    """Lets nobody save before `count` have been judged."""

    def __init__(self, house: House, count: int) -> None:
        super().__init__(
            uow=house.uow, memory=house.memory(), clock=house.clock, accept_confidence=0.8
        )
        self._judging = asyncio.Barrier(count)

    async def judge(
        self,
        document_id: str,
        invoice: Invoice,
        read: ReadDocument,
        alternatives: Sequence[Alternative],
    ) -> Verdict:
        verdict = await super().judge(document_id, invoice, read, alternatives)
        await self._judging.wait()
        return verdict


async def test_of_two_corrected_into_one_invoice_at_the_same_moment_one_is_held(
    house: House,
) -> None:
    ids = [
        (await processed(house, b"one", bill("R-1001", "119.00"))).id,
        (await processed(house, b"two", bill("R-2002", "450.00"))).id,
    ]
    together = Together(house, count=len(ids))
    house.judge = lambda: together  # type: ignore[method-assign]
    review = house.review()
    same = Correction(changes=(Change("invoice_number", "R-3003"),))
    made = await asyncio.gather(*(review.correct(one, 1, same, by="anna") for one in ids))
    held = [one for one in made if one.result.review_status is ReviewStatus.NEEDS_REVIEW]
    assert len(held) == 1
    (other,) = [one.result.id for one in made if one not in held]
    (finding,) = [one for one in held[0].result.findings if one.code == "duplicate-invoice"]
    assert finding.related_id == other
    # Rows, file and answer are one.
    assert "duplicate-invoice" in held[0].record.finding_codes
    written = house.files.path_of(held[0].record.document)
    assert "duplicate-invoice" in (written.parent / "invoice.json").read_text()


async def test_an_approval_keeps_the_findings_of_its_moment(house: House) -> None:
    first = await processed(house, b"one", bill())
    assert codes(first) == ["new-supplier-bank-details"]
    await approve(house, await processed(house, b"two", bill("R-1002", "220.00", OTHER_IBAN)))
    approved = await approve(house, first)
    assert codes(approved) == ["bank-account-changed"]
    assert (approved.review_status, approved.approved_by) == (ReviewStatus.ACCEPTED, "anna")
    assert approved.review_reasons == ()
    record = await house.results().get(first.id)
    assert "bank-account-changed" in record.finding_codes


async def test_only_approvals_teach(house: House) -> None:
    first = await processed(house, b"one", bill())
    assert codes(first) == ["new-supplier-bank-details"]
    changed = bill("R-1002", "220.00", OTHER_IBAN)
    assert "bank-account-changed" not in codes(await processed(house, b"two", changed))
    await approve(house, first)
    same = await processed(house, b"three", bill("R-1003", "330.00"))
    assert codes(same) == []
    other = await processed(house, b"four", bill("R-1004", "440.00", OTHER_IBAN))
    assert codes(other) == ["bank-account-changed"]
    assert other.review_status is ReviewStatus.NEEDS_REVIEW
    await approve(house, other)
    again = await processed(house, b"five", bill("R-1005", "550.00", OTHER_IBAN))
    assert codes(again) == []


async def test_a_taken_back_approval_teaches_nothing(house: House) -> None:
    first = await approve(house, await processed(house, b"one", bill()))
    record = await house.results().get(first.id)
    await house.review().reject(first.id, record.version, "a mistake", by="anna")
    later = await processed(house, b"two", bill("R-1002", "220.00"))
    assert codes(later) == ["new-supplier-bank-details"]
    await approve(house, later)
    await house.results().delete(later.id)
    last = await processed(house, b"three", bill("R-1003", "330.00"))
    assert codes(last) == ["new-supplier-bank-details"]


async def test_a_correction_is_suggested_for_the_next_invoice(house: House) -> None:
    misread = Party(name=exact("MUSTER HANDLE"), tax_id=exact("DE136695976"))
    first = await processed(house, b"one", bill(vendor=misread))
    correction = Correction(changes=(Change("vendor.name", "Muster Handel GmbH"),))
    saved = await house.review().correct(first.id, 1, correction, by="anna")
    await approve(house, saved.result)
    # Known as the same supplier by the name that was misread, too.
    nameless = Party(name=exact("MUSTER HANDLE"))
    second = await processed(house, b"two", bill("R-1002", "220.00", vendor=nameless))
    assert codes(second) == ["corrected-before"]
    assert second.invoice.vendor.name is not None
    assert second.invoice.vendor.name.value == "MUSTER HANDLE"
    (offered,) = second.alternatives
    assert (offered.field, offered.reading.value) == ("vendor.name", "Muster Handel GmbH")


async def test_an_account_tells_who_a_nameless_invoice_is_from(house: House) -> None:
    named = bill(vendor=Party(name=exact("Muster Handel GmbH")))
    await approve(house, await processed(house, b"one", named))
    unknown = bill("R-1002", "220.00", vendor=Party())
    second = await processed(house, b"two", unknown)
    assert "new-supplier-bank-details" not in codes(second)
    assert "bank-account-of-another-supplier" not in codes(second)


@dataclass
class Orders:
    book: OrderBook

    async def current(self) -> OrderBook | None:
        return self.book


async def test_what_was_invoiced_for_an_order_before_counts(house: House) -> None:
    order = PurchaseOrder(number="PO-7", supplier="Muster Handel", total=Decimal(300))
    memory = SupplierMemoryService(orders=Orders(OrderBook((order,))), clock=house.clock)
    judge = Judge(uow=house.uow, memory=memory, clock=house.clock, accept_confidence=0.8)
    house.judge = lambda: judge  # type: ignore[method-assign]
    first = await processed(house, b"one", bill(total="200.00", purchase_order=exact("PO 7")))
    assert "purchase-order-exceeded" not in codes(first)
    second = await processed(
        house, b"two", bill("R-2002", "150.00", purchase_order=exact("po-7, PO-8"))
    )
    assert "purchase-order-unknown" in codes(second)
    third = await processed(house, b"three", bill("R-3003", "160.00", purchase_order=exact("PO7")))
    assert "purchase-order-exceeded" in codes(third)

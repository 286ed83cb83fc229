"""Hybrid e-invoices: what the pages say beside the XML."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from src.domain.candidate import EngineState, InvoiceCandidate, Readiness
from src.domain.errors import EngineTimeout
from src.domain.page import Page
from src.engines.einvoice import EInvoiceEngine
from src.engines.einvoice.engine import read_einvoice
from src.engines.layout.engine import LayoutEngine
from src.ports import ExtractionHints
from tests.engines.pages import ThreadPool, page_of

XML = (Path(__file__).parent / "einvoices" / "ubl_invoice.xml").read_bytes()
HINTS = ExtractionHints(embedded_xml=XML)
# As the XML says it.
PAGE = """
Werkzeug Nord GmbH

RECHNUNG

Rechnungsnummer: {number}
Rechnungsdatum: {day}

Hammer 2 100,00 200,00

Summe netto EUR {net}
USt. 25 % EUR 50,00
Gesamtbetrag EUR {total}
"""


class Late:
    """An engine that runs out of time."""

    name = "layout"

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        raise EngineTimeout("Too slow.")

    async def readiness(self) -> Readiness:
        return Readiness(state=EngineState.READY, detail="It is.")


def printed(number: str, day: str, total: str, title: str = "RECHNUNG") -> Page:
    net = {"250,00": "200,00", "350,00": "300,00"}[total]
    text = PAGE.format(number=number, day=day, total=total, net=net)
    return page_of(text.replace("RECHNUNG", title))


async def seen(page: Page) -> dict[str, str]:
    """What the page is told to say against the XML."""
    engine = EInvoiceEngine(LayoutEngine(ThreadPool(), 60))
    candidate = await engine.extract((page,), HINTS)
    assert candidate.invoice == read_einvoice(XML).invoice
    assert {one.reading.engine for one in candidate.alternatives} <= {"layout"}
    return {one.field: one.reading.value for one in candidate.alternatives}


@pytest.mark.parametrize("number", ["F-2026-100", "F-2026-100 teilweise"])
async def test_a_page_that_says_the_same_says_nothing_more(number: str) -> None:
    assert await seen(printed(number, "04.05.2026", "250,00")) == {}


async def test_what_decides_about_the_payment_is_told() -> None:
    told = await seen(printed("R-77", "05.05.2026", "350,00", title="GUTSCHRIFT"))
    assert told == {
        "document_type": "credit_note",
        "invoice_number": "R-77",
        "issue_date": "2026-05-05",
        "totals.total": "350.00",
    }


async def test_pages_that_were_not_compared_are_told() -> None:
    page = printed("R-77", "05.05.2026", "350,00")
    candidate = await EInvoiceEngine(Late()).extract((page,), HINTS)
    assert candidate.alternatives == ()
    assert candidate.provenance.notes == ("The pages were not compared with the XML: Too slow.",)


async def test_blank_pages_are_not_read() -> None:
    blank = page_of("")
    candidate = await EInvoiceEngine(Late()).extract((blank,), HINTS)
    assert candidate == read_einvoice(XML)

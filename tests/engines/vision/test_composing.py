"""Two engines on one page: agreement, disagreement, and what the arithmetic says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from src.domain.candidate import InvoiceCandidate, Provenance
from src.domain.checks import CheckContext, run_checks
from src.domain.invoice import DocumentType, Invoice
from src.domain.page import Page
from src.domain.paths import get_reading
from src.domain.readings import ReadEvidence, UngroundedEvidence
from src.domain.review import ReviewStatus, decide
from src.engines.layout.engine import extract_candidate
from src.engines.vision.agreement import agree
from src.engines.vision.claims import ClaimReader
from src.engines.vision.composing import compose
from src.engines.vision.merging import merge
from src.engines.vision.normalising import normaliser_of
from src.engines.vision.schema import LineAnswer, PageAnswer
from tests.domain.build import TODAY
from tests.engines.pages import INVOICE_TEXT, page_of
from tests.fakes.truths import answer_to, empty_answer

PAGE = page_of(INVOICE_TEXT)
GOOD = answer_to(f"<<<PAGE-x\n{INVOICE_TEXT}\nPAGE-x>>>")


def composed(
    planted: dict[str, Any] | None = None, page: Page = PAGE, base: dict[str, Any] = GOOD
) -> InvoiceCandidate:
    answer = PageAnswer.model_validate(base | (planted or {}))
    provenance = Provenance(engine="vision", engine_version="1")
    return compose([page], merge([(1, answer)]), extract_candidate((page,)), provenance)


def reading(candidate: InvoiceCandidate, path: str) -> Any:
    found = get_reading(candidate.invoice, path)
    assert found is not None, path
    return found


def judged(candidate: InvoiceCandidate, page: Page = PAGE) -> tuple[ReviewStatus, set[str]]:
    context = CheckContext(pages=(page,), today=TODAY, alternatives=candidate.alternatives)
    findings = run_checks(candidate.invoice, context)
    decision = decide(candidate.invoice, findings, accept_confidence=0.8)
    return decision.status, set(decision.reasons)


def alternatives(candidate: InvoiceCandidate) -> dict[str, tuple[str, str]]:
    return {a.field: (a.reading.value, a.reading.engine) for a in candidate.alternatives}


def test_what_both_engines_read_is_surer_than_either() -> None:
    doubtful = reading(composed(), "totals.total").model_copy(
        update={"confidence": 0.7, "engine": "layout"}
    )
    mine = doubtful.model_copy(update={"confidence": 0.75, "engine": "vision"})
    both = agree({"totals.total": mine}, {"totals.total": doubtful}).readings["totals.total"]
    assert both.engine == "vision"
    assert both.confidence == pytest.approx(0.85)
    # Without a place of its own the model's word adds nothing.
    said = mine.model_copy(update={"evidence": UngroundedEvidence(page=1)})
    alone = agree({"totals.total": said}, {"totals.total": doubtful}).readings["totals.total"]
    assert alone.confidence == pytest.approx(0.7)
    assert isinstance(alone.evidence, ReadEvidence)


def test_a_model_alone_makes_no_guess_of_the_embedded_engine_acceptable() -> None:
    """How sure a model is was measured by nobody; the embedded engine's doubt was."""
    guess = reading(composed(), "totals.total").model_copy(
        update={"confidence": 0.55, "engine": "layout"}
    )
    sure = guess.model_copy(update={"confidence": 1.0, "engine": "vision"})
    both = agree({"totals.total": sure}, {"totals.total": guess}).readings["totals.total"]
    assert 0.55 < both.confidence < 0.8
    claims = merge([(1, PageAnswer.model_validate(GOOD))])
    claimed = ClaimReader([PAGE], normaliser_of([PAGE], Invoice())).read(claims).fields
    assert claimed["totals.total"].evidence.kind == "read"
    assert all(alone.confidence < 0.8 for alone in claimed.values())


def test_what_only_the_embedded_engine_reads_stays_its_own() -> None:
    candidate = composed(base=empty_answer())
    total = reading(candidate, "totals.total")
    assert (total.value, total.engine) == (Decimal("72.00"), "layout")
    assert len(candidate.invoice.line_items) == 2


@pytest.mark.parametrize("said", ["72.00", "72,00", "GBP 72.00", "£72.00"])
def test_an_amount_means_the_same_in_any_spelling(said: str) -> None:
    candidate = composed({"total": said})
    assert reading(candidate, "totals.total").value == Decimal("72.00")
    assert not candidate.alternatives


def test_an_invented_amount_does_not_replace_one_of_the_page() -> None:
    candidate = composed({"total": "73.00"})
    assert reading(candidate, "totals.total").value == Decimal("72.00")
    assert alternatives(candidate)["totals.total"] == ("73.00", "vision")


def test_the_arithmetic_settles_a_dispute() -> None:
    """60 + 12 is 72: the other value is told and holds nothing."""
    candidate = composed({"total": "60.00"})
    total = reading(candidate, "totals.total")
    assert (total.value, total.engine) == (Decimal("72.00"), "layout")
    assert alternatives(candidate)["totals.total"] == ("60.00", "vision")
    (found,) = [
        one
        for one in run_checks(
            candidate.invoice,
            CheckContext(pages=(PAGE,), today=TODAY, alternatives=candidate.alternatives),
        )
        if one.code == "engines-disagree"
    ]
    assert found.severity == "info"


def test_a_dispute_that_nothing_settles_needs_a_person() -> None:
    text = "Kranich Supplies Ltd\nInvoice number: K-1\nTotal GBP 72.00\nDeposit GBP 60.00"
    page = page_of(text)
    answer = answer_to(f"<<<PAGE-x\n{text}\nPAGE-x>>>")
    status, reasons = judged(composed({"total": "60.00"}, page, answer), page)
    assert status is ReviewStatus.NEEDS_REVIEW
    assert "engines-disagree" in reasons


def test_an_invented_account_is_an_error_and_has_no_place() -> None:
    candidate = composed({"bank_iban": "GB33 BUKB 2020 1555 5555 55"})
    iban = reading(candidate, "payment.accounts.0.iban")
    assert iban.evidence == UngroundedEvidence(page=1)
    assert iban.value == "GB33BUKB20201555555555"
    status, reasons = judged(candidate)
    assert status is ReviewStatus.NEEDS_REVIEW
    assert "value-not-on-page" in reasons


def test_another_account_than_the_embedded_engine_reads_is_always_an_error() -> None:
    page = page_of(INVOICE_TEXT + "\nIBAN GB33 BUKB 2020 1555 5555 55")
    candidate = composed({"bank_iban": "GB94BARC10201530093459"}, page)
    assert reading(candidate, "payment.accounts.0.iban").value == "GB33BUKB20201555555555"
    assert "engines-disagree" in judged(candidate, page)[1]


def test_the_second_account_of_a_page_is_known() -> None:
    page = page_of(
        INVOICE_TEXT + "\nIBAN GB33 BUKB 2020 1555 5555 55\nIBAN GB94 BARC 1020 1530 0934 59"
    )
    candidate = composed({"bank_iban": "GB94BARC10201530093459"}, page)
    ibans = [one.iban.value for one in candidate.invoice.payment.accounts if one.iban]
    assert ibans == ["GB33BUKB20201555555555", "GB94BARC10201530093459"]
    assert "engines-disagree" not in judged(candidate, page)[1]


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("invoice_number", "KS-2026-042", "invoice_number"),
        ("invoice_date", "15 March 2026", "issue_date"),
        ("currency", "USD", "currency"),
        ("vendor_name", "Krähe Handel AG", "vendor.name"),
    ],
)
def test_invented_texts_are_told_beside_the_printed_ones(field: str, value: str, path: str) -> None:
    good = reading(composed(), path)
    candidate = composed({field: value})
    assert reading(candidate, path).value == good.value
    assert reading(candidate, path).confidence < good.confidence
    assert alternatives(candidate)[path][1] == "vision"


def test_names_are_compared_as_people_do() -> None:
    candidate = composed({"vendor_name": "KRANICH SUPPLIES"})
    assert reading(candidate, "vendor.name").value == "Kranich Supplies Ltd"
    assert "vendor.name" not in alternatives(candidate)


def test_a_digit_more_is_another_number() -> None:
    page = page_of(INVOICE_TEXT + "\nDelivery 1KS-2026-041")
    candidate = composed({"invoice_number": "1KS-2026-041"}, page)
    assert "invoice_number" in alternatives(candidate)


def _line(**said: str) -> dict[str, str | None]:
    return dict.fromkeys(LineAnswer.model_fields) | said


CUPS = _line(description="Paper cups", quantity="10", unit_price="4.50", amount="45.00")
NAPKINS = _line(description="Napkins", quantity="5", unit_price="3.00", amount="15.00")


def lines_of(candidate: InvoiceCandidate) -> list[tuple[str, Decimal]]:
    return [
        (line.description.value, line.amount.value)
        for line in candidate.invoice.line_items
        if line.description and line.amount
    ]


BOTH_LINES = [("Paper cups", Decimal("45.00")), ("Napkins", Decimal("15.00"))]


def test_lines_of_both_engines_are_one_line_each() -> None:
    candidate = composed({"line_items": [CUPS, NAPKINS]})
    assert lines_of(candidate) == BOTH_LINES
    assert candidate.invoice.line_items[0].amount is not None
    assert candidate.invoice.line_items[0].amount.engine == "vision"


def test_a_wrong_amount_of_a_line_is_settled_by_its_own_arithmetic() -> None:
    candidate = composed({"line_items": [CUPS | {"amount": "48.00"}, NAPKINS]})
    assert lines_of(candidate) == BOTH_LINES
    assert alternatives(candidate)["line_items.0.amount"] == ("48.00", "vision")
    assert judged(candidate)[0] is ReviewStatus.ACCEPTED


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([CUPS], id="a line forgotten"),
        pytest.param([CUPS, CUPS, NAPKINS], id="a line twice"),
        pytest.param([CUPS, NAPKINS, _line(description="Subtotal", amount="60.00")], id="a sum"),
    ],
)
def test_the_list_that_adds_up_is_kept(said: list[Any]) -> None:
    candidate = composed({"line_items": said})
    assert lines_of(candidate) == BOTH_LINES
    assert any("lines" in note for note in candidate.provenance.notes)


def test_lines_that_only_the_model_reads_are_taken() -> None:
    text = "Kranich Supplies Ltd\nInvoice number: K-1\nConsulting in May 60.00\nTotal GBP 60.00"
    page = page_of(text)
    base = empty_answer() | {"total": "60.00"}
    line = _line(description="Consulting in May", amount="60.00", quantity="1 day")
    candidate = composed({"line_items": [line]}, page, base)
    if not extract_candidate((page,)).invoice.line_items:
        assert lines_of(candidate) == [("Consulting in May", Decimal("60.00"))]
    (first,) = candidate.invoice.line_items
    assert first.unit is not None
    assert first.unit.value == "day"


def test_what_is_no_value_of_its_kind_is_left_out() -> None:
    candidate = composed(
        {"due_date": "soon", "shipping": "free", "currency": "pounds of flesh", "discount": "null"}
    )
    assert candidate.invoice.totals.shipping is None
    assert candidate.invoice.totals.allowance_total is None
    assert candidate.invoice.currency is not None
    assert candidate.invoice.currency.value == "GBP"


def test_the_kind_of_document_and_addresses_come_through() -> None:
    base = GOOD | {
        "document_type": "invoice",
        "vendor_address": "4 Dock Lane, Hull HU1 1AA",
        "customer_address": "1 Made Up Street, Nowhere",
    }
    candidate = composed(base=base)
    assert candidate.invoice.document_type is not None
    assert candidate.invoice.document_type.value is DocumentType.INVOICE
    address = reading(candidate, "vendor.address")
    assert address.value.postal_code == "HU1 1AA"
    assert address.engine == "vision"


def test_pages_are_merged_by_what_counts_where() -> None:
    first = PageAnswer.model_validate(
        empty_answer() | {"invoice_number": "A-1", "total": "10.00", "line_items": [CUPS]}
    )
    second = PageAnswer.model_validate(
        empty_answer() | {"invoice_number": "B-2", "total": "72.00", "line_items": [NAPKINS]}
    )
    claims = merge([(1, first), (2, second)])
    assert claims.fields["invoice_number"].text == "A-1"
    assert claims.contradicted["invoice_number"].text == "B-2"
    assert (claims.fields["total"].text, claims.fields["total"].page) == ("72.00", 2)
    assert [line["description"].text for line in claims.lines] == ["Paper cups", "Napkins"]
    assert [line["description"].page for line in claims.lines] == [1, 2]


def test_a_field_that_pages_contradict_is_less_sure() -> None:
    text = INVOICE_TEXT + "\nOrder PO-77"
    page = page_of(text)
    one = PageAnswer.model_validate(empty_answer() | {"order_number": "PO-77"})
    other = PageAnswer.model_validate(empty_answer() | {"order_number": "PO-78"})
    nothing = InvoiceCandidate(
        invoice=Invoice(), provenance=Provenance(engine="layout", engine_version="1")
    )
    provenance = Provenance(engine="vision", engine_version="1")
    plain = compose([page], merge([(1, one)]), nothing, provenance).invoice.purchase_order
    doubted = compose([page], merge([(1, one), (1, other)]), nothing, provenance)
    assert plain is not None
    assert doubted.invoice.purchase_order is not None
    assert doubted.invoice.purchase_order.confidence < plain.confidence


def test_an_amount_that_breaks_the_sums_and_that_the_model_does_not_see_goes() -> None:
    page = page_of(INVOICE_TEXT)
    embedded = extract_candidate((page,))
    total = embedded.invoice.totals.total
    assert total is not None
    stray = total.model_copy(update={"value": Decimal("45.00"), "text": "45.00"})
    totals = embedded.invoice.totals.model_copy(update={"shipping": stray})
    misread = embedded.model_copy(
        update={"invoice": embedded.invoice.model_copy(update={"totals": totals})}
    )
    answer = PageAnswer.model_validate(GOOD)
    provenance = Provenance(engine="vision", engine_version="1")
    candidate = compose([page], merge([(1, answer)]), misread, provenance)
    assert candidate.invoice.totals.shipping is None
    assert any("totals.shipping" in note for note in candidate.provenance.notes)

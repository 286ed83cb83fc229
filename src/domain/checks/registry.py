"""All checks, in the order in which their findings are told."""

from __future__ import annotations

from src.domain.checks import (
    agreement,
    bank,
    completeness,
    currency,
    dates,
    grounding,
    lines,
    sums,
    tax,
    tax_ids,
    totals,
)
from src.domain.checks.base import CheckContext, RegisteredCheck
from src.domain.findings import Finding
from src.domain.invoice import Invoice

REGISTRY: tuple[RegisteredCheck, ...] = (
    RegisteredCheck((completeness.NOT_AN_INVOICE,), completeness.check_document_type),
    RegisteredCheck((completeness.MISSING,), completeness.check_core_fields),
    RegisteredCheck((lines.LINE_AMOUNT,), lines.check_line_amounts),
    RegisteredCheck((lines.LINE_TAX,), lines.check_line_taxes),
    RegisteredCheck((lines.LINE_SUM, sums.ROUNDING_DIFFERENCE), lines.check_line_sum),
    RegisteredCheck((totals.ALLOWANCE_SUM, sums.ROUNDING_DIFFERENCE), totals.check_allowance_sums),
    RegisteredCheck((totals.SUBTOTAL, sums.ROUNDING_DIFFERENCE), totals.check_subtotal),
    RegisteredCheck((tax.TAX_AMOUNT, sums.ROUNDING_DIFFERENCE), tax.check_tax_amounts),
    RegisteredCheck((tax.TAX_SUM, sums.ROUNDING_DIFFERENCE), tax.check_tax_sum),
    RegisteredCheck((tax.TAX_BASES, sums.ROUNDING_DIFFERENCE), tax.check_tax_bases),
    RegisteredCheck((totals.TOTAL, sums.ROUNDING_DIFFERENCE), totals.check_total),
    RegisteredCheck((totals.AMOUNT_DUE, sums.ROUNDING_DIFFERENCE), totals.check_amount_due),
    RegisteredCheck((currency.UNKNOWN,), currency.check_currency_known),
    RegisteredCheck((currency.TOO_PRECISE,), currency.check_decimals),
    RegisteredCheck((dates.IN_FUTURE, dates.TOO_OLD), dates.check_issue_date),
    RegisteredCheck((dates.DUE_BEFORE_ISSUE, dates.DUE_FAR), dates.check_due_date),
    RegisteredCheck((dates.PERIOD_REVERSED,), dates.check_service_period),
    RegisteredCheck(
        (dates.ORDER_AFTER_ISSUE, dates.PRECEDING_AFTER_ISSUE, dates.DELIVERY_FAR),
        dates.check_other_dates,
    ),
    RegisteredCheck((bank.IBAN_INVALID,), bank.check_ibans),
    RegisteredCheck((bank.BIC_INVALID,), bank.check_bics),
    RegisteredCheck((tax_ids.TAX_ID_INVALID,), tax_ids.check_tax_ids),
    RegisteredCheck((grounding.NOT_ON_PAGE, grounding.NOT_AS_PRINTED), grounding.check_grounding),
    RegisteredCheck((agreement.DISAGREE,), agreement.check_agreement),
)


def run_checks(invoice: Invoice, context: CheckContext) -> tuple[Finding, ...]:
    """What the checks find, in the order of the registry; nothing that is switched off."""
    disabled = context.settings.disabled
    return tuple(
        finding
        for check in REGISTRY
        if not disabled.issuperset(check.codes)
        for finding in check.run(invoice, context)
        if finding.code not in disabled
    )

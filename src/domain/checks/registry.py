"""All checks, in the order in which their findings are told."""

from __future__ import annotations

from collections.abc import Sequence

from src.domain.checks import (
    agreement,
    bank,
    completeness,
    concealed,
    currency,
    currency_signs,
    dates,
    duplicates,
    grounding,
    in_words,
    lines,
    markings,
    orders,
    own_company,
    parties,
    printed_totals,
    rate_totals,
    sums,
    supplier_bank,
    supplier_habits,
    tax,
    tax_ids,
    tax_rules,
    terms,
    total_labels,
    totals,
)
from src.domain.checks.base import CheckContext, RegisteredCheck
from src.domain.findings import Finding
from src.domain.invoice import Invoice

REGISTRY: tuple[RegisteredCheck, ...] = (
    RegisteredCheck((completeness.NOT_AN_INVOICE,), completeness.check_document_type),
    RegisteredCheck((markings.NOT_PAYABLE, markings.PAID, markings.COPY), markings.check_markings),
    RegisteredCheck((completeness.MISSING,), completeness.check_core_fields),
    RegisteredCheck((duplicates.DUPLICATE, duplicates.POSSIBLE), duplicates.check_duplicates),
    RegisteredCheck((completeness.LEGAL_FIELD,), completeness.check_legal_fields),
    RegisteredCheck((completeness.SELLER_ID,), completeness.check_seller_identification),
    RegisteredCheck((lines.LINE_AMOUNT,), lines.check_line_amounts),
    RegisteredCheck((lines.LINE_TAX,), lines.check_line_taxes),
    RegisteredCheck((lines.LINE_SUM, sums.ROUNDING_DIFFERENCE), lines.check_line_sum),
    RegisteredCheck((totals.ALLOWANCE_SUM, sums.ROUNDING_DIFFERENCE), totals.check_allowance_sums),
    RegisteredCheck((totals.SUBTOTAL, sums.ROUNDING_DIFFERENCE), totals.check_subtotal),
    RegisteredCheck((tax.TAX_AMOUNT, sums.ROUNDING_DIFFERENCE), tax.check_tax_amounts),
    RegisteredCheck((tax.TAX_SUM, sums.ROUNDING_DIFFERENCE), tax.check_tax_sum),
    RegisteredCheck((tax.TAX_BASES, sums.ROUNDING_DIFFERENCE), tax.check_tax_bases),
    RegisteredCheck((rate_totals.RATE_TOTAL,), rate_totals.check_rate_of_total),
    RegisteredCheck((tax_rules.BASE_OF_RATE,), tax_rules.check_bases_by_rate),
    RegisteredCheck((tax_rules.NOT_LEGAL,), tax_rules.check_legal_rates),
    RegisteredCheck((tax_rules.CATEGORY,), tax_rules.check_categories),
    RegisteredCheck((tax_rules.REVERSE_CHARGE,), tax_rules.check_reverse_charge),
    RegisteredCheck((totals.TOTAL, sums.ROUNDING_DIFFERENCE), totals.check_total),
    RegisteredCheck((totals.AMOUNT_DUE, sums.ROUNDING_DIFFERENCE), totals.check_amount_due),
    RegisteredCheck((printed_totals.NEARLY,), printed_totals.check_printed_otherwise),
    RegisteredCheck((total_labels.IS_NET,), total_labels.check_total_with_tax),
    RegisteredCheck((in_words.DIFFERS,), in_words.check_amount_in_words),
    RegisteredCheck((totals.INSTALMENTS, sums.ROUNDING_DIFFERENCE), totals.check_instalments),
    RegisteredCheck((currency.UNKNOWN,), currency.check_currency_known),
    RegisteredCheck((currency.NOT_PRINTED,), currency.check_currency_printed),
    RegisteredCheck((total_labels.MIXED,), total_labels.check_one_currency),
    RegisteredCheck((currency.TOO_PRECISE,), currency.check_decimals),
    RegisteredCheck((currency_signs.AMBIGUOUS,), currency_signs.check_currency_sign),
    RegisteredCheck((dates.IN_FUTURE, dates.TOO_OLD), dates.check_issue_date),
    RegisteredCheck((dates.DUE_BEFORE_ISSUE, dates.DUE_FAR), dates.check_due_date),
    RegisteredCheck((terms.NOT_AS_TERMS,), terms.check_due_by_terms),
    RegisteredCheck((terms.AMBIGUOUS,), terms.check_ambiguous_date),
    RegisteredCheck((dates.PERIOD_REVERSED,), dates.check_service_period),
    RegisteredCheck(
        (dates.ORDER_AFTER_ISSUE, dates.PRECEDING_AFTER_ISSUE, dates.DELIVERY_FAR),
        dates.check_other_dates,
    ),
    RegisteredCheck((bank.IBAN_INVALID,), bank.check_ibans),
    RegisteredCheck((bank.BIC_INVALID,), bank.check_bics),
    RegisteredCheck(
        (supplier_bank.CHANGED, supplier_bank.OF_ANOTHER, supplier_bank.NEW_SUPPLIER),
        supplier_bank.check_known_account,
    ),
    RegisteredCheck((supplier_bank.FOREIGN,), supplier_bank.check_account_country),
    RegisteredCheck((supplier_bank.SEVERAL,), supplier_bank.check_several_accounts),
    RegisteredCheck((tax_ids.TAX_ID_INVALID,), tax_ids.check_tax_ids),
    RegisteredCheck((parties.SAME,), parties.check_two_parties),
    RegisteredCheck((own_company.NOT_OURS,), own_company.check_customer),
    RegisteredCheck((own_company.FROM_US,), own_company.check_vendor),
    RegisteredCheck(
        (supplier_habits.TAX_ID_CHANGED, supplier_habits.NAME_CHANGED),
        supplier_habits.check_identity,
    ),
    RegisteredCheck(
        (
            *(supplier_habits.CURRENCY_CHANGED, supplier_habits.TAX_RATE_UNUSUAL),
            *(supplier_habits.NUMBER_UNUSUAL, supplier_habits.AMOUNT_UNUSUAL),
        ),
        supplier_habits.check_habits,
    ),
    RegisteredCheck((supplier_habits.CORRECTED_BEFORE,), supplier_habits.check_corrected_before),
    RegisteredCheck(
        (
            *(orders.MISSING, orders.UNKNOWN, orders.CLOSED, orders.OTHER_SUPPLIER),
            orders.OTHER_CURRENCY,
        ),
        orders.check_order,
    ),
    RegisteredCheck((orders.EXCEEDED,), orders.check_order_amount),
    RegisteredCheck((orders.LINE,), orders.check_order_lines),
    RegisteredCheck((concealed.HIDDEN,), concealed.check_hidden_text),
    RegisteredCheck((concealed.ACTIVE,), concealed.check_active_content),
    RegisteredCheck((concealed.XML_DIFFERS,), concealed.check_xml_against_page),
    RegisteredCheck((grounding.NOT_ON_PAGE, grounding.NOT_AS_PRINTED), grounding.check_grounding),
    RegisteredCheck((agreement.DISAGREE,), agreement.check_agreement),
)


def run_checks(
    invoice: Invoice, context: CheckContext, custom: Sequence[RegisteredCheck] = ()
) -> tuple[Finding, ...]:
    """What the checks find, in the order of the registry, then of the custom ones; nothing
    that is switched off."""
    disabled = context.settings.disabled
    return tuple(
        finding
        for check in (*REGISTRY, *custom)
        if not disabled.issuperset(check.codes)
        for finding in check.run(invoice, context)
        if finding.code not in disabled
    )

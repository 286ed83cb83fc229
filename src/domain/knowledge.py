"""What the service knows beyond the document when it decides, as data for pure checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from src.domain.purchase_orders import OrderMatch
from src.domain.suppliers import SupplierFacts, SupplierMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierInvoice:
    """Another result that may be the same invoice: neither deleted, nor rejected, nor itself
    found to be a duplicate of the one that is judged."""

    id: str
    document_type: str | None
    vendor_name: str | None
    number: str | None
    issue_date: date | None
    currency: str | None
    total: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """What the database holds about an invoice, before it is told whose it is."""

    # Ordered by id.
    earlier: tuple[EarlierInvoice, ...]
    # Approved invoices with the vendor's name or tax id, for want of both with the account;
    # newest first, like those below. Each may be the judged document itself.
    supplier: tuple[SupplierFacts, ...]
    # Approved invoices of anybody with one of the accounts.
    same_account: tuple[SupplierFacts, ...]
    # Approved invoices of anybody, counted up to the limit asked for.
    approved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """A snapshot of the database for one invoice; equal snapshots give equal findings."""

    # Results that are alike in number or amount.
    earlier: tuple[EarlierInvoice, ...] = ()
    # What approved invoices of this supplier said.
    supplier: SupplierMemory = field(default_factory=SupplierMemory)
    # Approved invoices of other suppliers with one of this invoice's accounts.
    same_account: tuple[SupplierFacts, ...] = ()
    # Approved invoices of anybody, counted up to a limit.
    approved: int = 0
    # None where no orders are kept.
    orders: tuple[OrderMatch, ...] | None = None

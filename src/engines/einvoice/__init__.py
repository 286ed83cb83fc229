"""Reads the structured invoice a document carries: CII (Factur-X, ZUGFeRD, XRechnung) or UBL."""

from src.engines.einvoice.engine import EInvoiceEngine

__all__ = ["EInvoiceEngine"]

"""Turns XML elements into readings with the element path as evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from src.domain.errors import UnusableAnswer
from src.domain.invoice import Address, BankAccount, DocumentType
from src.domain.readings import FieldReading, XmlEvidence
from src.engines.einvoice.codes import document_type_of
from src.engines.einvoice.xml_node import XmlNode

ENGINE_NAME = "einvoice"
# A hostile file could hold a bad value in every element; these are for people to read.
MAX_PROBLEMS = 20
# Telephone bills have thousands of lines; each takes a tenth of a millisecond to read.
MAX_ENTRIES = 20_000

T = TypeVar("T")

# xs:decimal, at most 30 digits so that no amount can grow beyond any account.
_DECIMAL = re.compile(r"[+-]?(?=[0-9.]*[0-9])[0-9]{0,20}(\.[0-9]{0,10})?")
# UNTDID 2379 formats 102 (CCYYMMDD), 203 and 204 (the same with a time).
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{6})?")
# xs:date or xs:dateTime.
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(T[0-9:.]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressNames:
    """Paths below an address element, as its vocabulary calls them."""

    # Parts of one line, such as street and house number.
    street: tuple[str, ...]
    # Further lines.
    additional: tuple[str, ...]
    city: str
    postal_code: str
    region: str
    country: str


class XmlReadings:
    """Makes readings for one document; `problems` tells which values could not be taken.

    Every method answers None for a missing element, so that absence stays absence, and notes
    a problem for an element whose text is not what it should be.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        # What amounts are in; empty while it is not known.
        self._currency = ""

    def text(self, node: XmlNode | None) -> FieldReading[str] | None:
        """White space runs become one space."""
        return None if node is None else _reading(" ".join(node.text.split()), node)

    def attribute(self, node: XmlNode | None, name: str) -> FieldReading[str] | None:
        """An attribute's text; the evidence is `path/@name`."""
        text = "" if node is None else node.attribute(name)
        return _reading_at(text, text, f"{node.path}/@{name}") if node and text else None

    def lines(self, node: XmlNode | None) -> FieldReading[str] | None:
        """Text whose line breaks mean something (notes, payment terms)."""
        return None if node is None else _reading(_clean_lines(node.text), node)

    def joined(self, nodes: Iterable[XmlNode], holder: XmlNode | None) -> FieldReading[str] | None:
        """Several elements as the lines of one text, repetitions left out.

        The evidence is the one element, or `holder`, the element around them all.
        """
        parts = {_clean_lines(node.text): node for node in nodes}
        if not parts or holder is None:
            return None
        if len(parts) == 1:
            return self.lines(next(iter(parts.values())))
        return _reading_at("\n".join(parts), "\n".join(parts), holder.path)

    def amount(self, node: XmlNode | None) -> FieldReading[Decimal] | None:
        if node is None:
            return None
        if _DECIMAL.fullmatch(node.text) is None:
            self._problem(node, "a decimal number")
            return None
        marked = node.attribute("currencyID").upper()
        if self._currency and marked not in ("", self._currency):
            self._problem(node, f"in {self._currency}, but in {marked[:3]}")
            return None
        return _reading(Decimal(node.text), node)

    def summed(
        self, nodes: Iterable[XmlNode], holder: XmlNode | None
    ) -> FieldReading[Decimal] | None:
        """The sum of several amounts, with `holder`, the element around them, as evidence."""
        readings = [reading for reading in map(self.amount, nodes) if reading is not None]
        if len(readings) < 2 or holder is None:
            return readings[0] if readings else None
        text = " + ".join(str(reading.text) for reading in readings)
        return _reading_at(sum((r.value for r in readings), Decimal(0)), text, holder.path)

    def day(self, node: XmlNode | None) -> FieldReading[date] | None:
        if node is None:
            return None
        match = _COMPACT_DATE.fullmatch(node.text) or _ISO_DATE.fullmatch(node.text)
        if match is None:
            self._problem(node, "a calendar day")
            return None
        try:
            value = date(*(int(part) for part in match.groups()[:3]))
        except ValueError:
            self._problem(node, "a calendar day")
            return None
        return _reading(value, node)

    def invoice_currency(self, node: XmlNode | None) -> FieldReading[str] | None:
        """As `currency`; from now on an amount marked with another one is a problem, and none."""
        reading = self.currency(node)
        self._currency = reading.value if reading else ""
        return reading

    def currency(self, node: XmlNode | None) -> FieldReading[str] | None:
        if node is None:
            return None
        code = node.text.upper()
        if re.fullmatch("[A-Z]{3}", code) is None:
            self._problem(node, "a currency code of ISO 4217")
            return None
        return _reading(code, node)

    def document_type(
        self, code: XmlNode | None, root: XmlNode, default: DocumentType
    ) -> FieldReading[DocumentType]:
        """From the UNTDID 1001 code; without one, `default` with the root as evidence."""
        if code is None:
            return _reading_at(default, root.name, root.path)
        return _reading(document_type_of(code.text), code)

    def address(self, node: XmlNode | None, names: AddressNames) -> FieldReading[Address] | None:
        """One reading for the whole address element; its parts as far as they are filled."""
        if node is None:
            return None
        numbered = [_flat(node.value(path)) for path in names.street]
        street = " ".join(part for part in numbered if part) or None
        more = [_flat(part) for path in names.additional for part in node.filled(path)]
        additional = ", ".join(part for part in more if part) or None
        city = _flat(node.value(names.city))
        postal_code = _flat(node.value(names.postal_code))
        region = _flat(node.value(names.region))
        country = _flat(node.value(names.country))
        town = " ".join(part for part in (postal_code, city) if part)
        shown = [part for part in (street, additional, town, region, country) if part]
        if not shown:
            return None
        text = ", ".join(shown)
        value = Address(
            text=text,
            street=street,
            additional=additional,
            city=city,
            postal_code=postal_code,
            region=region,
            country=country,
        )
        return _reading_at(value, text, node.path)

    def account(
        self,
        number: XmlNode | None,
        *,
        bic: XmlNode | None,
        holder: XmlNode | None,
        bank_code: XmlNode | None = None,
        bank_name: XmlNode | None = None,
    ) -> BankAccount | None:
        """An account by its number, sorted into IBAN and others by its form, not its element."""
        if number is None:
            return None
        compact = re.sub(r"\s", "", number.text).upper()
        is_iban = _IBAN.fullmatch(compact) is not None
        return BankAccount(
            iban=_reading(compact, number) if is_iban else None,
            account_number=None if is_iban else self.text(number),
            bic=self.text(bic),
            account_holder=self.text(holder),
            bank_code=self.text(bank_code),
            bank_name=self.text(bank_name),
        )

    def _problem(self, node: XmlNode, wanted: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"{node.path} holds {node.text[:40]!r}, which is not {wanted}")


def bounded(entries: Iterable[T]) -> tuple[T, ...]:
    """All the lines, taxes or charges; raises `UnusableAnswer` for more than any invoice has."""
    taken = tuple(islice(entries, MAX_ENTRIES + 1))
    if len(taken) > MAX_ENTRIES:
        raise UnusableAnswer(
            f"The e-invoice XML repeats an element over {MAX_ENTRIES:,} times; ask the sender to "
            "split the invoice."
        )
    return taken


def is_true(node: XmlNode | None) -> bool:
    """xs:boolean; absent is false."""
    return node is not None and node.text.lower() in ("true", "1")


def _reading(value: T, node: XmlNode) -> FieldReading[T]:
    return _reading_at(value, node.text, node.path)


def _reading_at(value: T, text: str, path: str) -> FieldReading[T]:
    return FieldReading(
        value=value, text=text, evidence=XmlEvidence(path=path), confidence=1.0, engine=ENGINE_NAME
    )


def _flat(node: XmlNode | None) -> str | None:
    return None if node is None else " ".join(node.text.split())


def _clean_lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)

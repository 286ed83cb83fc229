"""Content that people do not see, or that says something else than what they see.

A hybrid e-invoice can say one thing to programs (XML) and another to the person who approves
it (page); hidden text can speak to a model; active content can change a page after it was
checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property

from src.domain.checks.base import CheckContext
from src.domain.checks.printed import amounts_in, says_date
from src.domain.checks.rows import PageRows
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.naming import compact, name_key
from src.domain.page import Concealment, HiddenText
from src.domain.paths import Reading, iter_readings
from src.domain.readings import XmlEvidence

HIDDEN = "hidden-text"
ACTIVE = "active-content"
XML_DIFFERS = "xml-not-on-page"

# What matters if it is hidden: an amount with cents, a long number or account, an address of
# the web; or so many words that it says something.
_MATTERS = re.compile(
    r"[0-9][.,][0-9]{2}(?![0-9])|[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3}|[\w.]@[\w.]|https?:|www\."
)
_PROSE = re.compile(r"[^\W\d_]{2,}")
_PROSE_WORDS = 5
# These say what is paid, to whom, and where the money goes.
_DECISIVE = re.compile(
    r"totals\.(total|amount_due)|payment\.accounts\.[0-9]+\.iban|vendor\.name|invoice_number"
)
_COMPARED = re.compile(rf"{_DECISIVE.pattern}|issue_date")
_MOST_LINES = 2_000


def check_hidden_text(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Text of the file that nobody can see on the page.

    Control marks for printing and archives are hidden too, so a few words are a warning;
    amounts, accounts, addresses and sentences are an error. What lies outside the page is no
    part of it, and was not read.
    """
    for page in dict.fromkeys(hidden.page for hidden in context.hidden):
        texts = [hidden for hidden in context.hidden if hidden.page == page]
        matters = [one for one in texts if _matters(one)]
        shown = (matters or texts)[0]
        yield Finding(
            code=HIDDEN,
            severity=Severity.ERROR if matters else Severity.WARNING,
            message=f"Page {page} holds text nobody sees ({shown.why.value}): "
            f"'{_short(shown.text)}'. It was left out.",
            fields=(),
            remedy="Ask the sender why, if it looks like amounts, bank details or instructions.",
        )


def _matters(hidden: HiddenText) -> bool:
    if hidden.why is Concealment.OFF_PAGE:
        return False
    return (
        _MATTERS.search(hidden.text) is not None or len(_PROSE.findall(hidden.text)) >= _PROSE_WORDS
    )


def check_active_content(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """A PDF that runs something has no business in accounts payable."""
    if context.active_content:
        yield Finding(
            code=ACTIVE,
            severity=Severity.ERROR,
            message=f"The file contains active content: {', '.join(context.active_content)}. "
            "What a viewer shows may not be what was checked.",
            fields=(),
            remedy="Ask the sender for a plain PDF. Nothing of it was run here.",
        )


def check_xml_against_page(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """What the XML says about money, vendor, number and date stands on the pages it came with.

    On pages read by OCR a missing value may be a misreading, so it is a warning there.
    """
    pages = [page for page in context.in_rows if page.rows]
    from_xml = [
        (path, reading)
        for path, reading in iter_readings(invoice)
        if isinstance(reading.evidence, XmlEvidence) and _COMPARED.fullmatch(path)
    ]
    if not from_xml or not context.pages:
        return
    if not pages:
        yield Finding(
            code=XML_DIFFERS,
            severity=Severity.WARNING,
            message="The pages are blank: nobody sees what the embedded XML says.",
            fields=(),
            remedy="Ask the sender for a readable copy before it is approved.",
        )
        return
    text = _PagesText(pages)
    for path, reading in from_xml:
        if not text.says(path, reading):
            decisive = _DECISIVE.fullmatch(path) is not None
            sure = decisive and all(page.is_text for page in pages)
            yield Finding(
                code=XML_DIFFERS,
                severity=Severity.ERROR if sure else Severity.WARNING,
                message=f"{path}: the embedded XML says '{_short(str(reading.value))}', which is "
                "not on the pages.",
                fields=(path,),
                remedy="XML and page are one invoice and must say the same. Ask the sender; do "
                "not pay by either.",
            )


class _PagesText:
    """All words of the pages, in the forms values are looked for in."""

    def __init__(self, pages: list[PageRows]) -> None:
        self._lines = [row.plain for page in pages for row in page.rows][:_MOST_LINES]
        self._compact = "".join(compact(line) for line in self._lines)
        self._amounts = frozenset(amount for line in self._lines for amount in amounts_in(line))

    def says(self, path: str, reading: Reading) -> bool:
        value = reading.value
        if isinstance(value, Decimal):
            return abs(value) in self._amounts or value == 0
        if isinstance(value, date):
            return any(_may_say(line, value) for line in self._lines)
        if path == "invoice_number":
            return self._has_run(compact(str(value)).lower())
        if path == "vendor.name":
            return name_key(str(value)).replace(" ", "") in self._names
        return compact(str(value)) in self._compact

    def _has_run(self, wanted: str) -> bool:
        """Whether a line holds these letters and digits and no more of them beside: "2" is not
        what "INV-2024" says."""
        spaced = r"[\W_]*".join(wanted)
        run = re.compile(rf"(?<![^\W_]){spaced}(?![^\W_])")
        return any(run.search(line) for line in self._lines)

    @cached_property
    def _names(self) -> str:
        return "".join(name_key(line).replace(" ", "") for line in self._lines)


def _may_say(line: str, day: date) -> bool:
    """Every place of a line where a date may start."""
    words = line.split()
    return any(
        says_date(" ".join(words[start : start + length]), day)
        for start, word in enumerate(words)
        if any(character.isdigit() for character in word) or word[:1].isalpha()
        for length in (1, 3)
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"

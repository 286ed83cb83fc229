"""Does anything wrong pass?

    python -m benchmarks.planted_errors [--docs FOLDER] [--count N] [--check] [--missed N]

Takes documents with truth (generated ones, and those of FOLDER: `<set>/docs/*` with
`<set>/truth/*.json`), reads and checks them, and keeps those that were read right. Into each,
one error at a time is planted in what its pages say, and it is extracted and judged again, as if
five invoices like the untouched one had been approved before. Printed are: how many of each kind
were held for a person, and how many untouched documents were held (false alarms). Scans, whose
words come from OCR, are counted apart. With --check the exit code says whether documents read
without OCR meet the targets.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.neutral import neutral
from benchmarks.planting.kinds import KINDS, Forged, Kind, Subject, arrival, familiar, plants
from benchmarks.planting.pages import extracted
from benchmarks.scoring import Score
from src.domain.checks import CheckContext, run_checks
from src.domain.document import MediaType
from src.domain.errors import InvoiceAgentError, NotFound
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.naming import alike
from src.domain.page import Page, TextSource
from src.domain.paths import get_reading
from src.domain.readings import ReadEvidence
from src.domain.review import core_fields
from src.reading import units
from src.reading.media import sniff
from training.generate import generate

console = Console(width=140)

MOST_FALSE_ALARMS = 0.02
# What must be as the truth says for a document to be taken.
_MUST_BE_RIGHT = ("invoice_number", "invoice_date", "currency", "vendor.name", "total")
_MOST_PAGES = 6
_IBAN = "payment.accounts.0.iban"


@dataclass(slots=True)
class Findings:
    """Of one document."""

    name: str
    is_scan: bool
    # Read as the truth says; what was read wrongly tells nothing about the checks.
    right: bool = False
    # Not a correct document itself: no number, an account that is none, or a tax rate that was
    # not legal on its day.
    faulty: bool = False
    # Codes of errors on the untouched document.
    alarms: tuple[str, ...] = ()
    # (kind, "held" | "warned" | "right anyway" | "missed") of each planted error.
    planted: list[tuple[str, str]] = field(default_factory=list)


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="planted-") as scratch:
        folders = [Path(scratch)]
        generate(folders[0], arguments.count, arguments.seed, "all", ("text",))
        if arguments.scans:
            generate(folders[0], arguments.scans, arguments.seed, "all", ("scan",))
        folders += [arguments.docs] if arguments.docs else []
        documents = [found for folder in folders for found in _with_truth(folder)]
        with ProcessPoolExecutor(arguments.workers) as pool:
            results = list(
                track(
                    pool.map(examine, documents, chunksize=2),
                    total=len(documents),
                    console=Console(stderr=True),
                )
            )
    told = [one for one in results if one is not None]
    _print_kinds(told)
    _print_alarms(told)
    _print_missed(told, arguments.missed)
    return 1 if arguments.check and not _meets_targets(told) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Does anything wrong pass?")
    parser.add_argument("--docs", type=Path, help="folder with <set>/docs and <set>/truth")
    parser.add_argument("--count", type=int, default=120, help="generated text documents")
    parser.add_argument("--scans", type=int, default=0, help="generated scans")
    parser.add_argument("--seed", default="planted", help="of the generated documents")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--missed", type=int, default=0, help="print this many missed a kind")
    parser.add_argument("--check", action="store_true", help="exit code 1 below the targets")
    return parser.parse_args()


def _with_truth(folder: Path) -> list[tuple[Path, Path]]:
    return [
        (path, truth)
        for path in sorted(folder.glob("*/docs/*"))
        if (truth := path.parent.parent / "truth" / f"{path.stem}.json").exists()
    ]


def examine(pair: tuple[Path, Path]) -> Findings | None:
    """Reads one document and plants every kind of error it has a place for; None for what
    cannot be read or is too long for a benchmark."""
    path, truth_file = pair
    try:
        pages = _read(path)
    except InvoiceAgentError:
        return None
    if not pages or len(pages) > _MOST_PAGES:
        return None
    invoice = extracted(pages)
    found = Findings(path.name, any(page.source is not TextSource.TEXT_LAYER for page in pages))
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    found.right = _is_right(invoice, truth)
    found.alarms = tuple(sorted(_errors(invoice, _untouched(pages, invoice))))
    # A document without a number is none that may pass.
    found.faulty = "missing:invoice_number" in found.alarms and "invoice_number" not in truth
    found.faulty |= "tax-rate-not-legal" in found.alarms or (
        "iban-invalid" in found.alarms and _value_at(invoice, _IBAN) == _iban_of(truth)
    )
    if not found.right or found.alarms:
        return found
    subject = Subject(pages, invoice)
    lines_right = _lines_right(invoice, truth)
    for kind, forged in plants(subject):
        if lines_right or not kind.needs_lines:
            found.planted.append((kind.name, _outcome(subject, kind, forged)))
    return found


def _untouched(pages: tuple[Page, ...], invoice: Invoice) -> Forged:
    return Forged(pages, familiar(invoice), today=arrival(invoice))


def _outcome(subject: Subject, kind: Kind, forged: Forged) -> str:
    invoice = subject.invoice if forged.same_reading else extracted(forged.pages)
    if _errors(invoice, forged):
        return "held"
    if not forged.same_reading and _is_right_anyway(subject.invoice, invoice, kind.path):
        return "right anyway"
    before = _warnings(subject.invoice, _untouched(subject.pages, subject.invoice))
    return "warned" if _warnings(invoice, forged) - before else "missed"


def _is_right_anyway(before: Invoice, after: Invoice, path: str) -> bool:
    if not path:
        return neutral(after) == neutral(before)
    was, now = _value_at(before, path), _value_at(after, path)
    if path == "vendor.name" and was is not None and now is not None:
        # A shorter form of the name elsewhere on the page.
        return alike(str(was), str(now))
    # Missing core values were told already; another value may be missing.
    return now is None or was == now


def _value_at(invoice: Invoice, path: str) -> object:
    try:
        reading = get_reading(invoice, path)
    except NotFound:
        return None
    return None if reading is None else reading.value


def _errors(invoice: Invoice, forged: Forged) -> set[str]:
    """Codes that hold the document. Confidences are left out: they are measured elsewhere."""
    found = {one.code for one in _run(invoice, forged) if one.severity is Severity.ERROR}
    missing = {path for path in core_fields(invoice) if get_reading(invoice, path) is None}
    return found | {f"missing:{path}" for path in missing}


def _warnings(invoice: Invoice, forged: Forged) -> set[str]:
    return {one.code for one in _run(invoice, forged) if one.severity is Severity.WARNING}


def _run(invoice: Invoice, forged: Forged) -> tuple[Finding, ...]:
    context = CheckContext(
        pages=forged.pages,
        today=forged.today,
        known=forged.known,
        hidden=forged.hidden,
        active_content=forged.active_content,
    )
    return run_checks(invoice, context)


def _read(path: Path) -> tuple[Page, ...]:
    media_type = sniff(path)
    if media_type is None or media_type is MediaType.XML:
        return ()
    batch = units.read_batch(path, media_type, 1)
    pages = []
    for draft in batch.drafts:
        if draft.advice.read_page:
            pages.append(units.read_by_ocr(path, media_type, draft.page.number).page)
        else:
            pages.append(draft.page)
    return tuple(pages)


def _is_right(invoice: Invoice, truth: dict[str, Any]) -> bool:
    """Whether everything the truth states about the core and the amounts was read so."""
    score = Score()
    score.add("", truth, neutral(invoice))
    amounts = ("subtotal", "tax_total", "amount_due")
    due = invoice.due_date
    if "due_date" not in truth and due is not None and isinstance(due.evidence, ReadEvidence):
        return False
    return all(
        score.fields[path].right == score.fields[path].stated
        for path in (*_MUST_BE_RIGHT, *amounts)
        if path in score.fields
    )


def _iban_of(truth: dict[str, Any]) -> object:
    vendor: dict[str, object] = truth.get("vendor", {})
    return vendor.get("iban")


def _lines_right(invoice: Invoice, truth: dict[str, Any]) -> bool:
    score = Score()
    score.add("", truth, neutral(invoice))
    return bool(score.lines_stated) and score.line_f1 == 1


def _print_kinds(results: list[Findings]) -> None:
    table = Table("planted error", title="Held for a person / planted (text)")
    for heading in ("held", "planted", "%", "only warned", "missed", "read past", "scans: held"):
        table.add_column(heading, justify="right")
    counts = _counts(results)
    for kind in KINDS:
        text, scan = counts[kind.name, False], counts[kind.name, True]
        judged = sum(text.values()) - text["right anyway"]
        scanned = sum(scan.values()) - scan["right anyway"]
        table.add_row(
            kind.name,
            str(text["held"]),
            str(judged),
            f"{100 * text['held'] / judged:.0f}" if judged else "–",
            str(text["warned"]),
            str(text["missed"]),
            str(text["right anyway"]),
            f"{scan['held']}/{scanned}" if scanned else "–",
        )
    console.print(table)
    console.print("read past: the page says the value elsewhere too, and it was taken from there")
    for kind in KINDS:
        if kind.limit:
            console.print(f"{kind.name}: {kind.limit}")


def _counts(results: list[Findings]) -> dict[tuple[str, bool], Counter[str]]:
    counts: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for one in results:
        for kind, outcome in one.planted:
            counts[kind, one.is_scan][outcome] += 1
    return counts


def _print_alarms(results: list[Findings]) -> None:
    table = Table("untouched", "documents", "read right", "held", "%", "by", title="False alarms")
    for name, is_scan in (("text", False), ("scans", True)):
        group = [one for one in results if one.is_scan is is_scan]
        right = [one for one in group if one.right and not one.faulty]
        held = [one for one in right if one.alarms]
        codes = Counter(code for one in held for code in one.alarms)
        table.add_row(
            name,
            str(len(group)),
            str(len(right)),
            str(len(held)),
            f"{100 * len(held) / len(right):.1f}" if right else "–",
            ", ".join(f"{code} {number}" for code, number in codes.most_common(8)),
        )
    console.print(table)


def _print_missed(results: list[Findings], most: int) -> None:
    for kind in KINDS:
        missed = [
            f"{outcome} {one.name}"
            for one in results
            for name, outcome in one.planted
            if name == kind.name and outcome in ("missed", "warned")
        ]
        for line in missed[:most]:
            console.print(f"{kind.name}: {line}", markup=False)
    if most:
        for one in [one for one in results if one.right and one.alarms and not one.faulty][
            : 3 * most
        ]:
            console.print(f"false alarm: {one.name} {one.alarms}", markup=False)


def _meets_targets(results: list[Findings]) -> bool:
    counts = _counts(results)
    met = True
    for kind in KINDS:
        text = counts[kind.name, False]
        if not kind.limit and text["missed"] + text["warned"]:
            console.print(f"BELOW TARGET: {kind.name}")
            met = False
    right = [one for one in results if one.right and not one.is_scan and not one.faulty]
    held = [one for one in right if one.alarms]
    if not right or len(held) > MOST_FALSE_ALARMS * len(right):
        console.print("BELOW TARGET: false alarms")
        met = False
    return met


if __name__ == "__main__":
    sys.exit(main())

"""Fits the curves of confidence: `python -m training.calibrate [--count 150]`.

Draws documents of the training families (half with a text layer, half as OCR would read them),
runs the rules without calibration on them, compares with the labels, fits one logistic curve a
group of fields and writes `src/engines/layout/calibration.json`. Then it measures on the held-out
families. Deterministic. No document from outside ever enters here.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np

from benchmarks.reliability import GROUPS, LINES, Judged, calibration_error, judged_readings
from src.domain.page import Page
from src.engines.layout import calibration
from src.engines.layout.assembly import assemble
from training.families import Family, chosen
from training.fitting import Floats, fit_logistic
from training.make import Drawn, make
from training.noise import CLEAN, POOR, WORN, as_ocr

OUT = Path(calibration.__file__).with_name("calibration.json")
# Weight of the wish for small weights, in documents.
RIDGE = 2.0
# Fields of the neutral schema that the invoice calls otherwise.
_PATHS = {
    "invoice_date": "issue_date",
    "vendor.iban": "payment.accounts.iban",
    "subtotal": "totals.subtotal",
    "tax_total": "totals.tax_total",
    "total": "totals.total",
    "amount_due": "totals.amount_due",
}


class Sample(NamedTuple):
    document: str
    # Of the neutral schema.
    field: str
    # Of the calibration.
    group: str
    features: tuple[float, ...]
    # As the stages gave it.
    confidence: float
    right: bool


def samples(families: tuple[Family, ...], count: int, seed: str) -> Iterator[Sample]:
    """All values of `count` documents a family that the labels can judge."""
    for family in families:
        for number in range(count):
            drawn = make(family, f"{seed}-{number}")
            yield from _samples_of(drawn, read_pages(drawn))


def read_pages(drawn: Drawn) -> tuple[Page, ...]:
    """As reading would give them: half with a text layer, half from scans good and bad."""
    rng = Random(f"damage of {drawn.name}")
    damage = rng.choices((None, CLEAN, WORN, POOR), weights=(50, 22, 18, 10))[0]
    pages = drawn.canvas.pages()
    return as_ocr(pages, damage, rng) if damage else pages


def _samples_of(drawn: Drawn, pages: tuple[Page, ...]) -> Iterator[Sample]:
    invoice, _ = assemble(pages)
    facts = calibration.facts_of(invoice, pages)
    for field, reading, right in judged_readings(drawn.truth, invoice):
        group = calibration.group_of(_PATHS.get(field, field))
        features = calibration.features_of(reading, group, facts)
        yield Sample(drawn.name, field, group, features, reading.confidence, right)


def fit(found: list[Sample]) -> dict[str, tuple[float, ...]]:
    """A curve for each group, and one over all for fields without labels."""
    groups: dict[str, list[Sample]] = defaultdict(list)
    for sample in found:
        groups[sample.group].append(sample)
        if sample.group != calibration.OTHER and not sample.field.startswith("line_items"):
            groups[calibration.OTHER].append(sample)
    return {name: _curve(members, name) for name, members in sorted(groups.items())}


def _curve(members: list[Sample], name: str) -> tuple[float, ...]:
    features: Floats = np.array([sample.features for sample in members])
    if name == calibration.OTHER:
        # What a value should look like differs from field to field.
        features[:, calibration.FEATURES.index("shape")] = 0.0
    right: Floats = np.array([sample.right for sample in members], dtype=np.float64)
    weights = fit_logistic(
        features,
        right,
        ridge=RIDGE,
        free=calibration.FEATURES.index("constant"),
        rising=calibration.FEATURES.index("odds"),
    )
    return tuple(round(float(weight), 3) for weight in weights)


def write(curves: Mapping[str, tuple[float, ...]], documents: int, out: Path) -> None:
    weights = {
        name: dict(zip(calibration.FEATURES, curve, strict=True)) for name, curve in curves.items()
    }
    about = f"Fitted by training.calibrate on {documents} generated documents"
    content = json.dumps({"about": about, "weights": weights}, indent=1)
    out.write_text(f"{content}\n", encoding="utf-8")


def report(title: str, found: list[Sample], curves: Mapping[str, tuple[float, ...]]) -> None:
    """Calibration errors a group of fields, before and after."""
    print(f"\n{title}\n{'group':16}{'values':>8}{'right':>8}{'error raw':>11}{'calibrated':>12}")
    raw = [_judged(sample, sample.confidence) for sample in found]
    sure = [
        _judged(sample, calibration.probability(sample.features, curves[sample.group]))
        for sample in found
    ]
    for name in (*dict.fromkeys(value.group for value in raw), ""):
        before = [value for value in raw if name in ("", value.group)]
        after = [value for value in sure if name in ("", value.group)]
        share = sum(value.right for value in before) / len(before)
        errors = f"{calibration_error(before):11.3f}{calibration_error(after):12.3f}"
        print(f"{name or 'all':16}{len(before):8}{share:8.3f}{errors}")


def _judged(sample: Sample, confidence: float) -> Judged:
    group = GROUPS.get(sample.field, LINES)
    return Judged(sample.document, sample.field, group, confidence, sample.right)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the curves of confidence")
    parser.add_argument("--count", type=int, default=150, help="documents a family")
    parser.add_argument("--seed", default="calibration")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    found = list(samples(chosen("train"), arguments.count, arguments.seed))
    curves = fit(found)
    write(curves, len({sample.document for sample in found}), arguments.out)
    report("Families trained on", found, curves)
    unseen = list(samples(chosen("held-out"), arguments.count // 2, arguments.seed))
    report("Families held out", unseen, curves)


if __name__ == "__main__":
    main()

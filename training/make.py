"""One generated document: a family of layouts, a bill, a style, from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from training.bill import make_bill
from training.canvas import Canvas
from training.draft import open_draft
from training.families import Family
from training.truth import Neutral, truth_of


@dataclass(frozen=True, slots=True)
class Drawn:
    name: str
    family: Family
    canvas: Canvas
    truth: Neutral


def make(family: Family, seed: str) -> Drawn:
    """The same family and seed give the same document."""
    rng = Random(f"{family.name}/{seed}")
    bill = make_bill(family.trade, rng)
    draft = open_draft(bill, rng, face=family.face, size=family.size)
    family.draw(draft)
    truth = truth_of(draft) | {"_lang": bill.country.language, "_layout": family.name}
    return Drawn(f"{family.name}-{seed}", family, draft.canvas, truth)

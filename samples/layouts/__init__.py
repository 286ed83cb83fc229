"""Ways to draw an invoice. Each takes the data and answers a PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from samples.layouts.banner import draw_banner
from samples.layouts.boxed import draw_boxed
from samples.layouts.letter import draw_letter
from samples.layouts.minimal import draw_minimal
from samples.layouts.receipt import draw_receipt
from samples.model import SampleInvoice

LAYOUTS: Mapping[str, Callable[[SampleInvoice], bytes]] = {
    "banner": draw_banner,
    "boxed": draw_boxed,
    "letter": draw_letter,
    "minimal": draw_minimal,
    "receipt": draw_receipt,
}

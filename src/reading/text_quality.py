"""Whether a text layer may be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# Fewer printed characters than this are a page number or a stamp, not the page's text.
FEWEST_CHARACTERS = 40
# Shares of characters above which a layer is not what a person would read.
_MOST_UNREADABLE = 0.05
_MOST_UNMAPPED = 0.25
_MOST_INVISIBLE = 0.5


@dataclass(frozen=True, slots=True)
class LayerQuality:
    """Figures about the characters of a text layer."""

    # Printed characters.
    characters: int
    # Share of replacement, private-use and control characters.
    unreadable: float
    # Share without a Unicode mapping in their font (sampled).
    unmapped: float
    # Share drawn invisibly, as OCR programs do (sampled).
    invisible: float

    @property
    def is_sparse(self) -> bool:
        return self.characters < FEWEST_CHARACTERS

    @property
    def is_garbled(self) -> bool:
        return self.unreadable > _MOST_UNREADABLE or self.unmapped > _MOST_UNMAPPED

    @property
    def is_invisible(self) -> bool:
        """Most likely the work of an OCR program of unknown quality."""
        return self.invisible > _MOST_INVISIBLE


def judge_characters(
    codes: npt.NDArray[np.uint32], *, unmapped: float, invisible: float
) -> LayerQuality:
    """Figures for the characters of one page."""
    # Line ends, implied spaces and PDFium's hyphen mark (0x02) are not printed characters.
    spaces = (codes == 0x20) | (codes == 0x0A) | (codes == 0x0D) | (codes == 0x02)
    printed = codes[~spaces]
    unreadable = (
        (printed < 0x20)
        | ((printed >= 0x7F) & (printed < 0xA0))
        | ((printed >= 0xE000) & (printed <= 0xF8FF))
        | (printed == 0xFFFD)
        | ((printed >= 0xD800) & (printed < 0xE000))
        | (printed > 0x10FFFF)
    )
    return LayerQuality(
        characters=len(printed),
        unreadable=float(unreadable.mean()) if len(printed) else 0.0,
        unmapped=unmapped,
        invisible=invisible,
    )

"""Joins s p a c e d  o u t words of a text layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from src.domain.page import Box, Word

# Fewer single letters in a row may be initials or table marks.
_FEWEST_LETTERS = 4
# Letters are spaced by less than this many of their heights, the words they form by more.
_LETTER_GAP = 1.5
_WIDEST_GAP = 4.0
# A gap this much wider than the usual one of the run separates words.
_WORD_GAP = 1.8
_SIGNS = frozenset("-.:&'’/")


def join_spaced_letters(
    words: Sequence[Word], page_width: float, page_height: float
) -> tuple[Word, ...]:
    """The words with runs of evenly spaced single letters made one word each.

    The page size in points makes distances across and along comparable.
    """
    if not any(_is_letter(a) and _is_letter(b) for a, b in pairwise(words)):
        return tuple(words)
    aspect = page_width / page_height
    joined: list[Word] = []
    run: list[Word] = []
    for word in words:
        if run and _follows(run[-1], word, aspect):
            run.append(word)
        else:
            joined.extend(_join(run, aspect))
            run = [word]
    joined.extend(_join(run, aspect))
    return tuple(joined)


def _is_letter(word: Word) -> bool:
    return len(word.text) == 1 and (word.text.isalpha() or word.text in _SIGNS)


def _follows(left: Word, right: Word, aspect: float) -> bool:
    """Whether two single letters stand side by side on one line."""
    if not (_is_letter(left) and _is_letter(right)):
        return False
    height = max(left.box.y1 - left.box.y0, right.box.y1 - right.box.y0)
    same_line = abs(left.box.y1 - right.box.y1) < 0.3 * height
    return same_line and -0.2 * height <= _gap(left, right) * aspect <= _WIDEST_GAP * height


def _gap(left: Word, right: Word) -> float:
    return right.box.x0 - left.box.x1


def _join(run: list[Word], aspect: float) -> Iterator[Word]:
    if len(run) < _FEWEST_LETTERS or sum(word.text.isalpha() for word in run) < len(run) / 2:
        yield from run
        return
    usual = median(_gap(left, right) for left, right in pairwise(run))
    height = (run[0].box.y1 - run[0].box.y0) / aspect
    if usual > _LETTER_GAP * height:
        yield from run
        return
    # Gaps may shrink to nothing; then the height tells what is wide.
    least = 0.2 * height
    part = [run[0]]
    for left, right in pairwise(run):
        if _gap(left, right) > max(_WORD_GAP * usual, least):
            yield _one_word(part)
            part = []
        part.append(right)
    yield _one_word(part)


def _one_word(letters: list[Word]) -> Word:
    box: Box = letters[0].box
    for letter in letters[1:]:
        box = box.union(letter.box)
    return Word("".join(letter.text for letter in letters), box)

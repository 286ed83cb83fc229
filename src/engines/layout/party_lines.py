"""What the lines of a party block say: its name, its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from src.engines.layout.addresses import (
    LineKind,
    is_name,
    is_shop,
    legal_form,
    line_kind,
    strong_legal_form,
)
from src.engines.layout.model import LabelHit, Rect, Token, around


@dataclass(frozen=True, slots=True)
class PartyLine:
    """One printed line of a party block, without its label."""

    tokens: tuple[Token, ...]
    kind: LineKind
    # Concept of the label it stands behind, None for plain lines.
    label: str | None = None

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @property
    def rect(self) -> Rect:
        return around([token.rect for token in self.tokens])


@dataclass(frozen=True)
class PartyBlock:
    """Lines about one party."""

    # "seller", "buyer", ...; None for blocks without a label.
    role: str | None
    lines: tuple[PartyLine, ...]
    page: int
    # Trust in the label, 0 without one.
    confidence: float = 0.0
    label: LabelHit | None = None
    # A sender line above an address window.
    one_line: bool = False
    area: Rect = field(default=Rect(0, 0, 0, 0))

    def holds(self, token: Token) -> bool:
        area = self.area
        return token.page == self.page and (
            area.x0 - 2 <= token.rect.cx <= area.x1 + 2
            and area.y0 - 2 <= token.rect.cy <= area.y1 + 2
        )


def plain_line(tokens: Sequence[Token]) -> PartyLine:
    """A line without a label."""
    return PartyLine(tuple(tokens), line_kind(" ".join(token.text for token in tokens)))


def name_lines(block: PartyBlock) -> tuple[PartyLine, ...]:
    """The line (or two lines) of the block that hold the party's name."""
    labelled = [line for line in block.lines if line.label == "name"]
    if labelled:
        return (labelled[0],)
    plain = [line for line in block.lines if line.label is None]
    if (company := _company(plain)) is not None:
        return (company,)
    for position, line in enumerate(plain):
        numbered = line.kind is LineKind.NUMBERED and _address_follows(plain[position + 1 :])
        if not numbered and not is_name(line.text):
            if line.kind in {LineKind.STREET, LineKind.CITY}:
                break
            continue
        if is_shop(line.text) and any(is_name(other.text) for other in plain[position + 1 :][:1]):
            # "BAKERY" above the name of the bakery.
            continue
        if position + 1 < len(plain) and _is_repeated(line, plain[position + 1]):
            return (plain[position + 1],)
        if position + 1 < len(plain) and _is_continued(line, plain[position + 1]):
            return (line, plain[position + 1])
        return (line,)
    # "Attn. Ms X" above a street: a person without a company.
    people = [line for line in block.lines if line.label == "contact" and is_name(line.text)]
    return tuple(people[:1])


def name_above_street(block: PartyBlock, names: Sequence[PartyLine]) -> PartyLine | None:
    """The line right above the street, if it can be a name other than `names`."""
    plain = [line for line in block.lines if line.label is None]
    places = {LineKind.STREET, LineKind.NUMBERED, LineKind.CITY}
    street = next((i for i, line in enumerate(plain) if line.kind in places), 0)
    if block.one_line or street < 2:
        return None
    line = plain[street - 1]
    return line if line not in names and is_name(line.text) else None


def _company(lines: Sequence[PartyLine]) -> PartyLine | None:
    """The line with a legal form among the first three above the street, if it says all."""
    for position, line in enumerate(lines[:3]):
        if line.kind in {LineKind.STREET, LineKind.CITY}:
            return None
        if strong_legal_form(line.text) and is_name(line.text):
            before = position > 0 and _is_continued(lines[position - 1], line)
            after = position + 1 < len(lines) and _is_continued(line, lines[position + 1])
            return None if before or after else line
    return None


def _address_follows(lines: Sequence[PartyLine]) -> bool:
    kinds = [line.kind for line in lines[:3]]
    return LineKind.STREET in kinds or LineKind.NUMBERED in kinds


_CONNECTORS = ("und", "and", "et", "e", "y", "&", "-", "/", "for", "of", "für", "de", "des", "du")


def _is_continued(line: PartyLine, following: PartyLine) -> bool:
    """A name that runs on: "Research and" / "Consulting GmbH"."""
    if following.kind is not LineKind.TEXT or following.label is not None:
        return False
    last = line.tokens[-1].text.casefold()
    if _is_bare_form(following.text) and legal_form("x " + following.text):
        # A legal form on its own line; in brackets it even adds to another one ("UG").
        return following.text[0] == "(" or not strong_legal_form(line.text)
    return last in _CONNECTORS or (
        legal_form(following.text)
        and not legal_form(line.text)
        and len(following.tokens) <= 2
        and legal_form("x " + following.text)
    )


def _is_repeated(line: PartyLine, following: PartyLine) -> bool:
    """A logo shows the beginning of the name that stands below it."""
    logo, name = line.text.casefold().rstrip(" &"), following.text.casefold()
    return len(name) > len(logo) and name.startswith(logo) and is_name(following.text)


def _is_bare_form(text: str) -> bool:
    """Nothing but a legal form: in brackets, or of words of a few letters."""
    if text[0] == "(" and text[-1] == ")":
        return True
    return len(text.split()) <= 4 and all(len(word.strip(".")) <= 4 for word in text.split())


def address_lines(block: PartyBlock) -> tuple[PartyLine, ...]:
    """The contiguous lines of the block's postal address, from street to country."""
    names = name_lines(block)
    lines = [line for line in block.lines if line not in names]
    labelled = [line for line in lines if line.label == "address"]
    if labelled:
        return tuple(labelled)
    kinds = {LineKind.STREET, LineKind.CITY, LineKind.COUNTRY, LineKind.NUMBERED}
    lines = [line for line in lines if line.label is None]
    places = [i for i, line in enumerate(lines) if line.kind in kinds]
    if not places:
        return ()
    first, last = places[0], places[0]
    # "Unit East 4" shows no form of its own, but its number and place tell.
    while first and lines[first - 1].kind is LineKind.TEXT and _has_digit(lines[first - 1]):
        first -= 1
    for place in places[1:]:
        # One district or building line may stand between; more is another block.
        if place - last > 2:
            break
        last = place
    chosen = [line.kind for line in lines[first : last + 1]]
    if LineKind.CITY not in chosen and last + 1 < len(lines):
        # A town whose postal code was misread still stands below its street.
        following = lines[last + 1]
        last += following.kind is LineKind.TEXT and _has_digit(following)
    return tuple(
        line for line in lines[first : last + 1] if line.kind in kinds or line.kind is LineKind.TEXT
    )


def _has_digit(line: PartyLine) -> bool:
    return any(c.isdigit() for c in line.text)

"""Whose an identifier is: the seller's or the buyer's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from src.engines.layout.addresses import parse_address
from src.engines.layout.identifiers import Identifier
from src.engines.layout.model import Token
from src.engines.layout.parties import Parties
from src.engines.layout.seller import PartyRead


def ids_of(
    parties: Parties, identifiers: Sequence[Identifier], *, seller: bool
) -> tuple[Identifier, ...]:
    """The identifiers of one side: by block first, then by label; the rest is the seller's."""
    mine: list[Identifier] = []
    # A single tax id is the seller's: that one is required by law.
    lone_tax_id = len({i.value for i in identifiers if i.kind == "vat"}) < 2
    for identifier in identifiers:
        in_buyer = any(_holds(party, identifier) for party in (parties.buyer, parties.ship_to))
        in_buyer = in_buyer or identifier.label == "customer_vat_id"
        in_seller = _holds(parties.seller, identifier)
        if not in_buyer and not in_seller and not lone_tax_id:
            in_buyer = _level_with(parties.buyer, parties.seller, identifier)
            in_buyer = in_buyer or _of_country_of(parties, identifier)
        if (in_buyer and not in_seller) != seller:
            mine.append(identifier)
    # What stands in the party's own block comes first.
    own = parties.seller if seller else parties.buyer
    mine.sort(key=lambda i: not _holds(own, i))
    return tuple(mine)


def _of_country_of(parties: Parties, identifier: Identifier) -> bool:
    """The tax id is of the country that the buyer's address names, and the seller's does not."""
    country = _country(parties.buyer)
    return identifier.kind == "vat" and identifier.country == country != _country(parties.seller)


def _country(party: PartyRead) -> str | None:
    if not party.address:
        return None
    return parse_address(tuple(line.text for line in party.address)).country


def _level_with(buyer: PartyRead, seller: PartyRead, identifier: Identifier) -> bool:
    """The identifier stands beside the buyer's block and not beside the seller's."""

    def beside(party: PartyRead) -> bool:
        token = identifier.tokens[0]
        block = party.block
        return (
            block is not None
            and block.page == token.page
            and block.area.y0 <= token.rect.cy <= block.area.y1
        )

    return beside(buyer) and not beside(seller)


def _holds(party: PartyRead, identifier: Identifier) -> bool:
    return stands_in(party, identifier.tokens[0])


def stands_in(party: PartyRead, token: Token) -> bool:
    return party.block is not None and party.block.holds(token)


def first_of_kind(ids: Sequence[Identifier]) -> Mapping[str, Identifier]:
    found: dict[str, Identifier] = {}
    for identifier in ids:
        found.setdefault(identifier.kind, identifier)
    return found

"""What tokens cost, by the price for a million of them that a model's version states."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from muniment import exchanges
from muniment.exchanges import COST_UNKNOWN, Book
from muniment.gateway.exchange import Asked, Route
from muniment.gateway.residency import INSIDE

_TOKEN_CHARACTERS: Final = 3
_ANSWER_TOKENS: Final = 4_096
_MOST: Final = 10**15  # a billion of the currency: no call costs more, and every table holds it


def most_tokens(size: int, asked: Asked) -> tuple[int, int]:
    """Say how many tokens a request of so many bytes takes in and gives out at most, about."""
    out = (asked.most_tokens or _ANSWER_TOKENS) * asked.answers
    return size // _TOKEN_CHARACTERS + 1, out


def cost_of(book: Book, route: Route, tokens_in: int, tokens_out: int) -> int:
    """Say what tokens cost by what the model's version states, else by the table of prices."""
    document = route.document
    if route.kind in INSIDE and "price" not in document:
        return 0
    if "price" in document and isinstance(document["price"], Mapping):
        return price_of(document, tokens_in, tokens_out)
    price = book.price_for(route.maker, route.model)
    if price is None:
        return COST_UNKNOWN
    known = exchanges.cost(price, tokens_in, tokens_out)
    return COST_UNKNOWN if known is None else known


def costs_of_any(book: Book, routes: Iterable[Route]) -> tuple[int, ...] | None:
    """Say what a call costs on each route where that is the same for any, as of a pulse."""
    costs = []
    for each in routes:
        document = each.document
        if each.kind in INSIDE and "price" not in document:
            costs.append(0)
        elif isinstance(document.get("price"), Mapping) or book.is_priced(each.maker, each.model):
            return None
        else:
            costs.append(COST_UNKNOWN)
    return tuple(costs)


def price_of(document: Mapping[str, Any], tokens_in: int, tokens_out: int) -> int:
    """Say what tokens cost in millionths; what cannot be read as a price is not known."""
    price = document.get("price")
    if not isinstance(price, Mapping):
        return COST_UNKNOWN
    try:
        each_in, each_out = float(price.get("input", 0)), float(price.get("output", 0))
    except (TypeError, ValueError, OverflowError):
        return COST_UNKNOWN
    cost = tokens_in * each_in + tokens_out * each_out
    is_price = math.isfinite(cost) and each_in >= 0 and each_out >= 0
    return min(round(cost), _MOST) if is_price else COST_UNKNOWN

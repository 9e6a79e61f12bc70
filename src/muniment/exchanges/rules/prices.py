"""What a call costs, which price holds, and the examples of prices that come with the product.

The examples were written down from memory, and nobody has compared them with what a provider asks.
They are shown so that they can be confirmed or replaced; no call is ever priced by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from muniment.core.errors import InvalidError
from muniment.exchanges.models import Price
from muniment.exchanges.rules.stops import require_reason

_MILLION: Final = 1_000_000
_MOST: Final = 1 << 53
_AMOUNT: Final = re.compile(r"(\d{1,9})(?:\.(\d{1,6}))?\Z", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z", re.ASCII)
_LONGEST: Final = {"provider": 80, "model": 200, "source": 200}

SHIPPED_CURRENCY: Final = "USD"
SHIPPED_AS_OF: Final = "2025-11-01"
_SHIPPED_SOURCE: Final = f"an example of {SHIPPED_AS_OF}, to be confirmed: it prices nothing"
# provider, model, per million tokens in, per million tokens out: examples, not looked up anywhere.
_LIST: Final = (
    ("anthropic", "claude-3-haiku-20240307", "0.25", "1.25"),
    ("anthropic", "claude-3-5-haiku-20241022", "0.80", "4"),
    ("anthropic", "claude-3-7-sonnet-20250219", "3", "15"),
    ("anthropic", "claude-sonnet-4-20250514", "3", "15"),
    ("anthropic", "claude-opus-4-20250514", "15", "75"),
    ("anthropic", "claude-opus-4-1-20250805", "15", "75"),
    ("anthropic", "claude-sonnet-4-5-20250929", "3", "15"),
    ("anthropic", "claude-haiku-4-5-20251001", "1", "5"),
    ("openai", "gpt-4o-mini", "0.15", "0.60"),
    ("openai", "gpt-4o-mini-2024-07-18", "0.15", "0.60"),
    ("openai", "gpt-4o", "2.50", "10"),
    ("openai", "gpt-4o-2024-08-06", "2.50", "10"),
    ("openai", "gpt-4.1", "2", "8"),
    ("openai", "gpt-4.1-2025-04-14", "2", "8"),
    ("openai", "gpt-4.1-mini", "0.40", "1.60"),
    ("openai", "gpt-4.1-mini-2025-04-14", "0.40", "1.60"),
    ("openai", "gpt-4.1-nano", "0.10", "0.40"),
    ("openai", "gpt-4.1-nano-2025-04-14", "0.10", "0.40"),
    ("openai", "text-embedding-3-small", "0.02", "0"),
    ("openai", "text-embedding-3-large", "0.13", "0"),
)


def cost(price: Price | None, input_tokens: int, output_tokens: int) -> int | None:
    """Say what so many tokens cost in millionths, rounded up; without a price nobody can tell."""
    if price is None or price.input_micros is None or price.output_micros is None:
        return None
    whole = input_tokens * price.input_micros + output_tokens * price.output_micros
    return -(-whole // _MILLION)


def price_at(prices: Iterable[Price], provider: str, model: str, at: datetime) -> Price | None:
    """Choose the price that holds at a moment; one that was set later corrects the one before."""
    found = [
        each
        for each in prices
        if each.provider == provider and each.model == model and each.valid_from <= at
    ]
    newest = max(found, key=_newest, default=None)
    return newest if newest is not None and newest.known else None


def with_shipped(prices: Iterable[Price]) -> tuple[Price, ...]:
    """Put the examples that came with the product beneath what people set.

    They hold only where all is counted in their currency: what costs dollars is no number of euros.
    """
    kept = tuple(prices)
    if currency_of(kept) not in ("", SHIPPED_CURRENCY):
        return kept
    return (*shipped(), *kept)


def currency_of(prices: Iterable[Price]) -> str:
    """Give the one currency people set prices in, or nothing where they set none."""
    return next((each.currency for each in prices if not each.shipped), "")


def shipped() -> tuple[Price, ...]:
    """Give the examples of prices that come with the product."""
    return _SHIPPED


def require_price(price: Price, kept: Iterable[Price]) -> Price:
    """Check a price that somebody wants to set."""
    for name, longest in _LONGEST.items():
        text = getattr(price, name)
        if not text.strip() or len(text) > longest or not text.isprintable():
            raise InvalidError(
                f"a price needs a {name}",
                field=name,
                remedy=f"Write it in 1 to {longest} printable characters.",
            )
    if not _CURRENCY.match(price.currency):
        raise InvalidError(
            "this is no currency", field="currency", remedy="Write it as USD or EUR."
        )
    counted = currency_of(kept)
    if counted not in ("", price.currency):
        raise InvalidError(
            f"all prices are in {counted}, so that what is spent can be added up",
            field="currency",
            remedy=f"Give the price in {counted}.",
        )
    for name in ("input_micros", "output_micros"):
        amount = getattr(price, name)
        if amount is not None and not 0 <= amount < _MOST:
            raise InvalidError("this is no price", field=name, remedy="Give 0 or more.")
    require_reason(price.reason)
    return price


def read_amount(text: str, field: str) -> int:
    """Read an amount of money as people write it, exactly: 2.50 is 2500000 millionths."""
    found = _AMOUNT.match(text.strip())
    if found is None:
        raise InvalidError(
            f"{text[:40]!r} is no amount of money",
            field=field,
            remedy="Write it per million tokens, as 2.50; six digits after the point at most.",
        )
    return int(found[1]) * _MILLION + int((found[2] or "").ljust(6, "0"))


def write_amount(micros: int) -> str:
    """Write millionths as people do, with two digits after the point at least."""
    whole, rest = divmod(micros, _MILLION)
    digits = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{whole:,}.{digits}"


def _newest(price: Price) -> tuple[datetime, datetime, str]:
    return (price.valid_from, price.set_at or price.valid_from, price.id)


def _shipped() -> Iterable[Price]:
    day = datetime.fromisoformat(SHIPPED_AS_OF).replace(tzinfo=UTC)
    for provider, model, taken, given in _LIST:
        yield Price(
            provider,
            model,
            SHIPPED_CURRENCY,
            read_amount(taken, "input"),
            read_amount(given, "output"),
            day,
            _SHIPPED_SOURCE,
            shipped=True,
        )


_SHIPPED: Final = tuple(_shipped())

"""What calls cost: prices set by people, versioned, over those that came with the product."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from muniment import access, ledger
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError, NotFoundError
from muniment.db import Work
from muniment.exchanges import rules, store
from muniment.exchanges.models import Price
from muniment.exchanges.service.seeing import systems_seen
from muniment.ledger.kinds.exchanges import PriceSet, PriceWithdrawn

_WRITE: Final = "exchanges.price"


def set_price(work: Work, wanted: Price) -> Price:
    """Say what a million tokens of a model cost from a moment on; an older price stays known.

    One that is set again for the same moment corrects the one before.
    """
    access.require(work, _WRITE)
    price = _made(work, wanted)
    if price.input_micros is None or price.output_micros is None:
        raise InvalidError(
            "a price says what tokens cost in both directions",
            field="input_micros" if price.input_micros is None else "output_micros",
            remedy="Give 0 where nothing is charged, or withdraw the price.",
        )
    store.pricing.add(work, price)
    store.setting.beat(work)
    ledger.record(
        work,
        PriceSet(
            price.id,
            price.provider,
            price.model,
            price.currency,
            price.input_micros,
            price.output_micros,
            stamp(price.valid_from),
            price.source,
            price.reason,
        ),
    )
    return price


def withdraw_price(
    work: Work, provider: str, model: str, *, reason: str, valid_from: datetime | None = None
) -> Price:
    """Say that nobody knows any more what a model costs; what came with the product ends too."""
    access.require(work, _WRITE)
    at = valid_from or work.now
    known = rules.price_at(_every(work), provider, model, at)
    if known is None:
        raise NotFoundError(
            "no price of it is known then",
            subject=f"{provider} {model}"[:120],
            remedy="List the prices to see which there are.",
        )
    wanted = replace(
        known,
        input_micros=None,
        output_micros=None,
        valid_from=at,
        source="withdrawn",
        reason=reason,
        shipped=False,
    )
    price = _made(work, wanted)
    store.pricing.add(work, price)
    store.setting.beat(work)
    ledger.record(
        work, PriceWithdrawn(price.id, provider, model, stamp(price.valid_from), price.reason)
    )
    return price


def prices(work: Work, *, past: bool = False) -> tuple[Price, ...]:
    """List what holds now for each model, or all that ever was set or came with the product.

    Whoever sees any call may know what calls cost.
    """
    seen = systems_seen(work)
    if seen is not None and not seen:
        return ()
    every = _every(work)
    names = sorted({(each.provider, each.model) for each in every})
    if past:
        order = sorted(every, key=lambda each: (each.set_at or each.valid_from, each.id))
        return tuple(reversed(order))
    found = [rules.price_at(every, *name, work.now) for name in names]
    return tuple(each for each in found if each is not None)


def currency(work: Work) -> str:
    """Say in which currency calls are counted."""
    return rules.currency_of(store.pricing.prices(work)) or rules.SHIPPED_CURRENCY


def _made(work: Work, wanted: Price) -> Price:
    kept = store.pricing.prices(work)
    price = replace(
        wanted, id=work.new_id("prc"), set_by=work.actor.id, set_at=work.now, shipped=False
    )
    return rules.require_price(price, kept)


def _every(work: Work) -> tuple[Price, ...]:
    return rules.with_shipped(store.pricing.prices(work))

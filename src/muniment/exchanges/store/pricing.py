"""Prices: every one that was ever set; none is changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select

from muniment.db import Work
from muniment.exchanges.models import Price
from muniment.exchanges.store.tables import prices_table


def add(work: Work, price: Price) -> None:
    """Write a price down."""
    row = {
        "id": price.id,
        "provider": price.provider,
        "model": price.model,
        "currency": price.currency,
        "input_micros": price.input_micros,
        "output_micros": price.output_micros,
        "valid_from": price.valid_from,
        "source": price.source,
        "reason": price.reason,
        "set_by": price.set_by,
        "set_at": price.set_at,
    }
    work.write(insert(prices_table).values(**row))


def prices(work: Work) -> tuple[Price, ...]:
    """Read every price that was set, in the order in which it was."""
    return tuple(_price(row) for row in work.read(select(prices_table).order_by(prices_table.c.id)))


def _price(row: Row[Any]) -> Price:
    return Price(
        provider=row.provider,
        model=row.model,
        currency=row.currency,
        input_micros=row.input_micros,
        output_micros=row.output_micros,
        valid_from=row.valid_from,
        source=row.source,
        id=row.id,
        reason=row.reason,
        set_by=row.set_by,
        set_at=row.set_at,
    )

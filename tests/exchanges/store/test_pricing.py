"""Prices as they are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.exchanges.store import pricing
from muniment.exchanges.store.tables import prices_table
from muniment.ledger import record
from muniment.ledger.kinds.exchanges import PriceWithdrawn
from tests.exchanges.making import NOON
from tests.exchanges.rules.test_prices import PRICE

ACTOR = system_actor("test")


def test_a_price_is_kept_as_it_was_set_and_never_changes(database: Database) -> None:
    """Both amounts or none come back as they went in; the database refuses a change."""
    made = replace(PRICE, id="prc_1", set_by="per_1", set_at=NOON)
    gone = replace(made, id="prc_2", input_micros=None, output_micros=None)
    with database.work(ACTOR) as work:
        pricing.add(work, made)
        pricing.add(work, gone)
        record(work, PriceWithdrawn("prc_2", "openai", "m", "", ""))
    with database.look(ACTOR) as work:
        assert pricing.prices(work) == (made, gone)
    with pytest.raises(DBAPIError), database.work(ACTOR) as work:
        work.write(update(prices_table).values(input_micros=1))

"""Prices are set, corrected and withdrawn, each on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment import exchanges
from muniment.access import EVERYTHING
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.exchanges import Book
from muniment.testing import FixedClock
from tests.access.recorded import records
from tests.approvals.people import Office
from tests.exchanges.rules.test_prices import PRICE


def test_a_price_holds_everywhere_and_its_past_is_kept(office: Office, clock: FixedClock) -> None:
    """What was set is known to every process at once; a correction keeps what it corrects."""
    book = Book(office.database)
    assert book.price_for("openai", "m") is None
    with office.by("sven") as work:
        wanted = replace(PRICE, valid_from=work.now - timedelta(days=1))
        made = exchanges.set_price(work, wanted)
    clock.advance(0.06)
    assert book.price_for("openai", "m") == made
    with office.by("sven") as work:
        exchanges.set_price(work, replace(wanted, input_micros=3_000_000, reason="a typing error"))
    clock.advance(0.06)
    held = book.price_for("openai", "m")
    assert held is not None
    assert held.input_micros == 3_000_000
    with office.by("sven") as work:
        past = [each for each in exchanges.prices(work, past=True) if each.model == "m"]
        assert [each.reason for each in past] == ["a typing error", "agreed"]
        exchanges.withdraw_price(work, "openai", "m", reason="the contract ended")
    clock.advance(0.06)
    assert book.price_for("openai", "m") is None
    told = [each for each in records(office.database) if "exchanges.price" in each["kind"]]
    assert [each["kind"] for each in told] == [
        *["exchanges.price_set"] * 2,
        "exchanges.price_withdrawn",
    ]
    assert told[0]["body"]["input_micros"] == 2_500_000


def test_what_came_with_the_product_can_be_withdrawn(office: Office, clock: FixedClock) -> None:
    """An example is listed to be confirmed and prices nothing; it can be withdrawn."""
    clock.advance(60)
    book = Book(office.database)
    assert book.price_for("openai", "gpt-4o") is None, "an example is no price"
    with office.by("sven") as work:
        [known] = [each for each in exchanges.prices(work) if each.model == "gpt-4o"]
        assert known.shipped
        assert "to be confirmed" in known.source
        gone = exchanges.withdraw_price(work, "openai", "gpt-4o", reason="we pay otherwise")
        assert not gone.shipped
    clock.advance(0.06)
    assert book.price_for("openai", "gpt-4o") is None
    with office.by("sven") as work, pytest.raises(NotFoundError):
        exchanges.withdraw_price(work, "openai", "gpt-4o", reason="again")


def test_who_may_say_what_calls_cost(office: Office) -> None:
    """A builder may not; a price without amounts or in another currency is refused."""
    office.person("bea", "builder", scope=EVERYTHING)
    with office.by("bea") as work, pytest.raises(ForbiddenError):
        exchanges.set_price(work, PRICE)
    with office.by("bea") as work:
        assert exchanges.prices(work)
    office.person("nora")
    with office.by("nora") as work:
        assert exchanges.prices(work) == ()
    with office.by("sven") as work, pytest.raises(InvalidError, match="both directions"):
        exchanges.set_price(work, replace(PRICE, output_micros=None))
    with office.by("sven") as work:
        assert exchanges.currency(work) == "USD"
        exchanges.set_price(work, replace(PRICE, currency="EUR"))
        assert exchanges.currency(work) == "EUR"
        with pytest.raises(InvalidError, match="EUR"):
            exchanges.set_price(work, PRICE)

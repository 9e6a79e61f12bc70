"""What calls cost, as JSON; amounts are text, as people write them, so that none is rounded."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from muniment import exchanges
from muniment.api.asking import Doing, Given, Reading, Told
from muniment.api.exchanges.setting import READ, Reason
from muniment.exchanges import Price, read_amount, write_amount


class PriceNamed(Given):
    """Of which model, from when on, and why."""

    provider: str = Field(max_length=80, examples=["openai"])
    model: str = Field(max_length=200, examples=["gpt-4o"])
    valid_from: AwareDatetime | None = Field(None, description="Without one, from now on.")
    reason: Reason


class PriceGiven(PriceNamed):
    """What a million tokens cost."""

    currency: str = Field("USD", max_length=3, examples=["USD"])
    input: str = Field(max_length=20, examples=["2.50"], description="Per million tokens in.")
    output: str = Field(max_length=20, examples=["10"], description="Per million tokens out.")
    source: str = Field(max_length=200, examples=["contract of March 2026"])


class PriceTold(Told):
    """A price; without amounts nobody knows what a model costs from then on."""

    id: str
    provider: str
    model: str
    currency: str
    input: str | None
    output: str | None
    input_micros: int | None
    output_micros: int | None
    valid_from: AwareDatetime
    source: str
    reason: str
    set_by: str
    set_at: AwareDatetime | None
    shipped: bool = Field(description="It came with the product; see its source for the day.")

    @classmethod
    def of(cls, price: Price) -> PriceTold:
        """Tell a price."""
        value = {name: getattr(price, name, None) for name in cls.model_fields}
        for name in ("input", "output"):
            micros = getattr(price, f"{name}_micros")
            value[name] = None if micros is None else write_amount(micros)
        return cls.model_validate(value)


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of prices."""

    @routes.get("/prices", summary="List what models cost")
    def list_prices(
        asking: Reading,
        *,
        past: Annotated[bool, Query(description="All that ever was, the newest first.")] = False,
    ) -> list[PriceTold]:
        with asking.view_some(READ) as work:
            return [PriceTold.of(each) for each in exchanges.prices(work, past=past)]

    @routes.post("/prices", summary="Say what a model costs")
    def set_price(asking: Doing, given: PriceGiven) -> PriceTold:
        taken, told = read_amount(given.input, "input"), read_amount(given.output, "output")
        return asking.do(
            PriceTold,
            lambda work: PriceTold.of(
                exchanges.set_price(
                    work,
                    Price(
                        given.provider,
                        given.model,
                        given.currency,
                        taken,
                        told,
                        given.valid_from or work.now,
                        given.source,
                        reason=given.reason,
                    ),
                )
            ),
        )

    @routes.post("/prices/withdraw", summary="Say that nobody knows what a model costs")
    def withdraw_price(asking: Doing, given: PriceNamed) -> PriceTold:
        return asking.do(
            PriceTold,
            lambda work: PriceTold.of(
                exchanges.withdraw_price(
                    work,
                    given.provider,
                    given.model,
                    reason=given.reason,
                    valid_from=given.valid_from,
                )
            ),
        )

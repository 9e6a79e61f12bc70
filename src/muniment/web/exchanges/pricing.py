"""What calls cost: the prices that hold, where each is from, and how to set one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from starlette.routing import Route

from muniment import access, exchanges
from muniment.core.page import Page
from muniment.db import Work
from muniment.exchanges import SHIPPED_AS_OF, Price, read_amount, write_amount
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, read_day
from muniment.web.cells import Cell, time_cell
from muniment.web.exchanges.cells import ADDRESS, AREA, CRUMBS
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.parts import Column

PRICES: Final = f"{ADDRESS}/prices"
_CRUMBS: Final = (*CRUMBS, ("Prices", PRICES))
_REASON: Final = Field("reason", "Why", kind="textarea", hint="It stands in the record.")
_FROM: Final = Field(
    "valid_from",
    "From the day",
    kind="date",
    hint="Its first moment in UTC; empty: from now on.",
    required=False,
)


def routes() -> list[Route]:
    """List the pages of prices."""
    return [*LIST.routes(), *SET.routes(), *WITHDRAW.routes()]


def _read(work: Work, typed: Mapping[str, str], _cursor: str | None, _limit: int) -> Page[Price]:
    found = exchanges.prices(work, past=typed["past"] == "yes")
    named = typed["model"]
    return Page(tuple(each for each in found if named in each.model)[:500], None)


def _cells(work: Work, found: Sequence[Price]) -> list[tuple[Cell, ...]]:
    names = access.named(work, [each.set_by for each in found])
    return [
        (
            Cell(each.model, f"{ADDRESS}?{urlencode({'model': each.model})}", note=each.provider),
            _amount(each.input_micros, each),
            _amount(each.output_micros, each),
            time_cell(each.valid_from),
            Cell(each.source, note=each.reason),
            Cell("an example, to be confirmed", kind="tag", tone="unknown")
            if each.shipped
            else Cell(names.get(each.set_by, each.set_by)),
            _withdrawal(each),
        )
        for each in found
    ]


def _withdrawal(price: Price) -> Cell:
    """Lead from a price to the form that withdraws it; an example prices nothing."""
    if price.shipped:
        return Cell("prices nothing", tone="faint")
    named = urlencode({"provider": price.provider, "model": price.model})
    return Cell("Withdraw", f"{PRICES}/withdraw?{named}")


def _amount(micros: int | None, price: Price) -> Cell:
    if micros is None:
        return Cell("could not tell", kind="tag", tone="unknown")
    return Cell(write_amount(micros), kind="number", note=price.currency)


LIST: Final = Listing[Price](
    area=AREA,
    place="prices",
    title="Prices",
    says="What a million tokens cost. What is not listed, nobody can tell, and that is not nought. "
    f"Examples that came with the product are of {SHIPPED_AS_OF} and price nothing: confirm them.",
    columns=(
        Column("Model", sort="model"),
        Column("In", sort="in", number=True),
        Column("Out", sort="out", number=True),
        Column("From", sort="from"),
        Column("Source", sort="source", hide_narrow=True),
        Column("By", sort="by", hide_narrow=True),
        Column("", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No price is known",
        "Costs of calls could not be told until one is set.",
        line="muniment exchange set-price openai gpt-4o 2.50 10 --source … --reason …",
    ),
    filters=(
        Filter("model", "Model"),
        Filter("past", "All that ever were", (("", "no"), ("yes", "yes"))),
    ),
    actions=(
        Action("Set a price", f"{PRICES}/set", "exchanges.price", "main"),
        Action("Withdraw one", f"{PRICES}/withdraw", "exchanges.price"),
    ),
)


def _set_sheet(work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Set a price",
        lede="What a million tokens of a model cost, from a day on. The price before stays known.",
        button="Set the price",
        fields=(
            Field("provider", "Provider", hint="As openai."),
            Field("model", "Model", hint="Its exact name."),
            Field("input", "Per million tokens in", hint="As 2.50."),
            Field("output", "Per million tokens out", hint="As 10."),
            Field(
                "currency",
                "Currency",
                value=exchanges.currency(work) or "USD",
                hint="One for all prices.",
            ),
            Field("source", "Where it is written", hint="A contract, or a page and its day."),
            _FROM,
            _REASON,
        ),
        consequences=("Calls that end from now on are counted by the price of their moment.",),
        back=PRICES,
        crumbs=_CRUMBS,
    )


def _set(work: Work, typed: Typed) -> Outcome:
    day = read_day(_begun(typed), "valid_from", required=False)
    exchanges.set_price(
        work,
        Price(
            typed.get("provider", ""),
            typed.get("model", ""),
            typed.get("currency", ""),
            read_amount(typed.get("input", ""), "input"),
            read_amount(typed.get("output", ""), "output"),
            day or work.now,
            typed.get("source", ""),
            reason=typed.get("reason", ""),
        ),
    )
    return PRICES


def _begun(typed: Typed) -> Typed:
    """Let a price hold from the first moment of its day."""
    day = typed.get("valid_from", "")
    whole = f"{day}T00:00:00+00:00" if len(day) == len("2027-01-31") else day
    return {**typed, "valid_from": whole}


def _withdraw_sheet(_work: Work, typed: Typed) -> Sheet:
    return Sheet(
        title="Withdraw a price",
        lede="From then on nobody can tell what the model costs, until a new price is set.",
        button="Withdraw the price",
        fields=(
            Field("provider", "Provider", value=typed.get("provider", "")),
            Field("model", "Model", value=typed.get("model", "")),
            _FROM,
            _REASON,
        ),
        tone="stop",
        back=PRICES,
        crumbs=_CRUMBS,
    )


def _withdraw(work: Work, typed: Typed) -> Outcome:
    exchanges.withdraw_price(
        work,
        typed.get("provider", ""),
        typed.get("model", ""),
        reason=typed.get("reason", ""),
        valid_from=read_day(_begun(typed), "valid_from", required=False),
    )
    return PRICES


SET: Final = Act(AREA, "prices/set", "Say what a model costs.", "exchanges.price", _set_sheet, _set)
WITHDRAW: Final = Act(
    AREA,
    "prices/withdraw",
    "Say that nobody knows what a model costs.",
    "exchanges.price",
    _withdraw_sheet,
    _withdraw,
)

"""What stands in the tables of calls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment.exchanges import COST_UNKNOWN, Exchange, State
from muniment.exchanges.rules import row_begun
from muniment.web.exchanges.cells import cost_words, end_cell, found_cell
from tests.exchanges.making import NOON
from tests.exchanges.rules.test_indexing import BODY, begun

CALL: Exchange = begun(row_begun(BODY, "svc_1", NOON, 7))


@pytest.mark.parametrize(
    ("state", "micros", "words"),
    [
        (State.OPEN, COST_UNKNOWN, "not known yet"),
        (State.ANSWERED, COST_UNKNOWN, "could not tell"),
        (State.ANSWERED, 0, "0.00 EUR"),
        (State.ANSWERED, 1_250_000, "1.25 EUR"),
    ],
)
def test_an_unknown_cost_is_no_nought(state: State, micros: int, words: str) -> None:
    """Nought is written only where it cost nothing."""
    assert cost_words(replace(CALL, state=state, cost_micros=micros), "EUR") == words


def test_what_was_not_looked_at_is_never_clean() -> None:
    """No word of findings where it was not looked at whole; a refused call never left."""
    assert found_cell(replace(CALL, inspected="not", findings=0)).text == "not looked at"
    assert found_cell(replace(CALL, inspected="", findings=0)).text == "could not tell"
    assert found_cell(replace(CALL, findings=0)).text == "nothing"
    refused = replace(CALL, state=State.REFUSED, inspected="not", code="over_limit")
    assert found_cell(refused).text == "3"
    assert end_cell(refused).note == "over limit"

"""How calls are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment.cli.exchanges.words import call_told, cost_words, end_words, read_time
from muniment.core.errors import InvalidError
from muniment.exchanges import State
from tests.web.exchanges.test_cells import CALL


def test_what_nobody_knows_is_no_number() -> None:
    """An unknown cost is null for programs and words for people."""
    assert call_told(CALL)["cost_micros"] is None
    assert cost_words(CALL, "EUR") == "not known yet"
    ended = replace(CALL, state=State.FAILED, code="timeout", cost_micros=0)
    assert (cost_words(ended, "EUR"), end_words(ended)) == ("0.00 EUR", "failed, timeout")
    assert call_told(ended)["cost_micros"] == 0


def test_a_time_names_its_option() -> None:
    """None is none; a wrong one says which option it was."""
    assert read_time("", "since") is None
    with pytest.raises(InvalidError) as caught:
        read_time("soon", "since")
    assert caught.value.field == "since"

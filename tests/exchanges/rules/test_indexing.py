"""What the index takes from an entry."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.exchanges import COST_UNKNOWN, Exchange, State
from muniment.exchanges.rules import (
    CALL,
    ENDING,
    FACTS,
    LEAVING,
    OF_CALL,
    row_begun,
    row_ended,
    row_of_whole,
    row_refused,
    values_of_call,
)
from muniment.exchanges.rules.indexing import graver, lesser
from muniment.ledger import picked
from tests.exchanges.making import NOON

BODY: dict[str, Any] = {
    "exchange": "exc_1",
    "system": "sys_1",
    "environment": "production",
    "key": "key_1",
    "surface": "chat",
    "model": "m",
    "subject": "",
    "set_digest": "sha256:bb",
    "prompt": "sha256:dd",
    "effect": "cure",
    "findings": {"EMAIL_ADDRESS": 2, "PERSON": 1},
    "inspected": "whole",
}
ENDED: dict[str, Any] = {
    "state": "answered",
    "status": 200,
    "reached": "whole",
    "provider_model": "m-1",
    "input_tokens": 1,
    "output_tokens": 2,
    "cost_micros": 3,
    "milliseconds": 4,
    "effect": "allow",
    "findings": {"PERSON": 1},
    "inspected": "part",
    "problem": "",
}


def begun(row: dict[str, Any]) -> Exchange:
    """Give a call as the index knows it once it has begun."""
    known = {name: value for name, value in row.items() if name != "api_key"}
    read = {"key": row["api_key"], "ended_at": None, "state": State(row["state"])}
    return Exchange(**{**known, **read})


def test_what_is_taken_of_entries_is_in_their_order() -> None:
    """Entries are read from their beginning to their end, once."""
    assert list(LEAVING) == sorted(LEAVING)
    assert list(ENDING) == sorted(ENDING)


def test_a_call_begins_open_and_ends_with_both_directions() -> None:
    """Findings of prompt and answer add up; the graver decision stays."""
    row = row_begun(BODY, "svc_1", NOON, 7)
    assert (row["state"], row["findings"], row["first_entry"]) == ("open", 3, 7)
    ended = row_ended(ENDED, NOON, 9, row)
    assert (ended["state"], ended["findings"], ended["effect"]) == ("answered", 4, "cure")
    assert set(ended) <= {*row, "ended_at"}


@given(
    st.fixed_dictionaries(
        {
            "effect": st.sampled_from(["", "allow", "cure", "deny", "odd"]),
            "inspected": st.sampled_from(["", "not", "part", "whole", "odd"]),
            "findings": st.dictionaries(st.sampled_from(["PERSON", "EMAIL"]), st.integers(0, 9)),
        }
    ),
    st.fixed_dictionaries(
        {
            "effect": st.sampled_from(["", "allow", "cure", "deny", "odd"]),
            "inspected": st.sampled_from(["", "not", "part", "whole", "odd"]),
            "findings": st.dictionaries(st.sampled_from(["PERSON", "EMAIL"]), st.integers(0, 9)),
            "reached": st.sampled_from(["none", "part", "whole"]),
            "state": st.sampled_from(["answered", "failed"]),
            "problem": st.text(max_size=90),
        }
    ),
)
def test_a_whole_call_has_the_row_that_its_beginning_and_its_end_make(
    begins: dict[str, Any], ends: dict[str, Any]
) -> None:
    """A call that is read in one go stands as one that was open for a while."""
    first, last = {**BODY, **begins}, {**ENDED, **ends, "exchange": "exc_1", "system": "sys_1"}
    row = row_begun(first, "svc_1", "then", 7)
    row.update(row_ended(last, "now", 9, row))
    said = (("then", first), ("now", {**last, "tools": []}))
    written = [
        msgspec.json.encode({"actor": {"id": "svc_1"}, "at": at, "body": body}, order="sorted")
        for at, body in said
    ]
    left, ended = map(read_facts, ("exchanges.intended", "exchanges.concluded"), written)
    assert row_of_whole(left, 7, ended, 9) == row
    leaving, ending = map(picked, written, (LEAVING, ENDING))
    if leaving is not None and ending is not None:  # a problem may be written in an unusual way
        assert dict(zip(CALL, values_of_call(leaving, 7, ending, 9), strict=True)) == row
        assert leaving[OF_CALL] == ending[OF_CALL] == "exc_1"
    assert leaving is not None
    assert ending is not None or not ends["problem"].isalnum()


def read_facts(kind: str, data: bytes) -> Any:
    """Read what the index needs of an entry."""
    return FACTS[kind](data)


def test_a_refused_call_has_ended() -> None:
    """It never left, so it is not open."""
    row = row_refused({**BODY, "status": 403, "code": "blocked"}, "svc_1", NOON, 7)
    assert (row["state"], row["status"], row["ended_at"]) == ("refused", 403, NOON)
    assert (row["code"], row["cost_micros"]) == ("blocked", 0)


def test_what_was_looked_at_is_the_lesser_of_both_directions() -> None:
    """An answer that was looked at in part makes the call so; one that never came does not."""
    known = row_begun(BODY, "svc_1", NOON, 7)
    assert row_ended(ENDED, NOON, 9, known)["inspected"] == "part"
    assert row_ended({**ENDED, "reached": "none"}, NOON, 9, known)["inspected"] == "whole"
    assert lesser("whole", "odd") == "odd"
    assert row_begun(BODY, "svc_1", NOON, 7)["cost_micros"] == COST_UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("", "allow", "allow"),
        ("deny", "allow", "deny"),
        ("cure", "deny", "deny"),
        ("odd", "deny", "odd"),
    ],
)
def test_the_graver_effect(one: str, other: str, wanted: str) -> None:
    """What is not known is never shown as harmless."""
    assert graver(one, other) == graver(other, one) == wanted

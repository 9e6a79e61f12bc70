"""What the index takes from an entry."""

from __future__ import annotations

from typing import Any

import pytest

from muniment.exchanges.rules import row_begun, row_ended, row_refused
from muniment.exchanges.rules.indexing import graver
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
}


def test_a_call_begins_open_and_ends_with_both_directions() -> None:
    """Findings of prompt and answer add up; the graver decision stays."""
    row = row_begun(BODY, "svc_1", NOON, 7)
    assert (row["state"], row["findings"], row["first_entry"]) == ("open", 3, 7)
    ended = row_ended(ENDED, NOON, 9, row["effect"], row["findings"])
    assert (ended["state"], ended["findings"], ended["effect"]) == ("answered", 4, "cure")
    assert set(ended) <= {*row, "ended_at"}


def test_a_refused_call_has_ended() -> None:
    """It never left, so it is not open."""
    row = row_refused({**BODY, "status": 403}, "svc_1", NOON, 7)
    assert (row["state"], row["status"], row["ended_at"]) == ("refused", 403, NOON)


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

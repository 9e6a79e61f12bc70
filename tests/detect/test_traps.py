"""Disguises are read through: what is found lies where it stands in the original text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment.detect import STANDARD, Policy, Scanner

TRAPS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "traps.jsonl").read_text("utf-8").splitlines()
]
SCANNER = Scanner(layers="patterns")


@pytest.mark.parametrize("row", TRAPS, ids=[str(each["trap"]) for each in TRAPS])
def test_a_disguised_value_is_found_where_it_stands(row: dict[str, str]) -> None:
    """The span is that of the original text, and the masked text has nothing left of it."""
    text, wanted = row["text"], row["find"]
    found = [text[each.start : each.end] for each in SCANNER.scan(text) if each.type == row["type"]]
    assert found == [wanted]
    assert wanted not in SCANNER.protect(text, STANDARD).text


@pytest.mark.parametrize("row", TRAPS, ids=[str(each["trap"]) for each in TRAPS])
def test_a_disguised_value_does_not_slip_through_a_stream(row: dict[str, str]) -> None:
    """Wherever the text is cut, the stream masks what the whole text masks."""
    text, policy = row["text"], Policy("mask")
    whole = SCANNER.protect(text, policy).text
    for at in range(0, len(text) + 1, 3):
        stream = SCANNER.stream(policy)
        assert stream.feed(text[:at]) + stream.feed(text[at:]) + stream.finish() == whole

"""Signals on sentences by hand: those that were missed or wrongly found once are right now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment.detect import Family, Scanner

DATA = Path(__file__).parents[1] / "data"
SCANNER = Scanner(layers="patterns")


@pytest.mark.parametrize(
    "name", ["signals_seen.jsonl", "signals_fresh.jsonl", "signals_second.jsonl"]
)
def test_sentences_that_were_learned_from_stay_right(name: str) -> None:
    """98 in 100 signals are found, and no more than 2 in 100 harmless sentences are."""
    rows = [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]
    told = [
        (bool(row["is"]), any(f.family is Family.SAFETY for f in SCANNER.scan(row["text"])))
        for row in rows
    ]
    signals = [found for wanted, found in told if wanted]
    harmless = [found for wanted, found in told if not wanted]
    assert sum(signals) >= 0.98 * len(signals)
    assert sum(harmless) <= 0.02 * len(harmless)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        *(("signals_third.jsonl", 56), ("signals_fourth.jsonl", 46), ("signals_fifth.jsonl", 80)),
        *(("signals_sixth.jsonl", 46), ("signals_seventh.jsonl", 15)),
    ],
)
def test_sentences_that_were_made_to_be_missed(name: str, least: int) -> None:
    """Of attacks in seven languages so many are found, and no sentence that resembles them."""
    rows = [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]
    told = [
        (bool(row["is"]), any(f.family is Family.SAFETY for f in SCANNER.scan(row["text"])))
        for row in rows
    ]
    assert sum(found for wanted, found in told if wanted) >= least
    assert not any(found for wanted, found in told if not wanted)

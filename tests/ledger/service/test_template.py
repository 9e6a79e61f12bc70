"""Templates: what is written between what all say is what the ordinary way would write."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.actor import Actor
from muniment.core.clock import stamp
from muniment.ledger.service.halves import Source
from muniment.ledger.service.template import NOTHING_AROUND, Around, Template, filled_in
from muniment.testing import START, FixedClock, counting_ids
from muniment.verify import MAX_ENTRY_BYTES
from tests.ledger.service.sampled import INES, Counted
from tests.ledger.service.test_halves import ACTORS, BODIES, NAMES, PLACES, SAFE, TIMES

COUNTED = Source(Counted, lambda each: each, {})


def template(
    sample: object, actor: Actor, holes: list[str], around: Around = NOTHING_AROUND
) -> Template | None:
    """Give what records like this one say."""
    form = COUNTED.form("test")
    assert form is not None
    return filled_in(form, sample, actor, holes, around)


@given(
    sample=st.builds(Counted, NAMES, st.integers(-SAFE, SAFE), BODIES),
    place=st.integers(-SAFE, SAFE),
    what=BODIES,
    actor=ACTORS,
    at=TIMES,
    seq=PLACES,
)
def test_what_is_filled_in_is_the_ordinary_entry(
    sample: Counted, place: int, what: Any, actor: Actor, at: datetime, seq: int
) -> None:
    """Whatever the sample said in the facts that differ, and whoever acts: the same bytes."""
    form, clock = COUNTED.form("test"), FixedClock(at)
    assert form is not None
    for holes, one in (
        (["place"], Counted(sample.thing, place, sample.what)),
        (["place", "what"], Counted(sample.thing, place, what)),
    ):
        like = template(sample, actor, holes)
        assert like is not None
        facts = (place, what)[: len(holes)]
        made = like.write(facts, clock, counting_ids(clock))
        usual = form.write(one, actor, stamp(at), counting_ids(clock))
        assert made is not None
        assert usual is not None
        assert made[0].at_place(seq) == usual[0].at_place(seq)
        assert made.lengths == usual.lengths


@given(st.integers(-SAFE, SAFE))
def test_a_fact_may_differ_in_part(number: int) -> None:
    """What stands around it is written as it would be with it."""
    clock, form = FixedClock(), COUNTED.form("test")
    around = {"what": (b'[{"n":', b',"of":"b"}]')}
    like = template(Counted("a", 1, [{"n": 7, "of": "b"}]), INES, ["what"], around)
    assert like is not None
    assert form is not None
    made = like.write((number,), clock, counting_ids(clock))
    one = Counted("a", 1, [{"n": number, "of": "b"}])
    usual = form.write(one, INES, stamp(START), counting_ids(clock))
    assert made is not None
    assert usual is not None
    assert made[0] == usual[0]


@pytest.mark.parametrize(
    ("sample", "holes"),
    [
        (Counted("a", 2**60), ["what"]),
        (Counted("a", 1, 0.5), ["place"]),
        (Counted("a", 1), ["what", "place"]),
        (Counted("a", 1), ["nothing"]),
    ],
)
def test_nothing_is_learnt_of_what_is_unusual(sample: Counted, holes: list[str]) -> None:
    """What needs refusing, or names no fact, or not in the order of a record."""
    assert template(sample, INES, holes) is None


@pytest.mark.parametrize("what", [0.5, 2**60, "\ud800", "x" * MAX_ENTRY_BYTES])
def test_what_needs_refusing_is_not_written(what: object) -> None:
    """It is left to the ordinary way, which says what is wrong."""
    clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    like = template(Counted("a", 1), INES, ["what"])
    assert like is not None
    assert like.write((what,), clock, counting_ids(clock)) is None

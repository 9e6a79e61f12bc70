"""The two engines find the same."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from muniment.core.errors import UnavailableError
from muniment.detect.service.catalogue import sheets
from muniment.detect.service.engine import Shape, make_engine
from tests.detect import tables

SHAPES = (
    Shape(r"\b\d{3}-?\d{2}\b"),
    Shape(r"[a-c]@[a-c]"),
    Shape(r"(?:^|[^a-z])ab", ignore_case=True),
    Shape(r"\b[A-Z]{2}\d{2}(?: ?\d){2,6}\b"),
    Shape(r"1(?:[ .]?1){2,5}"),
)


@given(st.text(st.sampled_from("aAbB@c1 2-.\u00e4\n"), max_size=60))
@example("1.1.1.1.1 1 1 1.1.1")
@settings(max_examples=300)
def test_both_engines_give_the_same_spans(text: str) -> None:
    """Whatever the text, spans, their order and their ends are equal."""
    data = text.encode()
    assert FAST.spans(data) == SLOW.spans(data)


FAST = make_engine(SHAPES, name="hyperscan")
SLOW = make_engine(SHAPES, name="re2")


def test_spans_are_the_longest_and_none_lies_in_another() -> None:
    """Of the ends of a match the last counts, and a match inside another is not told."""
    assert FAST.spans(b"1 1 1 1") == [(4, 0, 7)]
    assert FAST.name == "hyperscan"
    assert SLOW.name == "re2"


def test_an_engine_that_is_not_there_stops_the_start() -> None:
    """Without an engine there is no scanner that finds nothing."""
    with pytest.raises(KeyError):
        make_engine(SHAPES, name="none")
    for name in ("hyperscan", "re2"):
        with pytest.raises(UnavailableError):
            make_engine([Shape("(")], name=name)


@pytest.mark.parametrize("kind", sorted(each.type for each in sheets())[::9])
def test_the_tables_hold_with_the_other_engine(kind: str) -> None:
    """Where Hyperscan has no wheel, the same examples are judged the same."""
    assert tables.mistakes(kind, engine="re2") == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(each.type for each in sheets()))
def test_every_table_holds_with_the_other_engine(kind: str) -> None:
    """The same for every type."""
    assert tables.mistakes(kind, engine="re2") == []

"""Overlapping findings: one stands, whatever the order in which they came."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from muniment.detect import Family, Finding, Why
from muniment.detect.rules.overlap import resolve


def finding(start: int, end: int, score: float, kind: str = "A") -> Finding:
    """Make a finding."""
    return Finding(kind, Family.PII, start, end, score, Why(kind.lower()))


FINDINGS = st.lists(
    st.builds(
        lambda start, size, score, kind: finding(start, start + size, score, kind),
        st.integers(0, 60), st.integers(1, 15), st.sampled_from([0.5, 0.7, 1.0]),
        st.sampled_from("ABC"),
    ),
    max_size=25,
)  # fmt: skip


def test_the_better_score_wins_then_the_longer() -> None:
    """A longer finding of a worse score gives way, of the same score it wins."""
    better, longer = finding(2, 6, 1.0), finding(0, 9, 0.9)
    assert resolve([longer, better])[0] == [better]
    same = finding(0, 9, 1.0)
    assert resolve([better, same])[0] == [same]


def test_a_name_gives_way_to_a_checked_pattern() -> None:
    """A name the tagger is certain of does not hide an e-mail address."""
    name = Finding("PERSON", Family.NAMES, 0, 5, 1.0, Why("names"), detector="names")
    address = finding(0, 20, 0.99)
    assert resolve([name, address])[0] == [address]


@given(FINDINGS, st.randoms())
def test_the_order_of_detectors_does_not_matter(
    found: list[Finding], chance: random.Random
) -> None:
    """The same findings in any order leave the same standing, none over another, none lost."""
    kept, covered = resolve(found)
    mixed = list(found)
    chance.shuffle(mixed)
    assert resolve(mixed)[0] == kept
    assert not any(one.overlaps(two) for one, two in pairwise(kept))
    assert len(kept) + len(covered) == len(found)
    assert all(any(each.overlaps(one) for one in kept) for each in covered)

"""Corrections of what served, and shares."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import ConflictError, InvalidError
from muniment.registry import Cause, Share
from muniment.registry.rules.serving import corrected, require_shares
from tests.registry.making import AT, NEW, OLD, an_interval

SHARES = (Share(NEW, 100),)


@given(st.integers(0, 10), st.integers(0, 10))
def test_a_correction_leaves_no_gap_and_no_overlap(first: int, last: int) -> None:
    """The pieces follow each other from the beginning of the interval to its end."""
    interval = an_interval((OLD, 100), hours=(0, 10))
    start, end = AT + timedelta(hours=first), AT + timedelta(hours=last)
    if first >= last:
        with pytest.raises(InvalidError):
            corrected(interval, SHARES, start, end)
        return
    pieces = corrected(interval, SHARES, start, end)
    assert pieces[0].starts_at == interval.starts_at
    assert pieces[-1].ends_at == interval.ends_at
    for here, after in pairwise(pieces):
        assert here.ends_at == after.starts_at
    assert [each.shares for each in pieces if each.cause is Cause.CORRECTION] == [SHARES]


def test_what_serves_now_goes_on_after_a_correction() -> None:
    """The open end of an interval stays open."""
    pieces = corrected(an_interval((OLD, 100)), SHARES, AT, AT + timedelta(hours=1))
    assert pieces[-1].ends_at is None
    assert pieces[-1].shares[0].set_digest == OLD


def test_a_correction_stays_within_its_interval_and_is_made_once() -> None:
    """Beyond the interval, or of what was corrected already: refused with the way out."""
    interval = an_interval((OLD, 100), hours=(1, 2))
    with pytest.raises(InvalidError, match="beyond"):
        corrected(interval, SHARES, AT, AT + timedelta(hours=2))
    done = an_interval((OLD, 100), hours=(1, 2))
    object.__setattr__(done, "corrected_at", AT)
    with pytest.raises(ConflictError):
        corrected(done, SHARES, done.starts_at, AT + timedelta(hours=2))


@pytest.mark.parametrize(
    "shares",
    [
        (),
        (Share(OLD, 50),),
        (Share(OLD, 50), Share(OLD, 50)),
        (Share(OLD, 0), Share(NEW, 100)),
        (Share(OLD, 101),),
    ],
)
def test_shares_name_each_set_once_and_make_a_hundred(shares: tuple[Share, ...]) -> None:
    """Anything else would say of some traffic that nobody knows."""
    with pytest.raises(InvalidError):
        require_shares(shares)

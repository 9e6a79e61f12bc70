"""Ids: sorted by birth, of one kind, never guessed from other text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from muniment.core.compiled import compiled
from muniment.core.errors import InvalidError
from muniment.core.ids import IdMaker, born, require_id
from muniment.testing import FixedClock, counting_ids


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(3000, 1, 1)),  # noqa: DTZ001
    st.integers(1, 10**9),
    st.integers(0, 2**80 - 1),
    st.integers(0, 2**80 - 1),
)
@example(datetime(2243, 1, 1), 1, 0, 0)  # noqa: DTZ001
def test_ids_sort_by_birth(at: datetime, later_ms: int, one: int, other: int) -> None:
    """An id made later sorts later, whatever chance adds."""
    clock = FixedClock(at.replace(tzinfo=UTC))
    bits = iter([one, other])
    maker = IdMaker(clock, lambda _bits: next(bits))
    first = maker.new("sys")
    clock.advance(later_ms / 1000)
    assert first < maker.new("sys")


@given(
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=9))])),
    st.text(min_size=1, max_size=70),
    st.text(max_size=70),
)
@example(datetime(1970, 1, 1, tzinfo=UTC), "sys", "0" * 16)
@example(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), "sys", "")
@example(datetime(2000, 2, 29, 23, 59, 59, 999_000, tzinfo=UTC), "p" * 64, "0" * 64)
@example(datetime(2100, 3, 1, tzinfo=UTC), "exc", "z" * 16)
def test_compiled_code_writes_ids_as_python_does(at: datetime, prefix: str, letters: str) -> None:
    """At any time of any zone, of letters of any script."""
    assume(datetime(2, 1, 1, tzinfo=UTC) < at < datetime(9999, 12, 30, tzinfo=UTC))
    maker = IdMaker(FixedClock(at), lambda _bits: 0)
    assert maker.new_at(prefix, at) == born(prefix, at, "0" * 16)
    if compiled is not None:
        made = compiled.born(prefix, at, letters)
        assert made in (born(prefix, at, letters), None)


def test_ids_do_not_repeat() -> None:
    """Ten thousand ids of one millisecond differ."""
    maker = IdMaker(FixedClock())
    assert len({maker.new("sys") for _ in range(10_000)}) == 10_000


def test_many_ids_at_once_are_as_one_by_one() -> None:
    """They share a moment, differ from each other, and follow what was made before."""
    clock = FixedClock()
    one_by_one, at_once = counting_ids(clock), counting_ids(clock)
    assert at_once.many("rec", 3) == [one_by_one.new("rec") for _ in range(3)]
    assert at_once.many("rec", 0) == []
    assert len(set(IdMaker(clock).many("rec", 2_000))) == 2_000


def test_an_id_is_a_prefix_and_26_letters() -> None:
    """The form is fixed, so that other programs can check it."""
    maker = counting_ids(FixedClock(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(milliseconds=7)))
    assert re.fullmatch(r"sys_[0-9a-hjkmnp-tv-z]{26}", maker.new("sys"))
    assert require_id(maker.new("sys"), "sys").startswith("sys_")


GOOD = IdMaker(FixedClock(), lambda _bits: 0xA5 << 72).new("sys")  # the same in every process


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sys_",
        GOOD[:-1],
        GOOD + "0",
        GOOD.upper(),
        GOOD.replace("sys_", "per_"),
        GOOD.removeprefix("sys_"),
        "sys_" + GOOD,
        GOOD[:-1] + "u",
        GOOD[:-1] + "\n",
        GOOD[:-1] + "٣",
        GOOD[:-1] + "é",
        " " + GOOD,
        "sys_" + "../" * 9,
    ],
)
def test_other_text_is_not_taken_for_an_id(text: str) -> None:
    """Text of another prefix, length or alphabet is refused, and the message shows the form."""
    with pytest.raises(InvalidError, match=r"^system: .*not an id of this kind.*look like sys_"):
        require_id(text, "sys", field="system")


@given(st.text(max_size=40))
def test_what_is_accepted_is_plain(text: str) -> None:
    """Whatever passes is short ASCII that needs no escaping anywhere."""
    try:
        require_id(text, "sys")
    except InvalidError:
        return
    assert re.fullmatch(r"sys_[0-9a-z]{26}", text)

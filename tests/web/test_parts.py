"""What partials take: bars add up, sorting is checked, a diff loses no line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.web.parts import (
    Answers,
    Column,
    Sorting,
    diff_lines,
    percent,
    severity_word,
    sort_href,
    sort_state,
    sorting_from,
)

NAME = Column("Name", sort="name")
CALLS = Column("Calls", sort="calls", number=True)
PLAIN = Column("Open")
COUNTS = st.integers(min_value=0, max_value=10_000)


@given(COUNTS, COUNTS, COUNTS)
def test_unknown_is_drawn_as_wide_as_it_is(met: int, not_met: int, unknown: int) -> None:
    """The three parts fill the bar, each as wide as its share."""
    answers = Answers(met, not_met, unknown)
    widths = {part.kind: float(part.width.rstrip("%")) for part in answers.segments}
    if answers.total == 0:
        assert not widths
        return
    assert sum(widths.values()) == pytest.approx(100, abs=0.01)
    assert widths.get("unknown", 0.0) == pytest.approx(100 * unknown / answers.total, abs=0.01)


def test_answers_are_said_in_words() -> None:
    """A bar is never colour alone; what is none is left out."""
    assert Answers(1_247, 1, 3).sentence == "1,247 met, 1 not met, 3 could not tell"
    assert Answers(8, 0, 0).sentence == "8 met"
    assert Answers(0, 0, 0).sentence == "none asked"


def test_sorting_is_read_from_the_address() -> None:
    """A column's name sorts up, with a minus down, and nothing keeps the default."""
    columns = (NAME, CALLS, PLAIN)
    default = Sorting("name")
    assert sorting_from("", columns, default) == default
    assert sorting_from("calls", columns, default) == Sorting("calls")
    assert sorting_from("-calls", columns, default) == Sorting("calls", descending=True)


def test_sorting_by_an_unknown_column_is_refused() -> None:
    """A wrong address names the field and lists what is possible."""
    with pytest.raises(InvalidError) as refused:
        sorting_from("colour", (NAME, CALLS, PLAIN), Sorting("name"))
    assert refused.value.field == "sort"
    assert "name, calls" in refused.value.remedy


def test_a_sort_link_keeps_the_filter_and_drops_the_cursor() -> None:
    """Sorting keeps what was filtered; a cursor belongs to the order before."""
    href = sort_href("risk=high&cursor=abc&sort=name", CALLS, Sorting("name"))
    assert href == "?risk=high&sort=calls"


def test_a_second_click_turns_the_order_round() -> None:
    """The link of the sorted column leads to the other way."""
    assert sort_href("", NAME, Sorting("name")) == "?sort=-name"
    assert sort_href("", NAME, Sorting("name", descending=True)) == "?sort=name"


def test_sort_state_is_the_word_screen_readers_know() -> None:
    """Only the sorted column says how it is sorted."""
    assert sort_state(NAME, Sorting("name")) == "ascending"
    assert sort_state(NAME, Sorting("name", descending=True)) == "descending"
    assert sort_state(CALLS, Sorting("name")) == ""
    assert sort_state(PLAIN, None) == ""


LINES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12)


@given(LINES, LINES)
def test_a_diff_loses_no_line(before: list[str], after: list[str]) -> None:
    """With enough context, both texts can be read back from their diff."""
    lines = diff_lines("\n".join(before), "\n".join(after), context_lines=100)
    if before == after:
        assert lines == ()
        return
    assert [line.text for line in lines if line.before is not None] == before
    assert [line.text for line in lines if line.after is not None] == after


def test_a_diff_signs_its_lines() -> None:
    """Added and removed are told apart without colour."""
    signs = {line.kind: line.sign for line in diff_lines("one\ntwo", "one\nthree")}
    assert signs["added"] == "+"
    assert signs["removed"] == "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("severity", "word"),
    [(0.0, "steady"), (0.1, "moved"), (0.34, "investigate"), (0.5, "act"), (1.0, "act")],
)
def test_a_severity_has_a_word(severity: float, word: str) -> None:
    """A position on the scale is named; a bound belongs to the band above it."""
    assert severity_word(severity)[1] == word


@given(st.floats(allow_nan=False))
def test_a_share_stays_inside_its_bar(share: float) -> None:
    """Whatever is given, a bar is never drawn outside."""
    assert 0 <= float(percent(share).rstrip("%")) <= 100


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("", "a\nb", "Lines 1 to 2 added"),
        ("a", "", "Line 1 removed"),
        ("a", "b", "Line 1 became line 1"),
        ("a\nb", "a\nc\nd", "Lines 1 to 2 became lines 1 to 3"),
    ],
)
def test_a_diff_says_which_lines_became_which(before: str, after: str, says: str) -> None:
    """A new text replaces no line nought, and one line is no range."""
    assert diff_lines(before, after)[0].text == says

"""What changed in a text, as the pages draw it."""

from __future__ import annotations

from muniment.policy import Source, file_diffs
from muniment.web.policy.differing import MOST_LINES_DRAWN, difference, differences


def test_lines_are_drawn_with_what_happened_to_them() -> None:
    """Each line keeps its numbers; lines that are left out are one line that says so."""
    old = [f"line {number}" for number in range(20)]
    drawn = difference("A text", "\n".join(old), "\n".join([*old[:-1], "new"]))
    assert drawn.lines[0].kind == "hunk"
    assert [(each.kind, each.before, each.after) for each in drawn.lines[-2:]] == [
        ("removed", 20, None),
        ("added", None, 20),
    ]
    assert drawn.note == "1 added, 1 removed"


def test_a_text_that_is_the_same_says_so() -> None:
    """An empty difference is a sentence, not an empty box."""
    (line,) = difference("A text", "a\n", "a\n").lines
    assert line.text == "The text is the same, word for word."


def test_a_book_is_drawn_in_part() -> None:
    """Only so many lines are drawn, and how many more there are is said."""
    many = "\n".join(f"line {number}" for number in range(MOST_LINES_DRAWN + 5))
    (drawn,) = differences(file_diffs([], [Source("a.cedar", many)]))
    assert len(drawn.lines) == MOST_LINES_DRAWN + 1
    assert drawn.lines[-1].text.startswith("5 more lines")
    assert drawn.note.startswith("added, ")

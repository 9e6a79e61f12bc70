"""What changed between two texts: nothing is lost, nothing is made up."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.policy import Source, file_diffs, line_changes
from muniment.policy.rules.differing import CONTEXT_LINES, MOST_LINES

LINES = st.lists(st.sampled_from(["a", "b", "", "permit", "}"]), max_size=40)


@given(LINES, LINES)
@settings(max_examples=200)
def test_both_texts_are_in_it(before: list[str], after: list[str]) -> None:
    """What is told as taken away and as new stands at its number; a gap is exactly what is left."""
    told = line_changes("\n".join(before) + "\n", "\n".join(after) + "\n")
    old = ("\n".join(before) + "\n").splitlines()
    new = ("\n".join(after) + "\n").splitlines()
    for line in told:
        if line.before is not None:
            assert old[line.before - 1] == line.text
        if line.after is not None:
            assert new[line.after - 1] == line.text
    gaps = sum(int(each.text.split()[0]) for each in told if each.kind == "gap")
    kinds = [each.kind for each in told]
    if not told:
        assert old == new
        return
    assert kinds.count("same") + kinds.count("removed") + gaps == len(old)
    assert kinds.count("same") + kinds.count("added") + gaps == len(new)


def test_far_lines_are_left_out_and_counted() -> None:
    """Around a change stand three lines; the others are counted."""
    old = [f"line {number}" for number in range(40)]
    new = [*old[:20], "another", *old[21:]]
    told = line_changes("\n".join(old), "\n".join(new))
    assert [each.kind for each in told] == [
        "gap",
        *["same"] * CONTEXT_LINES,
        *("removed", "added"),
        *["same"] * CONTEXT_LINES,
        "gap",
    ]
    assert (told[0].text, told[-1].text) == ("17 unchanged lines", "16 unchanged lines")


def test_files_come_and_go() -> None:
    """A file that is new, gone or changed is told; one that is the same is not."""
    old = [Source("a", "1\n"), Source("b", "2\n"), Source("c", "3\n")]
    new = [Source("b", "2\n"), Source("c", "4\n"), Source("d", "5\n")]
    found = file_diffs(old, new)
    assert [(each.name, each.kind, each.added, each.removed) for each in found] == [
        ("a", "removed", 0, 1),
        ("c", "changed", 1, 1),
        ("d", "added", 1, 0),
    ]


def test_books_are_told_whole_and_soon() -> None:
    """Two books with nothing in common are not laid side by side for ever."""
    many = MOST_LINES + 1
    told = line_changes("a\n" * many, "b\n" * many)
    assert [each.kind for each in told] == ["removed"] * many + ["added"] * many

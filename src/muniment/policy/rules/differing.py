"""What changed in the files of a policy, line by line, with the unchanged lines around it.

Two texts too different to be laid side by side in reasonable time are told as what they are: all of
the one taken away, all of the other new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final

from muniment.policy.models import FileDiff, LineChange, Source

CONTEXT_LINES: Final = 3
MOST_LINES: Final = 2_000


def file_diffs(before: Iterable[Source], after: Iterable[Source]) -> tuple[FileDiff, ...]:
    """List the files that differ, by name, with their lines."""
    old = {each.name: each.text for each in before}
    new = {each.name: each.text for each in after}
    return tuple(
        FileDiff(
            name,
            "added" if name not in old else "changed" if name in new else "removed",
            line_changes(old.get(name, ""), new.get(name, "")),
        )
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def line_changes(before: str, after: str) -> tuple[LineChange, ...]:
    """Lay two texts beside each other; far from every change, lines are left out and counted."""
    old, new = before.splitlines(), after.splitlines()
    return tuple(_shortened(list(_laid(old, new))))


def _laid(old: Sequence[str], new: Sequence[str]) -> Iterator[LineChange]:
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    for place in range(head):
        yield LineChange("same", old[place], place + 1, place + 1)
    yield from _middle(old[head : len(old) - tail], new[head : len(new) - tail], head)
    for place in range(tail, 0, -1):
        was, now = len(old) - place, len(new) - place
        yield LineChange("same", old[was], was + 1, now + 1)


def _middle(old: Sequence[str], new: Sequence[str], offset: int) -> Iterator[LineChange]:
    for kind, a, b, c, d in _steps(old, new):
        if kind == "equal":
            for step in range(b - a):
                at, to = offset + a + step + 1, offset + c + step + 1
                yield LineChange("same", old[a + step], at, to)
            continue
        for place in range(a, b):
            yield LineChange("removed", old[place], before=offset + place + 1)
        for place in range(c, d):
            yield LineChange("added", new[place], after=offset + place + 1)


def _steps(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if max(len(old), len(new)) > MOST_LINES:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """Count the lines that two texts begin with alike."""
    pairs = zip(old, new, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _shortened(lines: Sequence[LineChange]) -> Iterator[LineChange]:
    near = [False] * len(lines)
    for place, line in enumerate(lines):
        if line.kind != "same":
            first = max(0, place - CONTEXT_LINES)
            for at in range(first, min(len(lines), place + CONTEXT_LINES + 1)):
                near[at] = True
    left_out = 0
    for line, kept in zip(lines, near, strict=True):
        if not kept:
            left_out += 1
            continue
        if left_out:
            yield _gap(left_out)
            left_out = 0
        yield line
    if left_out and left_out < len(lines):
        yield _gap(left_out)


def _gap(lines: int) -> LineChange:
    return LineChange("gap", f"{lines:,} unchanged {'line' if lines == 1 else 'lines'}")

"""Tells of a whole text whether what was found in it is found in its parts, wherever they are cut.

A stream decides a text part by part, and a part may end a few words behind a value. So it is told
only where all that was seen lies within words that a stream never cuts apart, and where no word
behind them has a say. What holds of a first look at a text is presumed: see `doubts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from muniment.detect.models import Finding
from muniment.detect.rules import context, doubts
from muniment.detect.rules.judging import Group
from muniment.detect.rules.segments import AFTER_WORDS

_LONGEST: Final = 8_192
# A stream leaves a wider margin than this, and reads at least as far back before each value.
_MOST_WIDE: Final = 80
_MOST_REACH: Final = 96
_BLANK: Final = re.compile(r"\s")
# No word with one of these is quiet or opens a sentence: a stream waits for what follows.
_LOUD: Final = re.compile(r"[0-9@]")
# What may be written in another way, may look like a mask, or opens a private key.
_SIGNS: Final = ("\\", "\r", "%", "&", "[", "-----")
_MOST_QUIET: Final = AFTER_WORDS - 1
Span = tuple[int, int, int]


def is_plain(text: str) -> bool:
    """Tell whether a text is read as it is written, in parts as in the whole, and is not long."""
    if len(text) > _LONGEST or not text.isascii() or any(sign in text for sign in _SIGNS):
        return False
    return not doubts.odd_places(text)


def stand_apart(
    text: str,
    findings: Sequence[Finding],
    seen: tuple[Sequence[Span], Sequence[int]],
    groups: Sequence[Group],
) -> bool:
    """Tell it of findings of patterns, in order of place, and of what an engine saw.

    That are matches of shapes, and where long runs begin.
    """
    spans, runs = seen
    if any(each.detector != "patterns" for each in findings):
        return False
    if any(one.end > other.start for one, other in pairwise(findings)):
        return False
    within = [(*_around(text, each), each) for each in findings]
    behind = _Behind(text)
    return (
        all(end - begin <= _MOST_WIDE and _holds(text[begin:end]) for begin, end, _ in within)
        and all(any(begin <= run + 1 < end for begin, end, _ in within) for run in runs)
        and all(_is_theirs(groups[each[0]], each[1:], within, behind) for each in spans)
    )


class _Behind:
    """The words behind those in which matches lie, read once for all of one place."""

    def __init__(self, text: str) -> None:
        self._page = context.Page(text)
        self._read: dict[Span, frozenset[str]] = {}

    def words(self, ends: Span) -> frozenset[str]:
        """Give them for the end of a match, of its finding and of the words in which both lie."""
        known = self._read.get(ends)
        if known is None:
            known = self._read[ends] = frozenset(self._words(ends))
        return known

    def _words(self, ends: Span) -> Iterator[str]:
        text, last = self._page.text, ends[-1]
        yield from context.words(text[last : last + context.AFTER])
        for end in dict.fromkeys(ends):
            inside = len(context.words(text[end:last])) if end < last else 0
            yield from context.behind(self._page, end)[inside:]


def _is_theirs(
    group: Group,
    place: tuple[int, int],
    within: Sequence[tuple[int, int, Finding]],
    behind: _Behind,
) -> bool:
    """Tell whether a match lies within the words around a finding, and hangs on nothing else."""
    start, end = place
    for begin, last, each in within:
        if begin <= start and end <= last:
            ends = end, each.end, last
            return _is_told(group, start, each) and not _hangs(group, behind.words(ends))
    return False


def _holds(part: str) -> bool:
    """Tell whether a stream takes some words together: never are many of them quiet."""
    quiet = _MOST_QUIET
    for word in part.split():
        if _LOUD.search(word):
            quiet = 0
        elif quiet < _MOST_QUIET:
            quiet += 1
        else:
            return False
    return True


def _around(text: str, each: Finding) -> tuple[int, int]:
    """Give the whole words in which a finding lies."""
    begin = max(text.rfind(" ", 0, each.start), text.rfind("\n", 0, each.start)) + 1
    blank = _BLANK.search(text, each.end)
    return begin, len(text) if blank is None else blank.start()


def _is_told(group: Group, start: int, each: Finding) -> bool:
    """Tell whether a match goes no farther than was seen, or as far as the finding itself."""
    if not group.read_on:
        return True
    pattern = group.patterns[0].pattern
    if len(group.patterns) > 1 or pattern.reach > _MOST_REACH:
        return False
    return pattern.id == each.why.pattern and each.start <= start < each.end


def _hangs(group: Group, behind: frozenset[str]) -> bool:
    """Tell whether a word behind the words in which a match lies has a say in it."""
    return not all(
        ready.phrases.last.isdisjoint(behind) and ready.phrases.keys.isdisjoint(behind)
        for ready in group.patterns
    )

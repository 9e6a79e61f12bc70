"""Where a text may be decided: cuts that depend on the text alone, never on how it arrived.

A text is taken word by word. *Quiet* words (plain words in small letters that announce nothing)
may go at once. From the first *loud* word on, text waits until a few quiet words follow; then
the whole island is scanned once, with what stands before it and those few words after it. A word
that only opens a sentence is as quiet as the others once a quiet one stands behind it. Every
step is a function of the text up to a place which the text itself names, so a text that came in
pieces is decided as one that came whole: that is what makes a stream equal to its whole text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from msgspec import Struct
from msgspec import field as filled

from muniment.detect.rules.hearing import FEW_CHARS, Block, Hearing, few_of
from muniment.detect.rules.openings import goes_on, opens, points_at
from muniment.detect.rules.words import HINGES

LEFT_CHARS: Final = 240
AFTER_WORDS: Final = 3
PHRASE_WORDS: Final = 5
QUIET_CHARS: Final = 600
ISLAND_CHARS: Final = 360
MARGIN_CHARS: Final = 96
_LARGE: Final = 2_048
_HINGE_CHARS: Final = 40
_BLANK: Final = re.compile(r"\s")


class Asked(Struct, frozen=True):
    """What else a plan depends on.

    `since` is up to where the text was looked at, `reach` asks to look beyond a place.
    """

    since: int = 0
    reach: int = 0
    hearing: Hearing = filled(default_factory=Hearing)


class Plan(Struct, frozen=True):
    """What may be done next with a text.

    Up to `free` it may go as it is. If `ready`, it is to be scanned up to `end`: what begins
    before `accept` counts, and the text is decided at least up to `cut`.
    """

    free: int
    accept: int
    cut: int
    end: int
    ready: bool


class Walk(Struct):
    """How far a plan was made: each word is taken once, however often the text grows.

    `at` is the place to go on from, `free` up to where text may go, `start` where the island of
    loud words begins, `cut` where its last loud word ends, and `after` counts the quiet ones since.
    `block` holds the words that come, and `next` is the number of the first of them. While the
    island is one word that may only open a sentence, `opening` is where that begins.
    """

    at: int
    free: int
    start: int
    cut: int
    after: int = 0
    hinge: int = -1
    enough: int = AFTER_WORDS
    block: Block | None = None
    next: int = 0
    opening: int = -1

    @classmethod
    def begin(cls, at: int) -> Walk:
        """Begin at a place."""
        return cls(at, at, -1, at)

    def again(self, text: str, at: int, hearing: Hearing) -> Walk:
        """Begin at a later place of the same text, with the words that were cut already."""
        number = self.block.after(text, at, hearing) if self.block is not None else None
        if number is None:
            return self.begin(at)
        return Walk(at, at, -1, at, block=self.block, next=number)

    def moved(self, by: int) -> None:
        """Go back with a text whose beginning was let go."""
        self.block = None
        self.at -= by
        self.free -= by
        self.cut -= by
        self.start -= by if self.start >= 0 else 0
        self.hinge -= by if self.hinge >= 0 else 0
        self.opening -= by if self.opening >= 0 else 0


def plan(text: str, at: int, asked: Asked, *, final: bool) -> Plan:
    """Say what may be done with a text from a place on."""
    return go_on(text, Walk.begin(at), asked, final=final)


def ends_no_word(chunk: str) -> bool:
    """Tell whether a piece of a text only goes on with a word, as far as it can be told quickly."""
    return " " not in chunk and chunk.isascii() and chunk.isprintable()


def glide(text: str, walk: Walk, since: int, hearing: Hearing) -> int:
    """Go over a few quiet words that came, which is what `go_on` does of them, and quicker.

    Give up to where the text may go; less than nought where there is more to do, and nothing is
    done then.
    """
    part = text[walk.at :]
    said = part.split()
    if walk.start >= 0 or len(part) > FEW_CHARS or not part.isascii():
        return -1
    if " ".join(said) != part.strip(" "):
        return -1
    end = len(text) - (len(part) - len(part.rstrip(" ")))
    if said and part[-1] != " ":
        end -= len(said.pop()) + 1  # more of it may come
    if not said:
        return _first(walk.hinge, walk.free)
    last = said[-1]
    if last in HINGES or end >= since + QUIET_CHARS:
        return -1
    if not hearing.knows_quiet(said):
        begin = walk.at + len(part) - len(part.lstrip(" "))
        if not _opens_only(text, begin, said, hearing):
            return -1
    walk.at = walk.free = end
    walk.hinge = end - len(last)
    return walk.hinge


def _opens_only(text: str, begin: int, said: list[str], hearing: Hearing) -> bool:
    """Tell whether all words are known as quiet but for one that only opens a sentence.

    They stand one space apart.
    """
    number = hearing.known_loud(said)
    if not 0 <= number < len(said) - 1 or not goes_on(said[number + 1]):
        return False
    start = begin + sum(map(len, said[:number])) + number
    return opens(text, start, start + len(said[number]), hearing)


def go_on(text: str, walk: Walk, asked: Asked, *, final: bool) -> Plan:
    """Say what may be done with a text, going on from where an earlier plan had to wait."""
    while True:
        block = walk.block
        if block is None or walk.next >= len(block.ends):
            if block is not None and block.ended:
                return _rest(text, walk, final=final)
            walk.block = block = few_of(text, walk.at, asked.hearing, final=final)
            walk.next = 0
        made = _skip(text, walk, asked, block) if walk.start < 0 else None
        if made is None and walk.start >= 0:
            made = _cross(text, walk, asked, block)
        if made is not None:
            return made


def _skip(text: str, walk: Walk, asked: Asked, block: Block) -> Plan | None:
    """Go over quiet words to the next loud one; give a plan if enough of them went unseen."""
    first, ends = walk.next, block.ends
    loud, opening = _loud(text, block, first, asked.hearing)
    if loud > first:
        due, last = asked.since + QUIET_CHARS, loud - 1
        if ends[last] >= due:
            last = bisect_left(ends, due, first, loud)
        points = opening == last < loud
        walk.hinge = -1 if points else _hinge(text, block, (first, last), walk.hinge)
        walk.at = walk.free = ends[last]
        walk.next = last + 1
        if ends[last] >= due:
            return _look(_first(walk.hinge, walk.free))
    if loud < len(ends):
        walk.start = walk.free = _first(walk.hinge, block.starts[loud])
        walk.opening = block.starts[loud] if opening == loud else -1
    return None


def _loud(text: str, block: Block, first: int, hearing: Hearing) -> tuple[int, int]:
    """Give the number of the next loud word, and that of one that may only open a sentence.

    This is the loud word itself, or the one before it, which only points at it; else none. One
    behind which a quiet word stands already is passed over.
    """
    starts, ends, quiet = block.starts, block.ends, block.quiet
    loud = quiet.find(0, first)
    while loud >= 0 and opens(text, starts[loud], ends[loud], hearing):
        behind = loud + 1
        if behind == len(ends):
            return loud, loud
        said = text[starts[behind] : ends[behind]]
        if not quiet[behind] and points_at(text[starts[loud] : ends[loud]], said, hearing):
            return behind, loud
        if not (quiet[behind] and goes_on(said)):
            break
        loud = quiet.find(0, behind)
    return (len(ends) if loud < 0 else loud), -1


def _cross(text: str, walk: Walk, asked: Asked, block: Block) -> Plan | None:
    """Go over an island of loud words; give the plan for it once enough quiet ones follow."""
    starts, ends, quiet = block.starts, block.ends, block.quiet
    if walk.opening >= 0 and walk.next < len(ends) and starts[walk.next] > walk.opening:
        opening, walk.opening = walk.opening, -1
        said = text[starts[walk.next] : ends[walk.next]]
        if quiet[walk.next] and goes_on(said):
            return _passed(walk, asked, opening)
        if not quiet[walk.next] and points_at(text[opening : walk.at], said, asked.hearing):
            return _passed(walk, asked, -1)
    full = max(walk.start, asked.reach) + ISLAND_CHARS
    for number in range(walk.next, len(ends)):
        start, end = starts[number], ends[number]
        if not quiet[number]:
            walk.cut, walk.after = end, 0
            if asked.hearing.begins_phrase(text[start:end]):
                walk.enough = PHRASE_WORDS
        elif start >= asked.reach and text[start:end] not in HINGES:
            walk.after += 1
        walk.at, walk.next = end, number + 1
        if walk.after >= walk.enough:
            return Plan(walk.free, end, walk.cut, end, ready=True)
        if end >= full:
            return _full(text, walk.free, walk.start, end)
    return None


def _passed(walk: Walk, asked: Asked, hinge: int) -> Plan | None:
    """Pass over a word that only opened a sentence, as over a quiet one."""
    walk.start, walk.after, walk.enough = -1, 0, AFTER_WORDS
    walk.free, walk.hinge = walk.at, hinge
    return _look(_first(hinge, walk.free)) if walk.at >= asked.since + QUIET_CHARS else None


def farther(reach: int, start: int, end: int) -> int:
    """Say how far to look when a finding may go on: the longer it is, the more at once."""
    size = end - start
    return max(reach, start + size + size // 2) if size > _LARGE else reach


def left_of(text: str, start: int) -> int:
    """Say from where on a scan reads: a little before, from the beginning of a word."""
    at = start - LEFT_CHARS
    if at <= 0:
        return 0
    blank = _BLANK.search(text, at - 1, start - 1)
    return at if blank is None else blank.end()


def _first(hinge: int, otherwise: int) -> int:
    return hinge if hinge >= 0 else otherwise


def _hinge(text: str, block: Block, within: tuple[int, int], hinge: int) -> int:
    """Hold the last word, and before it words such as `van` or `de la`: a name may follow."""
    first, last = within
    begin = last
    while begin > first and text[block.starts[begin] : block.ends[begin]] in HINGES:
        begin -= 1
    for number in range(begin, last + 1):
        start, end = block.starts[number], block.ends[number]
        said = text[start:end]
        if said.isspace():
            hinge = -1
        elif hinge < 0 or end - hinge > _HINGE_CHARS or said not in HINGES:
            hinge = start
    return hinge


def _wait(free: int) -> Plan:
    return Plan(free, free, free, free, ready=False)


def _look(upto: int) -> Plan:
    """Look at plain words that have gone already: nothing can be changed, but it is known."""
    return Plan(upto, upto, upto, upto, ready=True)


def _full(text: str, free: int, start: int, end: int) -> Plan:
    """Decide a part of an island that has grown too large, leaving a margin for what follows."""
    cut = begin = end - MARGIN_CHARS
    while begin > start + MARGIN_CHARS and not text[begin - 1].isspace():
        begin -= 1
    cut = begin if begin > start + MARGIN_CHARS else cut
    return Plan(free, cut, cut, end, ready=True)


def _rest(text: str, walk: Walk, *, final: bool) -> Plan:
    size = len(text)
    inside = walk.start >= 0
    if not final:
        return _wait(walk.free if inside else _first(walk.hinge, walk.free))
    return Plan(walk.free if inside else size, size, size, size, ready=True)

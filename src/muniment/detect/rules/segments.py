"""Where a text may be decided: cuts that depend on the text alone, never on how it arrived.

A text is taken word by word. *Quiet* words (plain words in small letters that announce nothing)
may go at once. From the first *loud* word on, text waits until a few quiet words follow; then
the whole island is scanned once, with what stands before it and those few words after it. Every
step is a function of the text up to a place which the text itself names, so a text that came in
pieces is decided as one that came whole: that is what makes a stream equal to its whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from muniment.detect.rules.words import ANNOUNCING, HINGES

LEFT_CHARS: Final = 240
AFTER_WORDS: Final = 3
PHRASE_WORDS: Final = 5
QUIET_CHARS: Final = 600
ISLAND_CHARS: Final = 360
MARGIN_CHARS: Final = 96
RUN_CHARS: Final = 4096
MOST_CHARS: Final = 65_536

# Scripts without spaces between words: each of their characters is a word of its own.
_SINGLE: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
_APOSTROPHE: Final = "\u2019"
_PLAIN: Final = re.compile(
    rf"[(\"'\u201c\u2018]?([a-z]+(?:['{_APOSTROPHE}-][a-z]+)*)[.,;!?)\"'\u201d{_APOSTROPHE}\u2026]*\Z"
)
_AROUND: Final = (
    ".,;!?()'\"\u2026\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb\u00bf\u00a1"
    "\u2013\u2014\u3002\u3001\uff0c\uff1b\uff01\uff1f\u060c\u061b\u061f"
)
_LONGEST_WORD: Final = 24
_MOST_WORDS: Final = 8_192
_LONGEST_END: Final = 100
_LARGE: Final = 2_048
_HINGE_CHARS: Final = 40
_LEAST_NAME: Final = 3
_KEY_OPENS: Final = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY: Final = re.compile(
    r"(?:(?:\s|\\[nr])*(?:[A-Za-z0-9+/=]{16,}|[A-Z][A-Za-z-]{2,30}:[^\r\n\\]{0,200}))*"
)
_KEY_CLOSES: Final = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")


@cache
def _words() -> re.Pattern[str]:
    """Compile what a word is, at the first text: wide ranges of characters take their time."""
    return re.compile(rf"[{_SINGLE}]|[^\s{_SINGLE}]{{1,{RUN_CHARS}}}")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without space."""

    start: int
    end: int
    complete: bool


class Hearing:
    """Tells quiet words from loud ones, and remembers what it told of the words it met last.

    `loud` are words that matter although they look plain, such as those of the organisation's
    terms, and `plain`, if given, are the only plain words that do not matter to the names layer.
    """

    def __init__(
        self, loud: frozenset[str] = frozenset(), plain: frozenset[str] | None = None
    ) -> None:
        self.loud = loud
        self.plain = plain
        self._told: dict[str, bool] = {}

    def is_quiet(self, word: str) -> bool:
        """Tell whether nothing could be found in a word, whatever follows it."""
        told = self._told.get(word)
        if told is None:
            told = is_quiet(word, self.loud, self.plain)
            if len(word) <= _LONGEST_WORD:
                if len(self._told) >= _MOST_WORDS:
                    self._told.clear()
                self._told[word] = told
        return told


@dataclass(frozen=True, slots=True)
class Asked:
    """What else a plan depends on.

    `since` is up to where the text was looked at, `reach` asks to look beyond a place.
    """

    since: int = 0
    reach: int = 0
    hearing: Hearing = field(default_factory=Hearing)


@dataclass(frozen=True, slots=True)
class Plan:
    """What may be done next with a text.

    Up to `free` it may go as it is. If `ready`, it is to be scanned up to `end`: what begins
    before `accept` counts, and the text is decided at least up to `cut`.
    """

    free: int
    accept: int
    cut: int
    end: int
    ready: bool


@dataclass(slots=True)
class Walk:
    """How far a plan was made: each word is taken once, however often the text grows.

    `at` is the place to go on from, `free` up to where text may go, `start` where the island of
    loud words begins, `cut` where its last loud word ends, and `after` counts the quiet ones since.
    """

    at: int
    free: int
    start: int
    cut: int
    after: int = 0
    hinge: int = -1
    enough: int = AFTER_WORDS

    @classmethod
    def begin(cls, at: int) -> Walk:
        """Begin at a place."""
        return cls(at, at, -1, at)

    def moved(self, by: int) -> None:
        """Go back with a text whose beginning was let go."""
        self.at -= by
        self.free -= by
        self.cut -= by
        self.start -= by if self.start >= 0 else 0
        self.hinge -= by if self.hinge >= 0 else 0


def words(text: str, at: int, *, final: bool) -> Iterator[Word]:
    """Give the words from a place on; the last one may still grow unless the text is over.

    A very long run of blanks counts as words too, so that it need not wait for its end.
    """
    size = len(text)
    for match in _words().finditer(text, at):
        start, end = match.span()
        while start - at >= RUN_CHARS:
            yield Word(at, at + RUN_CHARS, complete=True)
            at += RUN_CHARS
        grows = end == size and not final and end - start < RUN_CHARS
        yield Word(start, end, not grows or _is_single(text, start))
        at = end
    while size - at >= RUN_CHARS:
        yield Word(at, at + RUN_CHARS, complete=True)
        at += RUN_CHARS


def is_quiet(word: str, loud: frozenset[str], plain_words: frozenset[str] | None = None) -> bool:
    """Tell whether nothing could be found in a word, whatever follows it."""
    plain = _PLAIN.match(word)
    core = plain[1] if plain is not None else ""
    if plain is None:
        if word.isascii():
            return _is_punctuation(word) or word.isspace()
        core = word.strip(_AROUND)
        if not _is_plain_elsewhere(core):
            return False
    return (
        len(core) <= _LONGEST_WORD
        and core not in ANNOUNCING
        and not _is_loud(core, loud)
        and (plain_words is None or _are_plain(core, plain_words))
    )


def plan(text: str, at: int, asked: Asked, *, final: bool) -> Plan:
    """Say what may be done with a text from a place on."""
    return go_on(text, Walk.begin(at), asked, final=final)


def go_on(text: str, walk: Walk, asked: Asked, *, final: bool) -> Plan:
    """Say what may be done with a text, going on from where an earlier plan had to wait."""
    for word in words(text, walk.at, final=final):
        if not word.complete:
            return _wait(walk.free if walk.start >= 0 else _first(walk.hinge, walk.free))
        walk.at = word.end
        made = _take(text, word, walk, asked)
        if made is not None:
            return made
    return _rest(text, walk, final=final)


def _take(text: str, word: Word, walk: Walk, asked: Asked) -> Plan | None:
    """Take one more word; give the plan if that is enough for one."""
    said = text[word.start : word.end]
    quiet = asked.hearing.is_quiet(said)
    if walk.start < 0:
        if quiet:
            walk.hinge, walk.free = _hinge(said, word, walk.hinge), word.end
            enough = word.end - asked.since >= QUIET_CHARS
            return _look(_first(walk.hinge, walk.free)) if enough else None
        walk.start = walk.free = _first(walk.hinge, word.start)
    if not quiet:
        walk.cut, walk.after = word.end, 0
        if _begins_phrase(said, asked.hearing.loud):
            walk.enough = PHRASE_WORDS
    elif word.start >= asked.reach and said not in HINGES:
        walk.after += 1
    if walk.after >= walk.enough:
        return Plan(walk.free, word.end, walk.cut, word.end, ready=True)
    if word.end - max(walk.start, asked.reach) >= ISLAND_CHARS:
        return _full(text, walk.free, walk.start, word)
    return None


@dataclass(frozen=True, slots=True)
class Key:
    """A private key that begins in a text: up to where it goes, and whether that is known."""

    start: int
    end: int
    known: bool
    closed: bool


def open_key(text: str, start: int, end: int, *, final: bool) -> Key | None:
    """Find a private key that begins in a part of a text and is not over there."""
    for opened in _KEY_OPENS.finditer(text, start, end):
        if _KEY_CLOSES.search(text, opened.end(), end):
            continue
        limit = opened.start() + MOST_CHARS
        closed = _KEY_CLOSES.search(text, opened.end(), limit)
        if closed:
            return Key(opened.start(), closed.end(), known=True, closed=True)
        body = _KEY_BODY.match(text, opened.end(), limit)
        to = body.end() if body else opened.end()
        return Key(opened.start(), to, known=final or len(text) >= limit, closed=False)
    return None


@dataclass(slots=True)
class Waiting:
    """Waits for the end of a private key without looking at all of it for each piece that comes.

    `until` is the length at which the text is looked at in any case; up to `searched` there is no
    end.
    """

    until: int = 0
    searched: int = 0

    @classmethod
    def of(cls, key: Key, text: str) -> Waiting:
        """Wait for the end of a key that is not known."""
        return cls(key.start + MOST_CHARS, len(text))

    def waits(self, text: str) -> bool:
        """Tell whether the end still has not come."""
        unseen = max(0, self.searched - _LONGEST_END)
        if len(text) >= self.until or _KEY_CLOSES.search(text, unseen):
            self.until = 0
        self.searched = len(text)
        return self.until > 0

    def moved(self, by: int) -> None:
        """Go back with a text whose beginning was let go."""
        self.until = max(0, self.until - by)
        self.searched = max(0, self.searched - by)


def farther(reach: int, start: int, end: int) -> int:
    """Say how far to look when a finding may go on: the longer it is, the more at once."""
    size = end - start
    return max(reach, start + size + size // 2) if size > _LARGE else reach


def left_of(text: str, start: int) -> int:
    """Say from where on a scan reads: a little before, from the beginning of a word."""
    at = max(0, start - LEFT_CHARS)
    if at == 0:
        return 0
    while at < start and not text[at - 1].isspace():
        at += 1
    return at if at < start else max(0, start - LEFT_CHARS)


def _first(hinge: int, otherwise: int) -> int:
    return hinge if hinge >= 0 else otherwise


def _hinge(said: str, word: Word, hinge: int) -> int:
    """Hold the last word, and before it words such as `van` or `de la`: a name may follow."""
    if said.isspace():
        return -1
    if hinge < 0 or word.end - hinge > _HINGE_CHARS:
        return word.start
    return hinge if said in HINGES else word.start


def _wait(free: int) -> Plan:
    return Plan(free, free, free, free, ready=False)


def _look(upto: int) -> Plan:
    """Look at plain words that have gone already: nothing can be changed, but it is known."""
    return Plan(upto, upto, upto, upto, ready=True)


def _full(text: str, free: int, start: int, word: Word) -> Plan:
    """Decide a part of an island that has grown too large, leaving a margin for what follows."""
    cut = begin = word.end - MARGIN_CHARS
    while begin > start + MARGIN_CHARS and not text[begin - 1].isspace():
        begin -= 1
    cut = begin if begin > start + MARGIN_CHARS else cut
    return Plan(free, cut, cut, word.end, ready=True)


def _rest(text: str, walk: Walk, *, final: bool) -> Plan:
    size = len(text)
    inside = walk.start >= 0
    if not final:
        return _wait(walk.free if inside else _first(walk.hinge, walk.free))
    return Plan(walk.free if inside else size, size, size, size, ready=True)


def _is_single(text: str, start: int) -> bool:
    return bool(_SINGLE_CHARACTER.match(text, start))


_SINGLE_CHARACTER: Final = re.compile(f"[{_SINGLE}]")


def _is_punctuation(word: str) -> bool:
    return len(word) <= 3 and not any(letter.isalnum() or letter in _HOLDING for letter in word)


_HOLDING: Final = frozenset("@:=#/\\+<>{}[]\"'`$%&|~^*_-")


def _is_plain_elsewhere(core: str) -> bool:
    """Judge a word with letters beyond ASCII; full-width and joined ones are never plain."""
    if any("\uff00" <= letter <= "\uffef" for letter in core):
        return False
    bare = core.replace("-", "").replace("'", "").replace(_APOSTROPHE, "")
    return not core or (bare.isalpha() and core == core.lower())


def _begins_phrase(word: str, loud: frozenset[str]) -> bool:
    """Tell whether a word is one of those that phrases are made of; these reach further."""
    return bool(loud) and word.strip(_AROUND).lower() in loud


def _are_plain(core: str, plain_words: frozenset[str]) -> bool:
    """Ask for each part of a word whether it is known to be plain; short and single ones are."""
    return all(len(part) < _LEAST_NAME or part in plain_words for part in _PARTS.split(core))


def _is_loud(core: str, loud: frozenset[str]) -> bool:
    """Look for own words, also as parts of a word with hyphens."""
    if not loud:
        return False
    return core in loud or any(part in loud for part in _PARTS.split(core))


_PARTS: Final = re.compile(f"['{_APOSTROPHE}-]")

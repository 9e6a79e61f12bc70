"""Tells quiet words from loud ones, and cuts a stretch of a text into them.

A *quiet* word is a plain one in small letters, after which nothing is announced: nothing can be
found in it, whatever follows. Every other word is *loud*.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, count, islice, pairwise
from operator import add
from typing import Final

from msgspec import Struct

from muniment.detect.rules.words import ANNOUNCING

RUN_CHARS: Final = 4096
BLOCK_CHARS: Final = 8192
FEW_CHARS: Final = 240
_BLOCK_WORDS: Final = 1024

# Scripts without spaces between words: each of their characters is a word of its own.
SINGLE: Final = (
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
_LEAST_NAME: Final = 3
_PLAIN_RUN: Final = re.compile(rf"\S{{1,{RUN_CHARS}}}")


@cache
def _words() -> re.Pattern[str]:
    """Compile what a word is, at the first text: wide ranges of characters take their time."""
    return re.compile(rf"[{SINGLE}]|[^\s{SINGLE}]{{1,{RUN_CHARS}}}")


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
    `openings` are words with a capital that need not wait where they only open a sentence.
    """

    def __init__(
        self,
        loud: frozenset[str] = frozenset(),
        plain: frozenset[str] | None = None,
        openings: frozenset[str] = frozenset(),
    ) -> None:
        self.loud = loud
        self.plain = plain
        self.openings = openings
        self._told: dict[str, bool] = {}
        self._plainly: Hearing | None = None

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

    def are_quiet(self, said: list[str]) -> bytearray:
        """Tell it of many words at once: one where a word is quiet, nought where it is loud."""
        told = list(map(self._told.get, said))
        if None in told:
            return bytearray(map(self.is_quiet, said))
        return bytearray(told)  # type: ignore[arg-type]  # none of them is missing

    def knows_quiet(self, said: list[str]) -> bool:
        """Tell whether all of these words are remembered as quiet ones."""
        return all(map(self._told.get, said))

    def known_loud(self, said: list[str]) -> int:
        """Give the number of the only word that is not remembered as quiet; less than nought."""
        told = list(map(self._told.get, said))
        return told.index(False) if told.count(True) == len(told) - 1 and False in told else -1

    def may_open(self, word: str) -> bool:
        """Tell whether a word with a capital only opens a sentence, and is quiet without it."""
        return word in self.openings and self.is_quiet(word.lower())

    def without_openings(self) -> Hearing:
        """Give what hears the same, and has every word with a capital wait."""
        if not self.openings:
            return self
        if self._plainly is None:
            self._plainly = Hearing(self.loud, self.plain)
        return self._plainly

    def begins_phrase(self, word: str) -> bool:
        """Tell whether a word is one of those that phrases are made of; these reach further."""
        return bool(self.loud) and word.strip(_AROUND).lower() in self.loud


class Block(Struct):
    """The complete words of a stretch of a text from `begin` on, and whether the text ends there.

    `even` tells that no blank in it is so long that it counts as words, from where it begins.
    """

    begin: int
    starts: list[int]
    ends: list[int]
    quiet: bytearray
    ended: bool
    even: bool

    def after(self, text: str, at: int, hearing: Hearing) -> int | None:
        """Give the number of the first word from a place on; it may begin inside of a word.

        Nothing is given where the words from there on are not known to be the same.
        """
        if at < self.begin or not self.even:
            return None
        number = bisect_left(self.ends, at + 1)
        if number < len(self.ends) and self.starts[number] < at:
            end = self.ends[number]
            if end - self.starts[number] >= RUN_CHARS:
                return None
            self.starts[number] = at
            self.quiet[number] = hearing.is_quiet(text[at:end])
        return number


def few_of(text: str, at: int, hearing: Hearing, *, final: bool) -> Block:
    """Cut a short stretch into words, or a longer one where not one word of it is whole."""
    few = block_of(text, at, hearing, final=final, most=FEW_CHARS)
    return few if few.starts or few.ended else block_of(text, at, hearing, final=final)


def block_of(
    text: str, at: int, hearing: Hearing, *, final: bool, most: int = BLOCK_CHARS
) -> Block:
    """Cut the next stretch of a text into words; of the last one more may come."""
    limit = min(len(text), at + most)
    ended, even = limit == len(text), True
    if limit - at < RUN_CHARS and text.isascii():
        plain = _evenly(text, at, limit, hearing, whole=final and ended)
        if plain is not None:
            return Block(at, *plain, ended, even=True)
    pattern = _PLAIN_RUN if text.isascii() else _words()
    found = [match.span() for match in pattern.finditer(text, at, limit)]
    if limit - at >= RUN_CHARS and _has_long_blank(found, at, limit):
        even = False
        taken = list(islice(words(text, at, final=final), _BLOCK_WORDS))
        ended = len(taken) < _BLOCK_WORDS
        found = [(word.start, word.end) for word in taken if word.complete]
    elif found and found[-1][1] == limit and not (final and ended):
        start, end = found[-1]
        if end - start < RUN_CHARS and not (ended and _is_single(text, start)):
            found.pop()
    starts, ends = [start for start, _ in found], [end for _, end in found]
    quiet = hearing.are_quiet([text[start:end] for start, end in found])
    return Block(at, starts, ends, quiet, ended, even)


def _evenly(
    text: str, at: int, limit: int, hearing: Hearing, *, whole: bool
) -> tuple[list[int], list[int], bytearray] | None:
    """Cut words that stand one space apart, which is quick; nothing is given of others."""
    part = text[at:limit]
    said = part.split()
    bare = part.strip(" ")
    if " ".join(said) != bare:
        return None
    if said and not whole and part[-1] != " ":
        said.pop()  # more of it may come
    lead = at + len(part) - len(part.lstrip(" "))
    sizes = list(map(len, said))
    starts = list(map(add, accumulate(sizes, initial=lead), count()))  # each behind one space
    starts.pop()
    return starts, list(map(add, starts, sizes)), hearing.are_quiet(said)


def _has_long_blank(found: list[tuple[int, int]], at: int, limit: int) -> bool:
    edges = [(at, at), *found, (limit, limit)]
    return any(one[0] - other[1] >= RUN_CHARS for other, one in pairwise(edges))


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


def _is_single(text: str, start: int) -> bool:
    return bool(_SINGLE_CHARACTER.match(text, start))


_SINGLE_CHARACTER: Final = re.compile(f"[{SINGLE}]")


def _is_punctuation(word: str) -> bool:
    return len(word) <= 3 and not any(letter.isalnum() or letter in _HOLDING for letter in word)


_HOLDING: Final = frozenset("@:=#/\\+<>{}[]\"'`$%&|~^*_-")


def _is_plain_elsewhere(core: str) -> bool:
    """Judge a word with letters beyond ASCII; full-width and joined ones are never plain."""
    if any("\uff00" <= letter <= "\uffef" for letter in core):
        return False
    bare = core.replace("-", "").replace("'", "").replace(_APOSTROPHE, "")
    return not core or (bare.isalpha() and core == core.lower())


def _are_plain(core: str, plain_words: frozenset[str]) -> bool:
    """Ask for each part of a word whether it is known to be plain; short and single ones are."""
    return all(len(part) < _LEAST_NAME or part in plain_words for part in _PARTS.split(core))


def _is_loud(core: str, loud: frozenset[str]) -> bool:
    """Look for own words, also as parts of a word with hyphens."""
    if not loud:
        return False
    return core in loud or any(part in loud for part in _PARTS.split(core))


_PARTS: Final = re.compile(f"['{_APOSTROPHE}-]")

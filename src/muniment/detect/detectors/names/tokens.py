"""Cuts text into words, each with the marks that touch it; training and scanning share this file.

Text is first cut at blanks and line ends into *chunks*, because that is the fastest cut Python
has and because chunks repeat. A chunk is then cut into words: runs of letters and digits. What
stands directly before and after a word inside its chunk is kept as a *mark*, one of a few kinds.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_LETTERS = 24
"""A longer run of letters is never a name, and stands for itself as one unknown word."""

LINE_END = "\n"
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9]+")

MARKS = ("none", "'", "-", ".", ",", ":", ";", "/", "(", ")", '"', "@", "#", "_", "=", "<", "&")
OTHER, _END, _MONEY, _TAB = len(MARKS), len(MARKS) + 1, len(MARKS) + 2, len(MARKS) + 3
MARK_KINDS = _TAB + 1
_ENDS = ".,;:!?)\"'"
"""Marks that stand behind most words that are not alone in their chunk."""

KIND_OF_MARK = {
    **{mark: number for number, mark in enumerate(MARKS)},
    **dict.fromkeys("\u2019\u2018`\u00b4", 1),
    **dict.fromkeys("\u2010\u2011\u2013\u2014\u2212", 2),
    **dict.fromkeys("[{", 8),
    **dict.fromkeys("]}", 9),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u201f", 10),
    **dict.fromkeys(">", 15),
    **dict.fromkeys("!?…", _END),
    **dict.fromkeys("$€£¥%+*", _MONEY),
    **dict.fromkeys("\t\r\xa0\u202f\u2009", _TAB),
}

SHAPES = (
    *("pad", "line end", "mark", "lower", "capital", "capitals", "initial", "short capitals"),
    *("camel", "digits 1", "digits 2", "digits 3", "digits 4", "digits 5", "digits 6"),
    *("digits and lower", "digits and capitals", "foreign", "too long", "inner capital"),
)
_SHAPE_NUMBER = {name: number for number, name in enumerate(SHAPES)}
_LAST_LATIN = "\u024f"
_LATIN_EXTRA = ("\u1e00", "\u1eff")


class Word(NamedTuple):
    """A word of a chunk: where it starts, how it is written, and what touches it."""

    start: int
    text: str
    before: int
    after: int
    shape: int


_new = tuple.__new__


def chunks(text: str) -> list[str]:
    """Cut text at blanks; every line end is a chunk of its own."""
    return text.replace("\n", " \n ").split(" ")


def words(chunk: str) -> list[Word]:
    """Cut one chunk into its words; a chunk of marks alone is one word, an empty one has none."""
    if chunk.isalpha():
        return [_new(Word, (0, chunk, 0, 0, shape_of(chunk)))]
    if not chunk:
        return []
    alone = chunk.rstrip(_ENDS)
    if alone.isalpha():
        after = KIND_OF_MARK[chunk[len(alone)]]
        return [_new(Word, (0, alone, 0, after, shape_of(alone)))]
    result, size, kinds = [], len(chunk), KIND_OF_MARK.get
    for match in (_PLAIN_WORD if chunk.isascii() else _WORD).finditer(chunk):
        start, end = match.span()
        text = match[0]
        before = kinds(chunk[start - 1], OTHER) if start else 0
        after = kinds(chunk[end], OTHER) if end < size else 0
        result.append(_new(Word, (start, text, before, after, shape_of(text))))
    if result:
        return result
    shape, kind = _LINE_END if chunk == LINE_END else _MARK, mark_kind(chunk[0])
    return [Word(0, chunk[:MAX_LETTERS], kind, kind, shape)]


def mark_kind(mark: str) -> int:
    """Give the kind of one mark."""
    return KIND_OF_MARK.get(mark, OTHER)


def shape_number(name: str) -> int:
    """Give the number of a shape by its name."""
    return _SHAPE_NUMBER[name]


_LINE_END, _MARK, _LOWER, _CAPITAL = map(shape_number, ("line end", "mark", "lower", "capital"))
_TOO_LONG, _FOREIGN, _CAMEL = map(shape_number, ("too long", "foreign", "camel"))
_INNER, _MIXED_LOWER = map(shape_number, ("inner capital", "digits and lower"))
_MIXED, _ONE_DIGIT = map(shape_number, ("digits and capitals", "digits 1"))
_ALL_CAPITALS = tuple(map(shape_number, ("initial", *["short capitals"] * 2, "capitals")))


def shape_of(word: str) -> int:
    """Say how a word is written."""
    if len(word) > MAX_LETTERS:
        return _TOO_LONG
    plain = word.isascii()
    if plain and word.isalpha() and word.islower():
        return _LOWER
    if not plain and not _is_latin(word):
        return _FOREIGN
    if word.isalpha():
        return _letters_shape(word)
    if word.isdigit():
        return _ONE_DIGIT + min(len(word), 6) - 1
    return _MIXED_LOWER if word == word.lower() else _MIXED


def _letters_shape(word: str) -> int:
    if word.islower():
        return _LOWER
    if word.isupper():
        return _ALL_CAPITALS[min(len(word), 4) - 1]
    if word[0].isupper():
        if word[1:].islower():
            return _CAPITAL
        return _INNER if word[2:3].isupper() or word.startswith("Mac") else _CAMEL
    return _CAMEL


def _is_latin(word: str) -> bool:
    low, high = _LATIN_EXTRA
    return all(
        letter <= _LAST_LATIN or low <= letter <= high or "\u0300" <= letter <= "\u036f"
        for letter in word
    )

"""By which words systems are found: every end of every word, and which systems have the word.

What stands in the middle of a word begins one of its ends, so an index finds it without a look at
any text. Each word is cut once, however many systems have it. The rows are made of what the
systems' own rows say, in the same transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Select,
    String,
    delete,
    false,
    func,
    insert,
    select,
)

from muniment.db import Work, exempt_table

_MADE_OF: Final = "an index of words, made of registry_systems in the same transaction"
_MOST_WORDS: Final = 200
_MOST_SYSTEMS: Final = 2_000
_MOST_LOOKS: Final = 8
_AT_ONCE: Final = 500
_GATE: Final = {"piece": "", "word": ""}
_LAST: Final = "\U0010ffff"
_A_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 100
_STEP: Final = 50

words_table = exempt_table(
    "registry_words",
    Column(  # in the order of its bytes on both databases, so that a beginning is a range
        "piece",
        String(_STEP).with_variant(String(_STEP, collation="C"), "postgresql"),
        primary_key=True,
    ),
    Column("word", String(_LONGEST), primary_key=True, index=True),
    reason=_MADE_OF,
)

worded_table = exempt_table(
    "registry_worded",
    Column("word", String(_LONGEST), primary_key=True),
    Column(
        "system_id", String(40), ForeignKey("registry_systems.id"), primary_key=True, index=True
    ),
    reason=_MADE_OF,
)

_WORD = words_table.c.word
_PIECE = words_table.c.piece
_WORDED = worded_table.c


def words_of(text: str) -> frozenset[str]:
    """Cut a text into words; a very long one into pieces that overlap, so that none is missed."""
    found: set[str] = set()
    for word in _A_WORD.findall(text.casefold()):
        starts = range(0, max(1, len(word) - _STEP), _STEP)
        found.update(word[first : first + _LONGEST] for first in starts)
    return frozenset(found)


def parts_of(asked: str) -> tuple[str, ...]:
    """Cut what is looked for into what single words must hold, what is likely rare first."""
    found = {word[:_STEP] for word in _A_WORD.findall(asked.casefold())}
    return tuple(sorted(found, key=lambda each: (each.isalpha(), -len(each), each)))


def ends_of(word: str) -> frozenset[str]:
    """List what a word holds from each of its letters on, as far as anybody looks."""
    return frozenset(word[first : first + _STEP] for first in range(len(word)))


def take_turn(work: Work) -> None:
    """Wait until nobody else changes words; those who do come one after the other."""
    work.insert_if_absent(words_table, _GATE)
    work.read(select(_WORD).where(_PIECE == "").with_for_update()).one_or_none()


def index(work: Work, system_id: str, text: str) -> None:
    """Let a system be found by the words of a text, and by no others."""
    wanted = words_of(text)
    had = frozenset(
        row.word for row in work.read(select(_WORDED.word).where(_WORDED.system_id == system_id))
    )
    if wanted == had:
        return
    take_turn(work)
    _add(work, system_id, wanted - had)
    _remove(work, system_id, had - wanted)


def narrowing(work: Work, asked: str, system_id: ColumnElement[str]) -> ColumnElement[bool] | None:
    """Say which systems alone can have these words, where that leaves few of them to look at."""
    for part in parts_of(asked)[:_MOST_LOOKS]:
        found = _words_with(work, part)
        if not found:
            return false()
        if len(found) <= _MOST_WORDS and _few_have(work, found):
            return system_id.in_(_systems_with(found))
    return None


def _words_with(work: Work, part: str) -> list[str]:
    asked = select(_WORD).where(part <= _PIECE, part + _LAST > _PIECE).limit(_MOST_WORDS + 1)
    return [row.word for row in work.read(asked)]


def _few_have(work: Work, words: list[str]) -> bool:
    some = _systems_with(words).limit(_MOST_SYSTEMS + 1).subquery()
    return int(work.read(select(func.count()).select_from(some)).scalar_one()) <= _MOST_SYSTEMS


def _systems_with(words: list[str]) -> Select[Any]:
    return select(_WORDED.system_id).where(_WORDED.word.in_(words))


def _add(work: Work, system_id: str, words: Iterable[str]) -> None:
    for some in _some(words):
        known = {row.word for row in work.read(select(_WORD).where(_WORD.in_(some)))}
        fresh = [each for each in some if each not in known]
        rows = [{"piece": end, "word": each} for each in fresh for end in sorted(ends_of(each))]
        work.write(insert(words_table), rows)
        work.write(insert(worded_table), [{"word": each, "system_id": system_id} for each in some])


def _remove(work: Work, system_id: str, words: Iterable[str]) -> None:
    """Forget words of a system, and those that no system has any more."""
    for some in _some(words):
        work.write(
            delete(worded_table).where(_WORDED.system_id == system_id, _WORDED.word.in_(some))
        )
        left = select(_WORDED.word).where(_WORDED.word.in_(some)).distinct()
        kept = {row.word for row in work.read(left)}
        gone = [each for each in some if each not in kept]
        work.write(delete(words_table).where(_WORD.in_(gone)))


def _some(words: Iterable[str]) -> list[list[str]]:
    ordered = sorted(words)
    return [ordered[first : first + _AT_ONCE] for first in range(0, len(ordered), _AT_ONCE)]

"""What the index and followers need of an entry of the log: a row, or some of what it says.

Compiled code reads it where there is some (`listing.c`), from entries in the form they are written
in; here is what it does, and what is done with others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from muniment.core.compiled import compiled_part
from muniment.ledger.models import Entry

KIND: Final = 2  # its place in a row
KIND_LETTERS: Final = 100
_NAMES_KEPT: Final = 512
_LONGEST_KEPT: Final = 512

OFTEN: Final = 16
"""So many entries of a kind in a bundle keep what they say in the log alone, if the index may."""

Listed = tuple[int, str, str, str, str, str, str, int, str | None]
"""A row of the index: place, id, kind, time, actor, subject, producer, its number, the facts.

Of facts that are none it is known where they stand in the log."""

_ACTORS: Final[dict[bytes, str]] = {}
_SUBJECTS: Final[dict[bytes, str]] = {}


def row_of(entry: Entry) -> Listed:
    """Give the row of an entry, by what it says."""
    value = entry.value
    named = value["actor"], value["subject"], value["producer"]
    actor, subject, producer = _actor(named[0]), _subject(named[1]), str(named[2])[:60]
    actor, subject, producer = map(searchable, (actor, subject, producer))
    return (
        entry.index,
        str(value["id"])[:80],
        str(value["kind"])[:KIND_LETTERS],
        str(value["at"]),
        actor,
        subject,
        producer,
        int(value["seq"]),
        entry.body_text,
    )


class _Sound(msgspec.Struct, gc=False):
    """The members of an entry that is known to be sound; what is alike in many is not read."""

    actor: msgspec.Raw
    at: str
    body: msgspec.Raw
    id: str
    kind: str
    producer: str
    seq: int
    subject: msgspec.Raw


class _Body(msgspec.Struct, gc=False):
    body: msgspec.Raw


class _Part(msgspec.Struct, gc=False):
    actor: dict[str, Any]
    at: str
    body: dict[str, Any]


Picked = tuple[Any, ...]
_DIGITS: Final = 18
_ODD: Final = object()
_EMPTY: Final = object()
_read_part: Final = msgspec.json.Decoder(_Part).decode
_read_body: Final = msgspec.json.Decoder(_Body).decode
_read_sound: Final = msgspec.json.Decoder(_Sound).decode


def rows_of_sound(first: int, data: list[bytes], *, sparing: bool) -> list[Listed]:
    """Give the rows of entries in a row; `sparing` leaves out what those of a frequent kind say.

    `ValueError` means that one is of no usual form.
    """
    if compiled is not None:
        often = OFTEN if sparing else 0
        rows: list[Listed] | None = compiled.rows(first, data, _actor_named, _subject_named, often)
        if rows is not None:
            return rows
    return read_rows(first, data, sparing=sparing)


def read_rows(first: int, data: Sequence[bytes], *, sparing: bool) -> list[Listed]:
    """Do the same in Python."""
    told = list(map(_read_sound, data))
    kinds = Counter([each.kind for each in told]) if sparing else Counter[str]()
    often = {kind for kind, many in kinds.items() if many >= OFTEN}
    return [_row_of(at, one, is_said=one.kind not in often) for at, one in enumerate(told, first)]


def _row_of(index: int, told: _Sound, *, is_said: bool) -> Listed:
    actor, subject = _actor_named(bytes(told.actor)), _subject_named(bytes(told.subject))
    producer = searchable(told.producer[:60])
    text = str(told.body, "utf-8") if is_said else None
    kind = told.kind[:KIND_LETTERS]
    return index, told.id[:80], kind, told.at, actor, subject, producer, told.seq, text


def picked(data: bytes, names: tuple[bytes, ...]) -> Picked | None:
    """Give who made an entry and when, and of what it says what has these names, in their order.

    A text or an integer is given as it is, the sum of an object of integers, and None for a list
    that is empty. Nothing is given where anything is missing or is something else, or is a text or
    a number that is written in more than the plainest way.
    """
    if compiled is not None:
        found: Picked | None = compiled.picked(data, names)
        return found
    return read_picked(data, names)


def read_picked(data: bytes, names: tuple[bytes, ...]) -> Picked | None:
    """Do the same in Python."""
    try:
        told = _read_part(data)
    except ValueError:
        return None
    body = told.body
    found = [_plain(told.actor.get("id")), _plain(told.at)]
    found += [_plain(body.get(name.decode())) for name in names]
    return None if _ODD in found else tuple(None if each is _EMPTY else each for each in found)


def _plain(value: object) -> object:
    if type(value) is str:
        return value if len(msgspec.json.encode(value)) == len(value.encode()) + 2 else _ODD
    if type(value) is int:
        return value if len(str(abs(value))) <= _DIGITS else _ODD
    if type(value) is dict:
        counts = list(value.values())
        is_plain = all(type(each) is int and len(str(each)) <= _DIGITS // 2 for each in counts)
        return sum(counts) if is_plain else _ODD
    return _EMPTY if value == [] else _ODD


def says(data: bytes, words: bytes) -> bool:
    """Tell whether words in small letters stand in bytes, in letters of either size."""
    if compiled is not None:
        found: bool | None = compiled.says(data, words)
        if found is not None:
            return found
    return words in data.lower()


def body_of(data: bytes) -> bytes:
    """Give what an entry says, as it is written."""
    return bytes(_read_body(data).body)


def _actor(actor: Mapping[str, Any]) -> str:
    return f"{actor['kind']}:{actor['id']}"[:120]


def _subject(subject: Mapping[str, Any] | None) -> str:
    return f"{subject['kind']}:{subject['id']}"[:200] if subject else ""


def _actor_named(written: bytes) -> str:
    return _ACTORS.get(written) or _named(written, _actor, _ACTORS)


def _subject_named(written: bytes) -> str:
    known = _SUBJECTS.get(written)
    return _named(written, _subject, _SUBJECTS) if known is None else known


def _named(written: bytes, name: Callable[[Any], str], known: dict[bytes, str]) -> str:
    """Name who did it, or to what, and remember that: thousands of entries say the same."""
    try:
        named = searchable(name(msgspec.json.decode(written)))
    except (LookupError, TypeError) as error:
        raise ValueError("it does not say who") from error
    if len(known) >= _NAMES_KEPT:
        known.clear()
    if len(written) <= _LONGEST_KEPT:
        known[written] = named
    return named


def searchable(text: str) -> str:
    """Give a text as the index keeps it; PostgreSQL keeps no NUL in one."""
    return text.replace("\0", "\ufffd")


compiled: Final = compiled_part("muniment.ledger.store._listing")

"""The row of the index that an entry of the log becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

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


_read_body: Final = msgspec.json.Decoder(_Body).decode
_read_sound: Final = msgspec.json.Decoder(_Sound).decode


def row_of_sound(index: int, data: bytes) -> Listed:
    """Give the row of an entry that is known to be sound, by its bytes: the same as `row_of`.

    `ValueError` means that it is of no usual form.
    """
    return _row_of(index, _read_sound(data), is_said=True)


def rows_of_sound(first: int, data: Sequence[bytes], *, sparing: bool) -> list[Listed]:
    """Give the rows of entries in a row; `sparing` leaves out what those of a frequent kind say."""
    told = list(map(_read_sound, data))
    kinds = Counter([each.kind for each in told]) if sparing else Counter[str]()
    often = {kind for kind, many in kinds.items() if many >= OFTEN}
    return [
        _row_of(at, each, is_said=each.kind not in often) for at, each in enumerate(told, first)
    ]


def _row_of(index: int, told: _Sound, *, is_said: bool) -> Listed:
    by, about = bytes(told.actor), bytes(told.subject)
    actor, subject = _ACTORS.get(by), _SUBJECTS.get(about)
    if actor is None:
        actor = _named(by, _actor, _ACTORS)
    if subject is None:
        subject = _named(about, _subject, _SUBJECTS)
    producer = searchable(told.producer[:60])
    text = str(told.body, "utf-8") if is_said else None
    kind = told.kind[:KIND_LETTERS]
    return index, told.id[:80], kind, told.at, actor, subject, producer, told.seq, text


def body_of(data: bytes) -> bytes:
    """Give what an entry says, as it is written."""
    return bytes(_read_body(data).body)


def _actor(actor: Mapping[str, Any]) -> str:
    return f"{actor['kind']}:{actor['id']}"[:120]


def _subject(subject: Mapping[str, Any] | None) -> str:
    return f"{subject['kind']}:{subject['id']}"[:200] if subject else ""


def _named(written: bytes, name: Callable[[Any], str], known: dict[bytes, str]) -> str:
    """Name who did it, or to what, and remember that: thousands of entries say the same."""
    named = searchable(name(msgspec.json.decode(written)))
    if len(known) >= _NAMES_KEPT:
        known.clear()
    if len(written) <= _LONGEST_KEPT:
        known[written] = named
    return named


def searchable(text: str) -> str:
    """Give a text as the index keeps it; PostgreSQL keeps no NUL in one."""
    return text.replace("\0", "\ufffd")

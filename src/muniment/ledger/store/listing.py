"""The row of the index that an entry of the log becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from muniment.ledger.models import Entry

KIND: Final = 2  # its place in a row
KIND_LETTERS: Final = 100
_NAMES_KEPT: Final = 512
_LONGEST_KEPT: Final = 512

Listed = tuple[int, str, str, str, str, str, str, int, str]
"""A row of the index: place, id, kind, time, actor, subject, producer, its number, the facts."""

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


_read_sound: Final = msgspec.json.Decoder(_Sound).decode


def row_of_sound(index: int, data: bytes) -> Listed:
    """Give the row of an entry that is known to be sound, by its bytes: the same as `row_of`.

    `ValueError` means that it is of no usual form.
    """
    told = _read_sound(data)
    by, about = bytes(told.actor), bytes(told.subject)
    actor, subject = _ACTORS.get(by), _SUBJECTS.get(about)
    if actor is None:
        actor = _named(by, _actor, _ACTORS)
    if subject is None:
        subject = _named(about, _subject, _SUBJECTS)
    producer = searchable(told.producer[:60])
    text = str(told.body, "utf-8")
    kind = told.kind[:KIND_LETTERS]
    return index, told.id[:80], kind, told.at, actor, subject, producer, told.seq, text


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

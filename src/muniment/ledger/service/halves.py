"""An entry in two halves, around its place in the sequence, which only the commit can know.

Canonical JSON sorts its keys, so `seq` stands between a head and a tail that can be made early, on
the caller's thread. A property test holds the joined halves against the ordinary way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from muniment.core.actor import Actor
from muniment.core.canonical import canonical_bytes, flat_bytes
from muniment.core.errors import InvalidError
from muniment.core.ids import IdMaker
from muniment.ledger.kinds.base import kind_of
from muniment.ledger.rules import CLOCK_BACK
from muniment.verify import MAX_ENTRY_BYTES, entry_problem

_FLAG: Final = b',"flags":["%b"]' % CLOCK_BACK.encode()
_KEPT_FREE: Final = 16 + len(_FLAG)  # for the place, and a flag
_LONGEST_SEQ: Final = 16
_REFERENCE_NAMES: Final = ("commit", "ct_len", "ct_sha256", "kid")
_REFERENCE_TEXT: Final = '{"commit":"%s","ct_len":%d,"ct_sha256":"%s","kid":"%s"}'
_USUAL_REFERENCE: Final = re.compile(
    r'\{"commit":"[0-9a-f]{64}","ct_len":[0-9]{1,15},"ct_sha256":"[0-9a-f]{64}",'
    r'"kid":"[A-Za-z0-9_]{1,60}"\}\Z'
)
References = Sequence[Mapping[str, str | int]]
_ABOUT_NOTHING: Final = b',"subject":null,"v":1}'
_SOUND: Final = {
    "v": 1,
    "seq": 1,
    "kind": "room.done",
    "id": "rec",
    "producer": "x",
    "body": {},
    "at": "2026-11-20T14:27:03.118000Z",
    "subject": None,
    "actor": {"kind": "x", "id": "x"},
}


class Halves(NamedTuple):
    """One entry without its place: its id, what stands before the place, and what after."""

    id: str
    head: bytes
    tail: bytes

    def at_place(self, seq: int) -> bytes:
        """Give the whole entry."""
        return b"%b%d%b" % (self.head, seq, self.tail)


def make_halves(what: object, *, actor: Actor, at: str, ids: IdMaker, producer: str) -> Halves:
    """Make the bytes of a record that changes no table."""
    return make_all([what], actor=actor, at=at, ids=ids, producer=producer)[0]


def make_all(
    records: Sequence[object],
    *,
    actor: Actor,
    at: str,
    ids: IdMaker,
    producer: str,
    contents: Sequence[References] = (),
) -> list[Halves]:
    """Make the bytes of records that change no table; `contents` says what each refers to."""
    before = b'{%b,"at":"%b",' % (_checked("actor", actor), at.encode())
    behind = b'%b,"seq":' % _checked("producer", producer)
    if not contents:
        return [_make(what, before, behind, ids.new("rec")) for what in records]
    return [
        _make(what, before, behind, ids.new("rec"), references)
        for what, references in zip(records, contents, strict=True)
    ]


def _make(
    what: object, before: bytes, behind: bytes, record_id: str, references: References = ()
) -> Halves:
    kind = kind_of(what)
    if kind.covers:
        raise InvalidError(
            f"{kind.name} covers a change, so it is recorded with that change",
            field="kind",
            remedy="Use ledger.record in the unit of work that makes the change.",
        )
    facts = kind.body_of(what)
    flat = flat_bytes(facts)
    body = _member("body", facts) if flat is None else b'"body":' + flat
    if references:
        body += b',"content":[%b]' % b",".join(map(_reference, references))
    subject = kind.subject_of(what)
    tail = _ABOUT_NOTHING
    if subject is not None:
        named = flat_bytes(subject) if all(subject.values()) else None
        about = _sound_member("subject", subject) if named is None else b'"subject":' + named
        tail = b',%b,"v":1}' % about
    names = b',"id":"%b","kind":"%b",' % (record_id.encode(), kind.name.encode())
    head = before + body + names + behind
    if len(head) + len(tail) + _KEPT_FREE > MAX_ENTRY_BYTES:
        raise InvalidError(
            f"the entry is longer than {MAX_ENTRY_BYTES} bytes",
            field="body",
            remedy="Keep content outside, encrypted, and record its digest.",
        )
    return Halves(record_id, head, tail)


def flagged(one: Halves) -> Halves:
    """Say in an entry that its producer's clock ran back."""
    before, name, behind = one.head.rpartition(b',"id":"%b",' % one.id.encode())
    return one._replace(head=before + _FLAG + name + behind)


def _reference(given: Mapping[str, str | int]) -> bytes:
    """Write one reference to content; of the usual form quickly, of any other with every check."""
    try:
        written = _REFERENCE_TEXT % tuple(map(given.__getitem__, _REFERENCE_NAMES))
    except (LookupError, TypeError):
        written = ""
    if len(given) == len(_REFERENCE_NAMES) and _USUAL_REFERENCE.match(written):
        return written.encode()
    return _sound_member("content", [dict(given)])[len(b'"content":[') : -1]


def bundle_of(halves: Iterable[Halves], first_seq: int) -> bytes:
    """Join entries at their places, each behind its length."""
    entries = [b"%b%d%b" % (one[1], seq, one[2]) for seq, one in enumerate(halves, first_seq)]
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


@lru_cache(4_096)
def _checked(name: str, value: Actor | str) -> bytes:
    return _sound_member(name, value.as_record() if isinstance(value, Actor) else value)


def _sound_member(name: str, value: object) -> bytes:
    if problem := entry_problem({**_SOUND, name: value}):
        raise InvalidError(problem[1], field=problem[0])
    return _member(name, value)


def _member(name: str, value: object) -> bytes:
    """Write a member of an entry; within the entry, so that its depth and its path are right."""
    return canonical_bytes({name: value})[1:-1]

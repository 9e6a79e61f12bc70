"""An entry in two halves, around its place in the sequence, which only the commit can know.

Canonical JSON sorts its keys, so `seq` stands between a head and a tail that can be made early, on
the caller's thread. A property test holds the joined halves against the ordinary way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from muniment.core.actor import Actor
from muniment.core.canonical import canonical_text
from muniment.core.errors import InvalidError
from muniment.core.ids import IdMaker
from muniment.ledger.kinds.base import kind_of
from muniment.verify import MAX_ENTRY_BYTES

_LONGEST_SEQ: Final = 16


@dataclass(frozen=True, slots=True)
class Halves:
    """One entry without its place: its id, what stands before the place, and what after."""

    id: str
    head: bytes
    tail: bytes

    def at_place(self, seq: int) -> bytes:
        """Give the whole entry."""
        return b"%b%d%b" % (self.head, seq, self.tail)


def make_halves(what: object, *, actor: Actor, at: str, ids: IdMaker, producer: str) -> Halves:
    """Make the bytes of a record that changes no table."""
    kind = kind_of(what)
    if kind.covers:
        raise InvalidError(
            f"{kind.name} covers a change, so it is recorded with that change",
            field="kind",
            remedy="Use ledger.record in the unit of work that makes the change.",
        )
    record_id = ids.new("rec")
    body = canonical_text(kind.body_of(what))
    head = (
        f'{{"actor":{_actor_text(actor)},"at":"{at}","body":{body},"id":"{record_id}",'
        f'"kind":"{kind.name}","producer":{_text(producer)},"seq":'
    )
    subject = kind.subject_of(what)
    about = canonical_text(subject) if subject else "null"
    halves = Halves(record_id, head.encode(), f',"subject":{about},"v":1}}'.encode())
    if len(halves.head) + len(halves.tail) + _LONGEST_SEQ > MAX_ENTRY_BYTES:
        raise InvalidError(
            f"the entry is longer than {MAX_ENTRY_BYTES} bytes",
            field="body",
            remedy="Keep content outside, encrypted, and record its digest.",
        )
    return halves


def bundle_of(halves: Iterable[Halves], first_seq: int) -> bytes:
    """Join entries at their places, each behind its length."""
    entries = [each.at_place(first_seq + n) for n, each in enumerate(halves)]
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def ids_of(halves: Sequence[Halves]) -> list[str]:
    """List the record ids."""
    return [each.id for each in halves]


@lru_cache(4_096)
def _text(text: str) -> str:
    return canonical_text(text)


@lru_cache(4_096)
def _actor_text(actor: Actor) -> str:
    return canonical_text(actor.as_record())

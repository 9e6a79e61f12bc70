"""What many records say, written for all of them at once instead of one after the other.

Each step is one call over the whole batch: the bodies, the subjects, the names of the kinds. What
is unusual or needs refusing is not judged here: then there is no answer, and whoever asked writes
each record by itself, with every check.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Final, NamedTuple

from muniment.core.canonical import canonical_bytes, many_bytes
from muniment.ledger.kinds.base import Kind, kind_of

VALUE_DEPTH: Final = 2  # of what a fact of the body holds, in the entry
ABOUT_NOTHING: Final = b',"subject":null,"v":1}'


class Said(NamedTuple):
    """What stands in the entries of a batch, a text for each: body, kind and subject."""

    bodies: Sequence[bytes]
    kinds: Sequence[bytes]
    subjects: Sequence[bytes]


def said_together(records: Sequence[object]) -> Said | None:
    """Write what records say, if all is usual; `subjects` go on to the end of the entry."""
    holders = list(map(type, records))
    kinds = {
        holder: kind_of(one) for holder, one in dict(zip(holders, records, strict=True)).items()
    }
    columns: list[list[object]] = []
    subjects: dict[type, Iterator[bytes]] = {}
    for holder, kind in kinds.items():
        own = records if len(kinds) == 1 else [one for one in records if type(one) is holder]
        about = _subjects(kind, own)
        if kind.covers or about is None:
            return None
        subjects[holder] = about
        columns += [list(map(attrgetter(name), own)) for name in kind.names]
    bodies = many_bytes(records, columns, depth=VALUE_DEPTH)
    if bodies is None:
        return None
    names = {holder: kind.name.encode() for holder, kind in kinds.items()}
    return Said(
        bodies,
        list(map(names.__getitem__, holders)),
        list(map(next, map(subjects.__getitem__, holders))),
    )


def _subjects(kind: Kind, records: Sequence[object]) -> Iterator[bytes] | None:
    """Write what these records are about; many are about the same."""
    if not kind.subject_field:
        return repeat(ABOUT_NOTHING)
    named = list(map(attrgetter(kind.subject_field), records))
    if set(map(type, named)) != {str} or "" in named or not kind.subject_kind:
        return None
    different = list(set(named))
    written = many_bytes(different, (different,), depth=VALUE_DEPTH)
    if written is None:
        return None
    rest = canonical_bytes(kind.subject_kind)
    texts = {
        one: b',"subject":{"id":%b,"kind":%b},"v":1}' % (text, rest)
        for one, text in zip(different, written, strict=True)
    }
    return map(texts.__getitem__, named)

"""An entry in two halves, around its place in the sequence, which only the commit can know.

Canonical JSON sorts its keys, so `seq` stands between a head and a tail that can be made early, on
the caller's thread. A property test holds the joined halves against the ordinary way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import add, attrgetter
from typing import Any, Final, NamedTuple, Self, overload

from muniment.core.actor import Actor
from muniment.core.canonical import canonical_bytes, deep_bytes, flat_bytes
from muniment.core.errors import InvalidError
from muniment.core.ids import IdMaker
from muniment.core.plain import filled
from muniment.ledger.kinds.base import Kind, kind_of, kind_of_class
from muniment.ledger.rules import CLOCK_BACK, flag_clock, format_bundle
from muniment.ledger.service.ground import split_batch
from muniment.ledger.service.joining import joined
from muniment.ledger.service.made import MADE_HERE
from muniment.ledger.service.together import ABOUT_NOTHING, VALUE_DEPTH, Said, said_together
from muniment.verify import MAX_ENTRY_BYTES, entry_problem

_FLAG: Final = b',"flags":["%b"]' % CLOCK_BACK.encode()
KEPT_FREE: Final = 16 + len(_FLAG)  # for the place, and a flag
_WORTH_JOINING: Final = 8
_REFERENCE_NAMES: Final = ("commit", "ct_len", "ct_sha256", "kid")
_REFERENCE_TEXT: Final = '{"commit":"%s","ct_len":%d,"ct_sha256":"%s","kid":"%s"}'
_USUAL_REFERENCE: Final = re.compile(
    r'\{"commit":"[0-9a-f]{64}","ct_len":[0-9]{1,15},"ct_sha256":"[0-9a-f]{64}",'
    r'"kid":"[A-Za-z0-9_]{1,60}"\}\Z'
)
_COMMIT_BYTES: Final = 32
_SHARED_HEAD: Final = b',"content":[{"commit":"'
_SHARED_TAIL: Final = '","ct_len":%d,"ct_sha256":"%s","kid":"%s"}]'
References = Sequence[Mapping[str, str | int]]
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


@dataclass(frozen=True, slots=True)
class SharedContent:
    """Content of many records that is kept outside as one ciphertext, each with its commitment.

    `commits` holds the commitments one after the other, 32 bytes each, in the records' order.
    """

    kid: str
    ct_sha256: str
    ct_len: int
    commits: bytes = field(repr=False)

    def members(self) -> list[bytes]:
        """Write the member `content` of each record's entry."""
        rest = (self.ct_len, self.ct_sha256, self.kid)
        # What stands behind the first commitment is the same for all, so one look tells of all.
        first = _REFERENCE_TEXT % (self.commits[:_COMMIT_BYTES].hex(), *rest)
        if len(self.commits) % _COMMIT_BYTES or not _USUAL_REFERENCE.match(first):
            raise InvalidError("these are no references to content", field="contents")
        tail = (_SHARED_TAIL % rest).encode()
        digits, width = self.commits.hex().encode(), 2 * _COMMIT_BYTES
        starts = range(0, len(digits), width)
        return [_SHARED_HEAD + digits[at : at + width] + tail for at in starts]


Contents = Sequence[References] | Sequence[SharedContent]


class Halves(NamedTuple):
    """One entry without its place: its id, what stands before the place, and what after."""

    id: str
    head: bytes
    tail: bytes

    def at_place(self, seq: int) -> bytes:
        """Give the whole entry."""
        return b"%b%d%b" % (self.head, seq, self.tail)


@dataclass(slots=True)  # not frozen, which would take twice as long to make; nobody changes one
class ManyHalves(Sequence[Halves]):
    """The halves of many entries in their order, as lists of bytes, which cost less than pairs."""

    ids: Sequence[str] = ()
    heads: Sequence[bytes] = field(default=(), repr=False)
    tails: Sequence[bytes] = field(default=(), repr=False)
    lengths: Sequence[int] = field(default=(), repr=False)

    @classmethod
    def of(cls, ids: Sequence[str], heads: Sequence[bytes], tails: Sequence[bytes]) -> Self:
        """Gather halves, measuring each."""
        return cls(ids, heads, tails, list(map(add, map(len, heads), map(len, tails))))

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Halves: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Halves]: ...
    def __getitem__(self, place: int | slice) -> Halves | Sequence[Halves]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        return Halves(self.ids[place], self.heads[place], self.tails[place])

    def size_bytes(self) -> int:
        """Say how long all of them are, without their places."""
        return sum(self.lengths)

    def bundle(self, first_seq: int) -> bytes:
        """Join the entries at their places, each behind its length."""
        count = len(self)
        places = list(map(b"%d".__mod__, range(first_seq, first_seq + count)))
        parts = [b""] * (4 * count)
        parts[0::4] = _length_prefixes(self.lengths, places)
        parts[1::4], parts[2::4], parts[3::4] = self.heads, places, self.tails
        return b"".join(parts)


def bundle_of(some: Sequence[ManyHalves], first_seq: int) -> bytes:
    """Join the entries of several callers, one after the other, and remember that it was here."""
    if len(some) == 1 and len(some[0].ids) >= _WORTH_JOINING:
        return MADE_HERE.note(some[0].bundle(first_seq))
    heads, tails = [each.heads for each in some], [each.tails for each in some]
    return MADE_HERE.note(joined(heads, tails, first_seq))


def flagged(bundle: bytes) -> bytes:
    """Say in each entry of a bundle that its producer's clock ran back."""
    return format_bundle(map(flag_clock, split_batch(bundle)))


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
    contents: Contents = (),
) -> ManyHalves:
    """Make the bytes of records that change no table; `contents` says what each refers to."""
    if len(records) == 1 and not contents:
        what = records[0]
        form = _form(type(what), producer)  # type: ignore[arg-type]  # mypy does not know its hash
        alone = None if form is None else form.write(what, actor, at, ids)
        if alone is not None:
            return alone
    written = _content_members(contents) if contents else [b""] * len(records)
    before = b'{%b,"at":"%b",' % (checked("actor", actor), at.encode())
    behind = b'%b,"seq":' % checked("producer", producer)
    named = ids.many("rec", len(records))
    said = said_together(records) if len(records) >= _WORTH_JOINING else None
    if said is not None:
        halves = _join(said, before, behind, named, written)
        if max(halves.lengths) + KEPT_FREE <= MAX_ENTRY_BYTES:
            return halves
    each = [
        _make(what, before, behind, record_id, content)
        for what, record_id, content in zip(records, named, written, strict=True)
    ]
    return ManyHalves.of(named, [one.head for one in each], [one.tail for one in each])


class Form(NamedTuple):
    """What entries of a kind by a producer have in common: how facts are read, what stands between.

    The pieces stand around who acted, when, each fact, and the id of the record.
    """

    read: Callable[[object], tuple[object, ...]]
    pieces: tuple[bytes, ...]
    about: str
    about_of: Callable[[object], object] | None
    names: tuple[str, ...]

    def write(self, what: object, actor: Actor, at: str, ids: IdMaker) -> ManyHalves | None:
        """Make the bytes of a usual record; of any other give nothing, nor say what is wrong."""
        record_id = ids.new("rec")
        values = (checked("actor", actor), at, *self.read(what), record_id)
        head = filled(self.pieces, values, VALUE_DEPTH)
        if head is None:
            return None
        tail = self.tail_of(what)
        length = len(head) + len(tail)
        if length + KEPT_FREE > MAX_ENTRY_BYTES:
            return None
        return ManyHalves((record_id,), (head,), (tail,), (length,))

    def tail_of(self, what: object) -> bytes:
        """Write what stands behind the place of a record."""
        about_of = self.about_of
        return ABOUT_NOTHING if about_of is None else _tail(self.about, str(about_of(what)))


@lru_cache(4_096)
def _form(holder: type, producer: str) -> Form | None:
    """Give what records of a class have in common; nothing of one that covers a change."""
    kind = kind_of_class(holder)
    return None if kind is None else _form_of(kind, producer, {}, {})


def _form_of(
    kind: Kind, producer: str, paths: Mapping[str, str], same: Mapping[str, object]
) -> Form | None:
    names = sorted(kind.names)
    read = _reader(tuple(paths.get(name, name) for name in names if name not in same))
    if kind.covers or read is None:
        return None
    pieces, text = [b"{", b',"at":'], b',"body":{'
    for place, name in enumerate(names):
        text += b'%b"%b":' % (b"," if place else b"", name.encode())
        if name in same:
            text += canonical_bytes(same[name])
        else:
            pieces.append(text)
            text = b""
    named = b',"kind":"%b",%b,"seq":' % (kind.name.encode(), checked("producer", producer))
    pieces += [text + b'},"id":', named]
    about = kind.subject_field
    about_of = attrgetter(paths.get(about, about)) if about else None
    open_names = tuple([name for name in names if name not in same])
    return Form(read, tuple(pieces), kind.subject_kind, about_of, open_names)


class Source:
    """What holds the facts of a kind under names of its own, from which entries can be written.

    `make` makes the record of it, which says the same. `paths` tell where a fact stands that has
    another name there; those in `same` are the same for all.
    """

    def __init__(
        self,
        holder: type,
        make: Callable[[Any], object],
        paths: Mapping[str, str],
        same: Mapping[str, object] | None = None,
    ) -> None:
        self.make = make
        self._kind = holder
        self._paths, self._same = dict(paths), dict(same or {})
        self._forms: dict[str, Form | None] = {}

    def form(self, producer: str) -> Form | None:
        """Give what such entries by a producer have in common."""
        try:
            return self._forms[producer]
        except KeyError:
            kind = kind_of_class(self._kind)
            form = None if kind is None else _form_of(kind, producer, self._paths, self._same)
            self._forms[producer] = form
            return form


@lru_cache(4_096)
def _tail(kind: str, named: str) -> bytes:
    about = {"kind": kind, "id": named}
    flat = flat_bytes(about, about.values()) if kind and named else None
    return b',%b,"v":1}' % (
        _sound_member("subject", about) if flat is None else b'"subject":' + flat
    )


def _join(
    said: Said, before: bytes, behind: bytes, ids: Sequence[str], contents: Sequence[bytes]
) -> ManyHalves:
    """Put the heads of many entries together."""
    named = (',"id":"' + '","kind":"\n,"id":"'.join(ids) + '","kind":"').encode().split(b"\n")
    begin, end = [before + b'"body":'] * len(ids), [b'",' + behind] * len(ids)
    heads = map(b"".join, zip(begin, said.bodies, contents, named, said.kinds, end, strict=True))
    return ManyHalves.of(ids, list(heads), said.subjects)


def _make(what: object, before: bytes, behind: bytes, record_id: str, content: bytes) -> Halves:
    kind = kind_of(what)
    if kind.covers:
        raise InvalidError(
            f"{kind.name} covers a change, so it is recorded with that change",
            field="kind",
            remedy="Use ledger.record in the unit of work that makes the change.",
        )
    body = _body(kind, what) + content
    subject = kind.subject_of(what)
    tail = ABOUT_NOTHING
    if subject is not None:
        named = flat_bytes(subject, subject.values()) if all(subject.values()) else None
        about = _sound_member("subject", subject) if named is None else b'"subject":' + named
        tail = b',%b,"v":1}' % about
    names = b',"id":"%b","kind":"%b",' % (record_id.encode(), kind.name.encode())
    head = before + body + names + behind
    if len(head) + len(tail) + KEPT_FREE > MAX_ENTRY_BYTES:
        raise InvalidError(
            f"the entry is longer than {MAX_ENTRY_BYTES} bytes",
            field="body",
            remedy="Keep content outside, encrypted, and record its digest.",
        )
    return Halves(record_id, head, tail)


def _body(kind: Kind, what: object) -> bytes:
    """Write the body; of the usual form quickly, of any other with every check."""
    read = _reader(kind.names)
    flat = deep_bytes(what, read(what), depth=VALUE_DEPTH) if read else None
    return _member("body", kind.body_of(what)) if flat is None else b'"body":' + flat


@lru_cache(512)
def _reader(names: tuple[str, ...]) -> Callable[[object], tuple[object, ...]] | None:
    """Give what reads these fields at once; of a single one it would be no tuple."""
    return attrgetter(*names) if len(names) > 1 else None


def record_count(given: References | SharedContent) -> int:
    """Say of how many records this tells what they refer to."""
    is_shared = isinstance(given, SharedContent)
    return len(given.commits) // _COMMIT_BYTES if is_shared else 1  # type: ignore[union-attr]


def _content_members(contents: Contents) -> list[bytes]:
    """Write what each record refers to, as it stands behind the body of its entry."""
    members: list[bytes] = []
    for each in contents:
        if isinstance(each, SharedContent):
            members += each.members()
        elif each:
            members.append(b',"content":[%b]' % b",".join(map(_reference, each)))
        else:
            members.append(b"")
    return members


def _reference(given: Mapping[str, str | int]) -> bytes:
    """Write one reference to content; of the usual form quickly, of any other with every check."""
    try:
        written = _REFERENCE_TEXT % tuple(map(given.__getitem__, _REFERENCE_NAMES))
    except (LookupError, TypeError):
        written = ""
    if len(given) == len(_REFERENCE_NAMES) and _USUAL_REFERENCE.match(written):
        return written.encode()
    return _sound_member("content", [dict(given)])[len(b'"content":[') : -1]


def _length_prefixes(lengths: Sequence[int], places: Sequence[bytes]) -> list[bytes]:
    """Write the length of each entry, together with its place, in two bytes."""
    wide = list(map(add, lengths, map(len, places)))
    known = {length: length.to_bytes(2, "big") for length in set(wide)}
    return list(map(known.__getitem__, wide))


@lru_cache(4_096)
def checked(name: str, value: Actor | str) -> bytes:
    """Write a member of an entry that many have, judged once."""
    return _sound_member(name, value.as_record() if isinstance(value, Actor) else value)


def _sound_member(name: str, value: object) -> bytes:
    if problem := entry_problem({**_SOUND, name: value}):
        raise InvalidError(problem[1], field=problem[0])
    return _member(name, value)


def _member(name: str, value: object) -> bytes:
    """Write a member of an entry; within the entry, so that its depth and its path are right."""
    return canonical_bytes({name: value})[1:-1]

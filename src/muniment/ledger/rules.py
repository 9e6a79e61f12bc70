"""What a writer of the ledger needs and a verifier does not: making entries, tiles, signatures.

Pure: values in, values out; no file, no clock, no key. Hashing, formats and the shape of an entry
come from `muniment.verify`, so that what is written and what is checked can never drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any, Final

import msgspec

from muniment.core.canonical import canonical_bytes, parse_canonical
from muniment.core.errors import InvalidError
from muniment.verify import (
    COSIGNATURE,
    ED25519,
    ENTRY_MEMBERS,
    HASH_BYTES,
    MAX_ENTRY_BYTES,
    MAX_SAFE_INTEGER,
    PROOF_HEADER,
    TILE_WIDTH,
    Checkpoint,
    FormatError,
    Key,
    NodeReader,
    Note,
    Proof,
    Signature,
    TileTree,
    cosigned_message,
    edge_tiles,
    encode_base64,
    entry_problem,
    fold_peaks,
    format_checkpoint,
    parse_at,
    parse_bundle,
    parse_entry,
    peaks_of,
    perfect_root,
    range_root,
)

ENTRY_VERSION: Final = 1
CLOCK_BACK: Final = "clock_back"
_TILE_BYTES: Final = TILE_WIDTH * HASH_BYTES
_LENGTH_BYTES: Final = 2

Sign = Callable[[bytes], bytes]
"""Signs bytes with an Ed25519 key that stays wherever it is kept."""


# --- Entries -------------------------------------------------------------------------------------


def validate_entry(entry: Mapping[str, object]) -> bytes:
    """Give the bytes of an entry that will stand in the ledger, or say which member is wrong."""
    if unknown := entry.keys() - ENTRY_MEMBERS:
        raise InvalidError(
            "is not a member of an entry", field=min(unknown), remedy="Put it into the body."
        )
    if problem := entry_problem(entry):
        raise InvalidError(problem[1], field=problem[0])
    if entry["v"] != ENTRY_VERSION:
        raise InvalidError(f"must be {ENTRY_VERSION}", field="v")
    data = canonical_bytes(dict(entry))
    if len(data) > MAX_ENTRY_BYTES:
        raise InvalidError(
            f"the entry is {len(data)} bytes long, and {MAX_ENTRY_BYTES} is the most",
            field="body",
            remedy="Keep content outside, encrypted, and record its digest.",
        )
    return data


def flag_clock(entry: bytes) -> bytes:
    """Say in a sound entry that its producer's clock ran back."""
    value = parse_canonical(entry)
    return validate_entry({**value, "flags": [*value.get("flags", ()), CLOCK_BACK]})


# Whole numbers in range, at most six levels; all else goes the exact way.
_Quick: Any = Annotated[int, msgspec.Meta(ge=-MAX_SAFE_INTEGER, le=MAX_SAFE_INTEGER)]
_Quick = _Scalar = _Quick | str | bool | None
for _ in range(6):
    _Quick = _Scalar | dict[str, _Quick] | list[_Quick]
_decode_quickly = msgspec.json.Decoder(dict[str, _Quick]).decode
_encode_quickly = msgspec.json.Encoder(order="sorted").encode


def read_entry(data: bytes) -> dict[str, Any]:
    """Read an entry as the verifier does, with a faster library where that gives the same."""
    try:
        value: dict[str, Any] = _decode_quickly(data)
    except ValueError:
        return parse_entry(data)
    return value if data.isascii() and _encode_quickly(value) == data else parse_entry(data)


_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Count = Annotated[int, msgspec.Meta(ge=1, le=MAX_SAFE_INTEGER)]


class _Usual(msgspec.Struct, forbid_unknown_fields=True):
    """An entry that has every member it must have and no other, in the order of its bytes."""

    actor: dict[str, _Quick]
    at: str
    body: dict[str, _Quick]
    id: _Text
    kind: Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")]
    producer: _Text
    seq: _Count
    subject: dict[str, _Quick] | None
    v: _Count


_decode_usual = msgspec.json.Decoder(_Usual).decode


def read_sound_entry(data: bytes) -> dict[str, Any]:
    """Read an entry that has every member in its right shape, or say what is wrong with it.

    Its shape is looked at while it is decoded; only what is not of the usual form is read exactly.
    """
    try:
        usual = _decode_usual(data)
    except ValueError:
        return _read_exactly(data)
    subject = usual.subject
    if (
        not data.isascii()
        or _encode_quickly(usual) != data
        or parse_at(usual.at) is None
        or not _is_named(usual.actor)
        or not (subject is None or _is_named(subject))
    ):
        return _read_exactly(data)
    return {
        "actor": usual.actor,
        "at": usual.at,
        "body": usual.body,
        "id": usual.id,
        "kind": usual.kind,
        "producer": usual.producer,
        "seq": usual.seq,
        "subject": subject,
        "v": usual.v,
    }


def _is_named(value: Mapping[str, object]) -> bool:
    kind, name = value.get("kind"), value.get("id")
    return type(kind) is str and type(name) is str and kind != "" != name


def _read_exactly(data: bytes) -> dict[str, Any]:
    value = parse_entry(data)
    if problem := entry_problem(value):
        raise FormatError(" ".join(problem))
    return value


# --- The growing tree ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TileWrite:
    """A tile, or with the level "entries" a bundle, that has to be written."""

    level: int | str
    number: int
    width: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all it takes to append, however many entries came before."""

    size: int = 0
    rows: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """Give the root of the whole tree."""
        peaks: list[bytes] = []
        for row in self.rows:
            peaks = peaks_of(_hashes(row)) + peaks
        return fold_peaks(peaks)


@dataclass(frozen=True, slots=True)
class Growth:
    """What appending did: the new edge, and the tiles to make durable before signing it."""

    frontier: Frontier
    tiles: tuple[TileWrite, ...]


def append_leaves(frontier: Frontier, leaf_hashes: Sequence[bytes]) -> Growth:
    """Grow a tree by some leaf hashes."""
    rows: list[bytes] = []
    tiles: list[TileWrite] = []
    added, level = b"".join(leaf_hashes), 0
    while added or level < len(frontier.rows):
        row = (frontier.rows[level] if level < len(frontier.rows) else b"") + added
        number = frontier.size // TILE_WIDTH ** (level + 1)
        full = len(row) // _TILE_BYTES
        cuts = [row[i * _TILE_BYTES : (i + 1) * _TILE_BYTES] for i in range(full)]
        tiles += [TileWrite(level, number + i, TILE_WIDTH, cut) for i, cut in enumerate(cuts)]
        rest = row[full * _TILE_BYTES :]
        if rest and added:
            tiles.append(TileWrite(level, number + full, len(rest) // HASH_BYTES, rest))
        rows.append(rest)
        added, level = b"".join(perfect_root(_hashes(cut)) for cut in cuts), level + 1
    return Growth(Frontier(frontier.size + len(leaf_hashes), tuple(rows)), tuple(tiles))


def load_frontier(size: int, read_tile: Callable[[int, int, int], bytes]) -> Frontier:
    """Rebuild the edge of a tree from its partial tiles, read as (level, number, width)."""
    rows: list[bytes] = []
    for level, number, width in edge_tiles(size):
        data = read_tile(level, number, width)[: width * HASH_BYTES]
        if len(data) != width * HASH_BYTES:
            raise InvalidError(
                f"tile {level}/{number} holds fewer than {width} hashes",
                field="tile",
                remedy="Restore it, or rebuild the tiles from the entries.",
            )
        rows += [b""] * (level - len(rows)) + [data]
    return Frontier(size, tuple(rows))


def _hashes(row: bytes) -> list[bytes]:
    return [row[i : i + HASH_BYTES] for i in range(0, len(row), HASH_BYTES)]


@dataclass(frozen=True, slots=True)
class Packed:
    """The bundles to write, and the bytes of the last one while it is not full."""

    bundles: tuple[TileWrite, ...]
    rest: bytes


def pack_bundles(size: int, rest: bytes, entries: Iterable[bytes]) -> Packed:
    """Cut entries that follow a log of this size into bundles, beginning with its partial one."""
    some = list(entries)
    return pack_written(size, rest, list(map(len, some)), rest + format_bundle(some))


def pack_written(size: int, rest: bytes, lengths: Sequence[int], data: bytes) -> Packed:
    """Do the same with entries that stand in `data`, behind the rest, as they do in a bundle."""
    number, held = divmod(size, TILE_WIDTH)
    if len(parse_bundle(rest)) != held:
        raise InvalidError(
            f"the partial bundle of a log of {size} holds {held} entries", field="rest"
        )
    bundles, at = list[TileWrite](), 0
    begin, end = len(rest), held + len(lengths)
    for first in range(0, end, TILE_WIDTH):
        width = min(TILE_WIDTH, end - first)
        some = lengths[max(0, first - held) : first - held + width]
        begin += sum(some) + _LENGTH_BYTES * len(some)
        bundles.append(TileWrite("entries", number, width, data[at:begin]))
        number, at = number + 1, begin
    is_partial = bool(bundles) and bundles[-1].width < TILE_WIDTH
    return Packed(tuple(bundles), bundles[-1].data if is_partial else b"")


# --- Signing -------------------------------------------------------------------------------------


def sign_checkpoint(checkpoint: Checkpoint, key: Key, sign: Sign) -> Note:
    """Sign the head of a log under its own name."""
    if key.type != ED25519 or key.name != checkpoint.origin:
        raise InvalidError(
            f"{key} cannot sign for {checkpoint.origin!r}",
            field="key",
            remedy="The key's name is the log's origin, and its type Ed25519.",
        )
    text = format_checkpoint(checkpoint)
    return Note(text, (Signature(key.name, key.id, sign(text.encode())),))


def cosign(note: Note, key: Key, at_posix_s: int, sign: Sign) -> Signature:
    """Sign a checkpoint as a witness who has seen that it only grew."""
    if key.type != COSIGNATURE:
        raise InvalidError(
            f"{key} is not a witness's key", field="key", remedy="Its type must be cosignature/v1."
        )
    if at_posix_s < 0:
        raise InvalidError("the time lies before 1970", field="at_posix_s")
    signed = sign(cosigned_message(note.text, at_posix_s))
    return Signature(key.name, key.id, at_posix_s.to_bytes(8, "big") + signed)


def with_signatures(note: Note, more: Iterable[Signature]) -> Note:
    """Add signatures to a note, a newer one by the same key taking the place of the older."""
    signatures = {(one.name, one.key_id): one for one in (*note.signatures, *more)}
    return Note(note.text, tuple(signatures.values()))


# --- Bundles and notes ----------------------------------------------------------------------------


def format_bundle(entries: Iterable[bytes]) -> bytes:
    """Write entries one after another, each behind its length."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise FormatError(f"an entry is at most {MAX_ENTRY_BYTES} bytes, not {len(entry)}")
        parts.append(len(entry).to_bytes(2, "big") + entry)
    return b"".join(parts)


def format_note(note: Note) -> bytes:
    """Write a signed note."""
    return (note.text + "\n" + "".join(s.line for s in note.signatures)).encode()


# --- Proofs --------------------------------------------------------------------------------------


def inclusion_proof(node: NodeReader, index: int, size: int, width: int = 1) -> list[bytes]:
    """Prove that an entry, or the perfect tree of so many above it, is in the tree of this size."""
    if not 0 <= index < size:
        raise FormatError(f"no entry {index} in a tree of {size}")
    proof, start, end = [], 0, size
    while end - start > width:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            proof.append(range_root(node, middle, end))
            end = middle
        else:
            proof.append(range_root(node, start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(node: NodeReader, old: int, new: int) -> list[bytes]:
    """Prove that the tree of the old size is the beginning of the tree of the new size."""
    if not 0 <= old <= new:
        raise FormatError(f"a tree of {new} cannot continue a tree of {old}")
    if old in {0, new}:
        return []
    proof, start, end, whole = [], 0, new, True
    while end != old:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if old <= middle:
            proof.append(range_root(node, middle, end))
            end = middle
        else:
            proof.append(range_root(node, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(range_root(node, start, end))
    return proof[::-1]


def prove_many(tree: TileTree, indices: Iterable[int], size: int) -> dict[int, list[bytes]]:
    """Prove many entries, reading and hashing each tile only once."""
    proofs: dict[int, list[bytes]] = {}
    for number, some in groupby(sorted(set(indices)), lambda n: n // TILE_WIDTH):
        if not 0 <= number < size // TILE_WIDTH:  # the edge has no perfect tree of its own
            proofs |= {index: inclusion_proof(tree.node, index, size) for index in some}
            continue
        rows = tree.rows(0, number)[:8]
        above = inclusion_proof(tree.node, number * TILE_WIDTH, size, TILE_WIDTH)
        for index in some:
            place = index % TILE_WIDTH
            proofs[index] = [row[place >> level ^ 1] for level, row in enumerate(rows)] + above
    return proofs


def format_proof(proof: Proof) -> bytes:
    """Write a proof file."""
    lines = [PROOF_HEADER]
    if proof.extra is not None:
        lines.append(f"extra {encode_base64(proof.extra)}")
    lines += [f"index {proof.index}", *map(encode_base64, proof.hashes), "", ""]
    return "\n".join(lines).encode() + proof.checkpoint
